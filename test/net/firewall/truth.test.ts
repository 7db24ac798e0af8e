/**
 * What the labs of filters take for the kernels' truth: nmap sees the same where it has the technique.
 *
 * @module
 */

import { describe, expect, it } from 'vitest';
import { readNmapXml } from '../lab/nmap.ts';
import { labMissing } from '../lab/requirements.ts';
import { createChain } from './chain.ts';
import { truthOf, unlimited } from './truth.ts';

const ports = [22, 23, 25, 80, 139, 443, 445];
const rules = [
  'ct state established,related accept',
  'meta l4proto { icmp, ipv6-icmp } accept',
  'tcp dport { 22, 23 } accept',
  'tcp sport 53 tcp dport 25 accept',
  'tcp dport 80 tcp flags & (syn | ack) == ack accept',
  'tcp dport 139 reject with tcp reset',
  'tcp dport 443 reject with icmpx type admin-prohibited',
  'drop',
];

describe.skipIf(labMissing() !== undefined)('the truth about a filter', () => {
  it.each([
    ['host', 4],
    ['r1', 6],
  ] as const)('by a filter on %s, IPv%i, is what nmap sees', async (place, family) => {
    const hook = place === 'host' ? 'input' : 'forward';
    const nft = `table inet lab { chain c { type filter hook ${hook} priority 0; ${rules.join('; ')}; }; }`;
    const chain = await createChain({
      routers: 1,
      services: { tcp: { 22: '', 25: '', 80: '' } },
      rules: { [place]: { nft } },
    });
    try {
      const truth = await truthOf(chain, family, ports, []);
      for (const each of [chain.host, ...chain.others]) each.configure(unlimited);
      const address = chain.address(family);
      for (const [way, options] of [
        ['syn', ['-sS']],
        ['ack', ['-sA']],
        ['source-port 53', ['-sS', '-g', '53']],
      ] as const) {
        const argv = ['nmap', '-n', '-Pn', '-oX', '-', ...options, '-p', ports.join(), address];
        const { stdout } = await chain.scanner.run(family === 6 ? [...argv, '-6'] : argv);
        const seen = readNmapXml(stdout);
        for (const port of ports) {
          const fate = truth.fate(way, port);
          const state = seen.get(`${address} tcp/${port}`)?.state;
          expect([way, port, fate, state]).toEqual([way, port, fate, stateOf(way, fate, port)]);
        }
      }
      // What a policy is compared with, in words.
      expect(ports.map((port) => truth.fate('syn', port))).toEqual([
        ...['allow', 'allow', 'drop', 'drop', 'reject-rst', 'reject-icmp', 'drop'],
      ]);
    } finally {
      chain.close();
    }
  });
});

/** A reset is a reset to nmap, whoever sends it. */
function stateOf(way: string, fate: string, port: number): string {
  if (fate === 'drop' || fate === 'reject-icmp') return 'filtered';
  if (way === 'ack') return 'unfiltered';
  return fate === 'allow' && [22, 25, 80].includes(port) ? 'open' : 'closed';
}
