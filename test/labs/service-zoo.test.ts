/**
 * Servers that mean no good beside honest ones: what is told of the honest ones is the same; memory is bounded;
 * nothing that they say reaches a screen or a file but as printable text.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceFact } from '../../src/model/service-fact.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { portolanCommand } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { ready, scriptCommand } from '../net/lab/script.ts';
import { honest, hostileNames } from '../net/lab/zoo.ts';

const missing = labMissing();
const [firstHostile, firstHonest, babel] = [7100, 7200, 7300] as const;
const ports = `${firstHonest}-${firstHonest + honest.length - 1},${firstHostile}-${firstHostile + hostileNames.length - 1},1-100`;
const formats = {
  '-oJ': 'ndjson',
  '-oX': 'xml',
  '-oG': 'gnmap',
  '-oC': 'csv',
  '-oN': 'txt',
  '--html': 'html',
} as const;

/** A scan: what it told, what it wrote, and how much memory it took. */
interface Look {
  readonly services: ReadonlyMap<number, ServiceFact>;
  readonly peakBytes: number;
  readonly texts: Readonly<Record<string, Buffer>>;
}

describe.skipIf(missing !== undefined)('a zoo of servers', () => {
  let lab: Lab<'zoo' | 'babel'>;
  let alone: Look;
  let beside: Look;

  beforeAll(async () => {
    lab = await createLab({ targets: { zoo: {}, babel: {} }, wire: { delayMs: 1 } });
    const { zoo, babel: tower } = lab.targets;
    const program = scriptCommand('zoo-program.ts');
    await ready('the honest', zoo.namespace.spawn([...program, '0', `${firstHonest}`, '0']));
    alone = await look('alone');
    await ready('the others', zoo.namespace.spawn([...program, `${firstHostile}`, '0', '0']));
    await ready('babel', tower.namespace.spawn([...program, '0', '0', `${babel}`]));
    // All its 65,535 ports are open, and each connection hears something else.
    tower.namespace.nft(
      `table ip babel { chain in { type nat hook prerouting priority -100; tcp dport 1-65535 redirect to :${babel}; }; }`,
    );
    beside = await look('beside');
  }, 300_000);
  afterAll(() => lab?.close());

  async function look(name: string): Promise<Look> {
    const hosts = [lab.targets.zoo.v4, lab.targets.babel.v4];
    const path = (extension: string) => join(lab.folder, `${name}.${extension}`);
    const outputs = Object.entries(formats).flatMap(([flag, extension]) => [flag, path(extension)]);
    const command = portolanCommand(lab, ['-sV', '-Pn', '-n', '-p', ports, ...outputs, ...hosts]);
    const { status, stdout, stderr, peakBytes } = await watched(lab.scanner.namespace.spawn(command));
    expect(status, stderr).toBe(0);
    const facts = readFileSync(path('ndjson'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const services: ServiceFact[] = facts.filter(
      ({ type, host }) => type === 'service' && host === lab.targets.zoo.v4,
    );
    return {
      services: new Map(services.map((fact) => [fact.port, fact])),
      peakBytes,
      texts: {
        screen: Buffer.from(stdout + stderr),
        ...Object.fromEntries(Object.values(formats).map((one) => [one, readFileSync(path(one))])),
      },
    };
  }

  test('there are forty honest ones and twenty others at least', () => {
    expect(honest).toHaveLength(40);
    expect(hostileNames.length).toBeGreaterThanOrEqual(20);
  });

  test('what is told of the honest ones is what they are, and the same', () => {
    const words = ({ services }: Look) =>
      honest.map((_, i) => {
        const { n, at, connections, bytes, ...fact } = (services.get(firstHonest + i) ?? {}) as Record<
          string,
          unknown
        >;
        return fact;
      });
    expect(words(beside)).toEqual(words(alone));
    expect(words(beside).filter(({ name }) => name === null || name === undefined)).toEqual([]);
  });

  test('memory is bounded: a gigabyte is not kept', () => {
    expect(beside.peakBytes - alone.peakBytes).toBeLessThan(100 << 20);
  });

  test('each of the others is told of, within its time and bytes', () => {
    for (const [i, name] of hostileNames.entries()) {
      const found = beside.services.get(firstHostile + i);
      expect(found, name).toBeDefined();
      expect(found?.bytes, name).toBeLessThan(1 << 20);
      expect(found?.connections, name).toBeLessThanOrEqual(9);
    }
  });

  test.each(['screen', ...Object.values(formats)])('%s holds printable text alone', (format) => {
    for (const look of [alone, beside]) {
      const bytes = look.texts[format] as Buffer;
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      expect(text.length).toBeGreaterThan(0);
      const found = [...text].filter((character) => isUnprintable(character.codePointAt(0) as number));
      expect(found.map((character) => character.codePointAt(0)?.toString(16))).toEqual([]);
    }
  });
});

/** A program to its end: what it said, and the most memory that it ever had (proc(5), VmHWM). */
async function watched(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  let peakBytes = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const look = () => {
    try {
      const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      peakBytes = Math.max(peakBytes, 1024 * Number(kilobytes ?? 0));
    } catch {
      // It has ended since.
    }
  };
  const watch = setInterval(look, 20);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  return { status, stdout, stderr, peakBytes };
}

/** Controls but for line feeds and tabs, what turns text around, marks of order, halves of characters. */
function isUnprintable(code: number): boolean {
  if (code < 0x20) return code !== 0x0a && code !== 0x0d && code !== 0x09;
  if (code >= 0x7f && code < 0xa0) return true;
  return (
    code === 0xfeff ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff)
  );
}
