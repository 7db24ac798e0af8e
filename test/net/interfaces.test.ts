/**
 * Both families over several interfaces in one run: the loopback, two segments, a tunnel, and scoped addresses
 * that mean different hosts on different links.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import { listen } from './lab/listen.ts';
import { Namespace } from './lab/namespace.ts';
import { labMissing } from './lab/requirements.ts';
import { ready, scriptCommand } from './lab/script.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('one run', () => {
  const id = `portolan-${process.pid}-ways`;
  let folder: string;
  let made: Namespace[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `${id}-`));
    made = ['scanner', 'one', 'two'].map((role) => new Namespace(`${id}-${role}`, folder));
    const [scanner, ...others] = made as [Namespace, Namespace, Namespace];
    for (const [i, other] of others.entries()) {
      const [here, there] = [`eth${i}`, 'eth0'];
      scanner.ip(`link add ${here} type veth peer name ${there} netns ${other.name}`, `link set ${here} up`);
      scanner.ip(`addr add 10.79.${i}.1/24 dev ${here}`, `addr add fd79:0:0:${i}::1/64 dev ${here} nodad`);
      other.ip(
        'link set eth0 up',
        `addr add 10.79.${i}.2/24 dev eth0`,
        `addr add fd79:0:0:${i}::2/64 dev eth0 nodad`,
      );
      scanner.ip(`addr add fe80::${i + 1}/64 dev ${here} nodad`);
      // The same link-local address on both links.
      other.ip('addr add fe80::77/64 dev eth0 nodad');
      await listen(other, { tcp: `${8000 + i}` });
    }
    await listen(scanner, { tcp: '8002' });
    const tunnel = scanner.spawn([...scriptCommand('tun-program.ts'), 'tun0']);
    await ready('the tunnel', tunnel);
    scanner.ip(
      'link set tun0 up',
      'addr add 10.79.9.1/24 dev tun0',
      'addr add fd79:0:0:9::1/64 dev tun0 nodad',
    );
  });
  afterAll(() => {
    for (const namespace of made) namespace.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function scan(
    args: readonly string[],
    status = 0,
  ): Promise<{ facts: readonly RecordedFact[]; stderr: string }> {
    const scanner = made[0] as Namespace;
    const { node, root } = scanner.paths();
    const run = await scanner.run([node, join(root, 'bin/portolan.js'), ...args, '-oJ', '-']);
    expect(run.status, run.stderr).toBe(status);
    const facts = run.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RecordedFact);
    return { facts, stderr: run.stderr };
  }

  it('finds hosts of both families on the loopback, on two segments and behind a tunnel', async () => {
    const { facts, stderr } = await scan([
      '-sn',
      '-n',
      '127.0.0.1',
      '::1',
      '10.79.0.2',
      'fd79:0:0:1::2',
      '10.79.1.2',
      '10.79.9.7',
      'fd79:0:0:9::7',
      '10.79.0.3',
    ]);
    const states = facts.flatMap((fact) =>
      fact.type === 'host' ? [[fact.host, fact.state === 'up' ? fact.reason : fact.state]] : [],
    );
    expect(Object.fromEntries(states), stderr).toEqual({
      '127.0.0.1': 'localhost',
      '::1': 'localhost',
      '10.79.0.2': 'arp-response',
      '10.79.1.2': 'arp-response',
      'fd79:0:0:1::2': 'nd-response',
      '10.79.9.7': 'echo-reply',
      'fd79:0:0:9::7': 'echo-reply',
      '10.79.0.3': 'down',
    });
  });

  it.each(['-sS', '-sT'])(
    'with %s finds the open port of each host by the right interface',
    async (technique) => {
      const { facts, stderr } = await scan([
        technique,
        '-n',
        '-Pn',
        '-p8000-8002',
        '127.0.0.1',
        '::1',
        '10.79.0.2',
        'fd79:0:0:1::2',
      ]);
      const open = facts.flatMap((fact) =>
        fact.type === 'port' && fact.state === 'open' ? [`${fact.host} ${fact.port}`] : [],
      );
      expect(open.sort(), stderr).toEqual(
        ['10.79.0.2 8000', '127.0.0.1 8002', '::1 8002', 'fd79:0:0:1::2 8001'].sort(),
      );
    },
  );

  it.each(['-sS', '-sT'])(
    'with %s tells the same link-local address on two links apart',
    async (technique) => {
      for (const i of [0, 1]) {
        const { facts, stderr } = await scan([technique, '-n', '-p8000-8002', `fe80::77%eth${i}`]);
        const open = facts.flatMap((fact) =>
          fact.type === 'port' && fact.state === 'open' ? [`${fact.host} ${fact.port}`] : [],
        );
        expect(open, stderr).toEqual([`fe80::77%eth${i} ${8000 + i}`]);
      }
    },
  );

  it('takes the interface of link-local targets from -e', async () => {
    const { facts, stderr } = await scan(['-sS', '-n', '-e', 'eth1', '-p8000-8002', 'fe80::77']);
    const open = facts.flatMap((fact) => (fact.type === 'port' && fact.state === 'open' ? [fact.port] : []));
    expect(open, stderr).toEqual([8001]);
  });

  it('leads to own addresses by the loopback alone, whatever -e says', async () => {
    const portsOf = ({ facts }: { readonly facts: readonly RecordedFact[] }) =>
      facts.flatMap((fact) =>
        fact.type === 'port' && fact.state === 'open' ? [`${fact.host} ${fact.port}`] : [],
      );
    // The scanner's own address on the other link, which it could only ask that link for.
    const wrong = await scan(['-sS', '-n', '-e', 'eth1', '-p8000-8002', '10.79.0.1', '10.79.1.2'], 3);
    expect(portsOf(wrong)).toEqual(['10.79.1.2 8001']);
    expect(wrong.stderr).toContain('Cannot reach 10.79.0.1 by "eth1": it is this machine');
    const hosts = wrong.facts.flatMap((fact) => (fact.type === 'host' ? [[fact.host, fact.state]] : []));
    expect(Object.fromEntries(hosts)).toEqual({ '10.79.0.1': 'unknown', '10.79.1.2': 'up' });
    expect(portsOf(await scan(['-sS', '-n', '-e', 'lo', '-p8000-8002', '10.79.0.1']))).toEqual([
      '10.79.0.1 8002',
    ]);
  });
});
