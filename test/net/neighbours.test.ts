/**
 * Neighbours are asked as the kernel would ask them: from the address that packets to them leave from, whatever
 * addresses the link has; and what cannot be asked is not called down.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from './lab/listen.ts';
import { hostsOf, portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { forwards, type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('who is asked for a hardware address', () => {
  let lab: Wired<'scanner' | 'router' | 'target'> | undefined;
  afterEach(() => lab?.close());

  const make = () => {
    lab = wired('ask', 'scanner', 'router', 'target');
    return lab.at;
  };

  it('on a link without an address of its own is asked from the one the route has', async () => {
    const { scanner, target } = make();
    lab?.wire('scanner', 'target', 'eth0');
    scanner.ip('addr add 10.81.200.1/32 dev lo');
    target.ip('addr add 10.81.1.2/32 dev lo', 'route add 10.81.200.1/32 dev eth0');
    scanner.ip('route add 10.81.1.0/24 dev eth0 src 10.81.200.1');
    await listen(target, { tcp: '22' });
    const run = await portolanIn(scanner, ['-n', '-p22,81', '10.81.1.2-3']);
    expect(run.status, run.stderr).toBe(0);
    expect(hostsOf(run)).toEqual({ '10.81.1.2': 'up arp-response', '10.81.1.3': 'down no-response' });
    expect(run.ports().get('10.81.1.2 tcp/22')?.state).toBe('open');
    expect(run.ports().get('10.81.1.2 tcp/81')?.state).toBe('closed');
  });

  it('by IPv6 likewise', async () => {
    const { scanner, target } = make();
    lab?.wire('scanner', 'target', 'eth0');
    scanner.ip('addr add fd81:200::1/128 dev lo nodad', 'route add fd81:1::/64 dev eth0 src fd81:200::1');
    target.ip('addr add fd81:1::2/64 dev eth0 nodad', 'route add fd81:200::1/128 dev eth0');
    await listen(target, { tcp: '22' });
    const run = await portolanIn(scanner, ['-n', '-p22', 'fd81:1::2']);
    expect(hostsOf(run), run.stderr).toEqual({ 'fd81:1::2': 'up nd-response' });
    expect(run.ports().get('fd81:1::2 tcp/22')?.state).toBe('open');
  });

  it.each([[], ['-S', '10.81.2.1']])(
    'in the second subnet of a link is asked from there: %s',
    async (...words) => {
      const { scanner, target } = make();
      lab?.wire('scanner', 'target', 'eth0');
      scanner.ip('addr add 10.81.1.1/24 dev eth0', 'addr add 10.81.2.1/24 dev eth0');
      target.ip('addr add 10.81.2.2/24 dev eth0', 'addr add 10.81.3.9/32 dev lo');
      scanner.ip('route add 10.81.3.0/24 via 10.81.2.2');
      // RFC 3704: whoever filters so does not answer an address that it would not answer by this link.
      target.configure({ 'ipv4/conf/all/rp_filter': 1, 'ipv4/conf/eth0/rp_filter': 1 });
      await listen(target, { tcp: '22' });
      const args = ['-n', ...words.flat(), '-p22,81'];
      const near = await portolanIn(scanner, [...args, '10.81.2.2-3']);
      expect(hostsOf(near), near.stderr).toEqual({
        '10.81.2.2': 'up arp-response',
        '10.81.2.3': 'down no-response',
      });
      expect(near.ports().get('10.81.2.2 tcp/22')?.state).toBe('open');
      const far = await portolanIn(scanner, [...args, '-Pn', '10.81.3.9']);
      expect([far.status, far.stderr]).toEqual([0, '']);
      expect(far.ports().get('10.81.3.9 tcp/22')?.state).toBe('open');
    },
  );

  it('is the router, excluded or outside the scope, whatever the kernel knows', async () => {
    const { scanner, router, target } = make();
    lab?.wire('scanner', 'router', 'eth0', 'near');
    lab?.wire('router', 'target', 'far', 'eth0');
    forwards(router);
    scanner.ip('addr add 10.81.1.1/24 dev eth0', 'route add default via 10.81.1.254');
    router.ip('addr add 10.81.1.254/24 dev near', 'addr add 10.81.2.254/24 dev far');
    target.ip('addr add 10.81.2.2/24 dev eth0', 'route add default via 10.81.2.254');
    await listen(target, { tcp: '22' });
    const scope = join(scanner.folder, 'scope');
    writeFileSync(scope, '10.81.2.0/24\n');
    for (const known of [
      'neigh flush dev eth0',
      'neigh replace 10.81.1.254 lladdr 02:00:00:00:00:99 nud stale dev eth0',
    ]) {
      for (const words of [
        ['--exclude', '10.81.1.254'],
        ['--scope', scope],
      ]) {
        scanner.ip(known);
        const run = await portolanIn(scanner, ['-n', ...words, '-p22', '10.81.2.2']);
        expect([run.status, run.stderr]).toEqual([0, '']);
        expect(run.ports().get('10.81.2.2 tcp/22')?.state).toBe('open');
      }
    }
  });
});
