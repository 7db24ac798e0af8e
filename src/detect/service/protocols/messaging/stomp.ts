/**
 * STOMP 1.2 (stomp.github.io): frames of text that end with a zero. Nobody connects: a server says in words of its own
 * that it does not know a command.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { bytesOf, linesOf } from '../../text.ts';

/** Messages in text. */
export const stomp: Protocol = {
  name: 'stomp',
  transport: 'tcp',
  ports: [61613],
  tlsPorts: [61614],
  request: { cost: 8, toStrangers: 'waits', staysAtHello: true, bytes: () => bytesOf('PORTOLAN\n\n\0') },
  parse,
  isWhole: (bytes) => bytes.includes(0),
  products: [
    {
      when: { server: /^RabbitMQ\/(\d[\w.]*)/ },
      product: 'RabbitMQ',
      version: '$1',
      cpe: 'a:vmware:rabbitmq',
    },
    { when: { detail: /org\.apache\.activemq\./ }, product: 'Apache ActiveMQ', cpe: 'a:apache:activemq' },
    {
      when: { message: /^AMQ\d{6}\b/ },
      product: 'Apache ActiveMQ Artemis',
      cpe: 'a:apache:activemq_artemis',
    },
  ],
};

/** An error, or the frame of who is let in, with a header that they have. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const [command = '', ...lines] = linesOf(bytes, 32, true);
  if (command !== 'ERROR' && command !== 'CONNECTED') return undefined;
  const end = lines.indexOf('');
  const headers = new Map(
    lines.slice(0, end < 0 ? lines.length : end).flatMap((line) => {
      const [, name = '', value = ''] = /^([a-z-]{1,40}): ?(.{1,300})$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  const [message, version, server] = ['message', 'version', 'server'].map((name) => headers.get(name));
  if (end < 0 || (command === 'ERROR' ? message : version) === undefined) return undefined;
  const detail = lines[end + 1]?.replaceAll('\0', '').slice(0, 200).trim();
  return {
    facts: {
      ...(message !== undefined && { message }),
      ...(version !== undefined && { versions: version.split(',') }),
      ...(server !== undefined && { server }),
      ...(detail !== undefined && detail !== '' && { detail }),
    },
  };
}
