/**
 * The way back need not be the way there: answers that come in by another interface are heard.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from './lab/listen.ts';
import { portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('answers by another interface', () => {
  let lab: Wired<'scanner' | 'target'>;
  beforeAll(async () => {
    lab = wired('aside', 'scanner', 'target');
    const { scanner, target } = lab.at;
    for (const [i, name] of ['eth0', 'eth1'].entries()) {
      lab.wire('scanner', 'target', name);
      for (const [end, last] of [
        [scanner, 1],
        [target, 2],
      ] as const)
        end.ip(
          `addr add 10.83.${i}.${last}/24 dev ${name}`,
          `addr add fd83:${i}::${last}/64 dev ${name} nodad`,
        );
    }
    target.ip('addr add 10.83.9.5/32 dev lo', 'addr add fd83:9::5/128 dev lo nodad');
    scanner.ip('route add 10.83.9.0/24 via 10.83.0.2', 'route add fd83:9::/64 via fd83:0::2');
    target.ip(
      'route add 10.83.0.1/32 via 10.83.1.1 dev eth1',
      'route add fd83:0::1/128 via fd83:1::1 dev eth1',
    );
    // Two ways there: the kernel chooses by a hash of each address.
    scanner.ip('route add 10.83.10.0/28 nexthop via 10.83.0.2 dev eth0 nexthop via 10.83.1.2 dev eth1');
    target.ip('route add local 10.83.10.0/28 dev lo');
    await listen(target, { tcp: '22' });
  });
  afterAll(() => lab?.close());

  for (const host of ['10.83.9.5', 'fd83:9::5']) {
    for (const words of [[], ['-Pn'], ['--sweep', '-Pn']])
      it(`are heard: ${[...words, host].join(' ')}`, async () => {
        const run = await portolanIn(lab.at.scanner, ['-n', '-sS', '-p22,81', ...words, host]);
        expect([run.status, run.stderr]).toEqual([0, '']);
        expect(run.ports().get(`${host} tcp/22`)?.state).toBe('open');
        expect(run.ports().get(`${host} tcp/81`)?.state).toBe('closed');
      });

    it(`tell of a closed UDP port: ${host}`, async () => {
      const run = await portolanIn(lab.at.scanner, ['-n', '-Pn', '-sU', '-p9', '--packet-trace', host]);
      expect(run.ports().get(`${host} udp/9`)).toEqual({ state: 'closed', reason: 'port-unreach' });
      expect(run.stderr).toContain('RCVD');
    });
  }

  // A sweep looked for the way of each for ever.
  it.each([['--sweep'], ['-Pn']])('hosts with two ways to them are asked by either: %s', async (word) => {
    const run = await portolanIn(lab.at.scanner, ['-n', '-sS', '-p22', word, '10.83.10.0/28']);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect([...run.ports().values()].filter(({ state }) => state === 'open')).toHaveLength(16);
  });

  it('a sweep ends where the kernel routes an address by itself, and has no way', async () => {
    const run = await portolanIn(lab.at.scanner, ['-n', '-sS', '-p22', '--sweep', 'ff02::1']);
    expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('Cannot reach ff02::1')]);
  });
});
