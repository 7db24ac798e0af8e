/**
 * Packets that are too long: for the own link, for a router on the way, for what this system will send. They leave in
 * pieces where that helps, and else nothing is said of a port.
 *
 * @module
 */

import { afterEach, describe, expect, it } from 'vitest';
import { listen } from './lab/listen.ts';
import type { Namespace } from './lab/namespace.ts';
import { portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { forwards, type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('what is too long', () => {
  let lab: Wired<'scanner' | 'router' | 'target'> | undefined;
  afterEach(() => lab?.close());

  const make = (): Record<'scanner' | 'router' | 'target', Namespace> => {
    lab = wired('long', 'scanner', 'router', 'target');
    lab.wire('scanner', 'router', 'eth0', 'near');
    lab.wire('router', 'target', 'far', 'eth0');
    const { scanner, router, target } = lab.at;
    forwards(router);
    scanner.ip('addr add 10.82.1.1/24 dev eth0', 'addr add fd82:1::1/64 dev eth0 nodad');
    router.ip('addr add 10.82.1.254/24 dev near', 'addr add fd82:1::254/64 dev near nodad');
    router.ip('addr add 10.82.2.254/24 dev far', 'addr add fd82:2::254/64 dev far nodad');
    target.ip('addr add 10.82.2.2/24 dev eth0', 'addr add fd82:2::2/64 dev eth0 nodad');
    scanner.ip('route add default via 10.82.1.254', 'route add default via fd82:1::254');
    target.ip('route add default via 10.82.2.254', 'route add default via fd82:2::254');
    return lab.at;
  };

  it.each([1200, 600])('for a link of %i bytes leaves it in pieces', async (mtu) => {
    const { scanner, router } = make();
    scanner.ip(`link set eth0 mtu ${mtu}`);
    await listen(router, { tcp: '22' });
    const args = ['-n', '-sS', '-sU', '-p', 'T:22,23,U:443,53', '--data-length', '700', '10.82.1.254'];
    for (const words of [args, args.filter((word) => word !== '--data-length' && word !== '700')]) {
      const run = await portolanIn(scanner, words);
      expect([run.status, run.stderr]).toEqual([0, '']);
      const states = ['tcp/22', 'tcp/23', 'udp/443', 'udp/53'].map(
        (key) => run.ports().get(`10.82.1.254 ${key}`)?.state,
      );
      expect(states).toEqual(['open', 'closed', 'closed', 'closed']);
    }
    const found = await portolanIn(scanner, ['-n', '-sn', '--disable-arp-ping', '-PU443', '10.82.1.254']);
    expect(found.summary?.hosts.up, found.stderr).toBe(1);
  });

  it.each([
    ['10.82.2.2', 900, '1000'],
    ['fd82:2::2', 1280, '1350'],
  ])(
    'for a router on the way to %s is sent again in pieces, without a further attempt',
    async (host, mtu, bytes) => {
      const { scanner, router, target } = make();
      router.ip(`link set far mtu ${mtu}`);
      target.ip(`link set eth0 mtu ${mtu}`);
      await listen(target, { tcp: '22' });
      const args = ['-n', '-Pn', '-p22,81', '--max-retries', '0', '--data-length', bytes, host];
      const run = await portolanIn(scanner, args);
      expect([run.status, run.stderr]).toEqual([0, '']);
      expect(run.ports().get(`${host} tcp/22`)?.state).toBe('open');
      expect(run.ports().get(`${host} tcp/81`)?.state).toBe('closed');
    },
  );

  it('for a router that refuses pieces too proves nothing', async () => {
    const { scanner, router } = make();
    // Whatever comes is too long, it says.
    router.nft(
      'table ip long {\n chain in {\n  type filter hook forward priority 0;\n  tcp dport 81 reject with icmp type 4\n }\n}',
    );
    const run = await portolanIn(scanner, ['-n', '-Pn', '-p81', '10.82.2.2']);
    expect(run.ports().get('10.82.2.2 tcp/81')).toEqual({ state: 'unknown', reason: 'too-big' });
    expect(run.status, run.stderr).toBe(3);
  });

  it('or is refused by this system is no state of a port, and was not sent', async () => {
    const { scanner } = make();
    await listen(scanner, { tcp: '22' });
    scanner.nft(
      'table inet own {\n chain out {\n  type filter hook output priority 0;\n  tcp dport 23 drop\n }\n}',
    );
    const run = await portolanIn(scanner, ['-n', '-sS', '-p22,23', '10.82.1.1']);
    expect(run.ports().get('10.82.1.1 tcp/22')?.state).toBe('open');
    expect(run.ports().get('10.82.1.1 tcp/23')).toEqual({ state: 'unknown', reason: 'local-error' });
    expect(run.summary?.packets.sent).toBe(1);
    expect(run.status, run.stderr).toBe(3);
  });
});
