/**
 * Queues of work: Gearman (gearman.org, "Administrative Protocol") and beanstalkd (its doc/protocol.txt).
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf } from '../../text.ts';

/** A second line that nobody knows: its refusal is in Gearman's own words. */
export const gearman: Protocol = {
  name: 'gearman',
  transport: 'tcp',
  ports: [4730],
  request: { cost: 8, bytes: () => bytesOf('version\r\nportolan\r\n') },
  parse: parseGearman,
  isWhole: (bytes) => parseGearman(bytes)?.facts['version'] !== undefined,
  products: [
    {
      when: { version: /^(\d[\w.]*)/ },
      product: 'Gearman Job Server',
      version: '$1',
      cpe: 'a:gearman:gearman',
    },
  ],
};

/** Tubes with jobs. */
export const beanstalk: Protocol = {
  name: 'beanstalkd',
  transport: 'tcp',
  ports: [11300],
  request: { cost: 8, staysAtHello: true, bytes: () => bytesOf('stats\r\n') },
  parse: parseBeanstalk,
  isWhole: (bytes) => {
    const [head = ''] = linesOf(bytes, 1);
    const length = /^OK (\d{1,5})$/.exec(head)?.[1];
    return length !== undefined && bytes.length >= head.length + 4 + Number(length);
  },
  products: [{ when: { version: /^(\d[\w.+-]*)$/ }, product: 'beanstalkd', version: '$1' }],
};

function parseGearman(bytes: Uint8Array): Parsed | undefined {
  const [first = '', second = ''] = linesOf(bytes, 2);
  const isStrange = (line: string) => line.startsWith('ERR UNKNOWN_COMMAND Unknown+server+command');
  const [, version] = /^OK (\d[\w.+~-]{0,30})$/.exec(first) ?? [];
  if (version !== undefined && isStrange(second)) return { facts: { version } };
  return isStrange(first) ? { facts: {}, isAside: true } : undefined;
}

function parseBeanstalk(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes);
  if (/^OK \d{1,5}$/.test(lines[0] ?? '') && lines[1] === '---' && /^current-jobs-/.test(lines[2] ?? ''))
    return { facts: statisticsOf(lines) };
  // It says so to each line that it does not know.
  const isLost = lines.length > 0 && lines.every((line) => line === 'UNKNOWN_COMMAND');
  return isLost && beginsWith(bytes, 'UNKNOWN_COMMAND\r\n') ? { facts: {}, isAside: true } : undefined;
}

function statisticsOf(lines: readonly string[]): Facts {
  const facts: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^(version|hostname|platform): "?([^"]{1,100})"?$/.exec(line) ?? [];
    if (name !== '') facts[name] ??= value;
  }
  return facts;
}
