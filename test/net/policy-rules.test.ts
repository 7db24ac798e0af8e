/**
 * Policy rules that look at protocols and ports: each packet goes the way on which the kernel would send it.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from './lab/listen.ts';
import { portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('rules about ports', () => {
  let lab: Wired<'scanner' | 'one' | 'other'>;
  beforeAll(async () => {
    lab = wired('rules', 'scanner', 'one', 'other');
    const { scanner, one, other } = lab.at;
    for (const [i, end] of [one, other].entries()) {
      lab.wire('scanner', i === 0 ? 'one' : 'other', `eth${i}`, 'eth0');
      scanner.ip(`addr add 10.84.${i}.1/24 dev eth${i}`);
      // The same address on both links: who answers shows the way.
      end.ip(
        `addr add 10.84.${i}.2/24 dev eth0`,
        'addr add 10.84.9.5/32 dev lo',
        `route add default via 10.84.${i}.1`,
      );
    }
    scanner.ip('route add 10.84.9.0/24 via 10.84.0.2', 'route add 10.84.9.0/24 via 10.84.1.2 table 100');
    scanner.ip('rule add ipproto tcp dport 80-81 lookup 100', 'rule add ipproto udp dport 53 lookup 100');
    await listen(one, { tcp: '22' });
    await listen(other, { tcp: '80', udp: '53' });
  });
  afterAll(() => lab?.close());

  it.each([['-sS', '-sU'], ['-sT']])('are followed: %s', async (...words) => {
    const args = [
      '-n',
      '-Pn',
      ...words,
      '-p',
      words.includes('-sU') ? 'T:22,80,81,82,U:53' : '22,80-82',
      '10.84.9.5',
    ];
    const run = await portolanIn(lab.at.scanner, args);
    expect([run.status, run.stderr]).toEqual([0, '']);
    const states = [22, 80, 81, 82].map((port) => run.ports().get(`10.84.9.5 tcp/${port}`)?.state);
    expect(states).toEqual(['open', 'open', 'closed', 'closed']);
    // It answers from the link's address, not the target's; by the other way the port is closed.
    if (words.includes('-sU')) expect(run.ports().get('10.84.9.5 udp/53')?.state).toBe('open|filtered');
  });

  it.each(['ipproto udp', 'ipproto tcp dport 443'])(
    'about what is not asked change nothing: %s',
    async (rule) => {
      const { scanner } = lab.at;
      // Nobody is there.
      scanner.ip('route add 10.84.9.0/24 via 10.84.1.77 table 101', `rule add ${rule} lookup 101`);
      const run = await portolanIn(scanner, ['-n', '-Pn', '-p22', '10.84.9.5']);
      scanner.ip('route flush table 101', `rule del ${rule} lookup 101`);
      expect([run.status, run.stderr]).toEqual([0, '']);
      expect(run.ports().get('10.84.9.5 tcp/22')?.state).toBe('open');
    },
  );

  it('about sources hold for the address that the kernel chooses', async () => {
    const { scanner } = lab.at;
    scanner.ip('rule add from 10.84.0.1 to 10.84.9.5 lookup 100');
    const states: (string | undefined)[] = [];
    for (const technique of ['-sS', '-sT']) {
      const run = await portolanIn(scanner, ['-n', '-Pn', technique, '-p22', '10.84.9.5']);
      states.push(run.ports().get('10.84.9.5 tcp/22')?.state);
    }
    scanner.ip('rule del from 10.84.0.1 to 10.84.9.5 lookup 100');
    expect(states).toEqual(['closed', 'closed']);
  });

  it('are said not to be followed where the kernel does not tell the way', async () => {
    const { scanner } = lab.at;
    scanner.ip('rule add ipproto sctp lookup 100');
    const sctp = await portolanIn(scanner, ['-n', '-Pn', '-sY', '-p80', '--max-retries=0', '10.84.9.5']);
    const tcp = await portolanIn(scanner, ['-n', '-Pn', '-sS', '-p80', '10.84.9.5']);
    scanner.ip('rule del ipproto sctp');
    expect(sctp.status).toBe(3);
    expect(sctp.stderr).toContain('the kernel tells the ways of TCP, UDP and ICMP only');
    expect([tcp.status, tcp.stderr]).toEqual([0, '']);
  });

  it('are said not to be followed by a sweep', async () => {
    const run = await portolanIn(lab.at.scanner, ['-n', '-Pn', '--sweep', '-p22,80', '10.84.9.5']);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('by their ports, which a sweep cannot follow');
  });
});
