/**
 * What a look at a filter costs: packets by what is probed and beside what nmap sends to learn as much, time beside a plain
 * scan.
 *
 * @module
 */

import { afterAll, describe, expect, it } from 'vitest';
import { type Chain, type ChainPlan, createChain } from '../net/firewall/chain.ts';
import { careful, hook, usualServices } from '../net/firewall/scenario.ts';
import { portolanIn } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const services = usualServices;
const allowed = 'tcp dport { 22, 80, 443 } accept';
const beds: readonly (ChainPlan & {
  readonly name: string;
  readonly isMute?: true;
  /** Hardly a port is dropped: what asks each of them once sends half of what nmap's two scans send already. */
  readonly isAnswering?: true;
})[] = [
  {
    name: '1000 ports dropped but three, on the host behind a router',
    routers: 1,
    services,
    rules: { host: careful('input', 'drop', allowed) },
  },
  {
    name: '1000 ports dropped but one, on the first of two routers',
    routers: 2,
    services: { tcp: { 22: '' } },
    rules: {
      r1: hook('forward', 'iifname right accept', 'tcp dport 22 accept', 'meta l4proto tcp drop'),
    },
  },
  {
    name: '1000 ports dropped but three, behind two routers, IPv6',
    routers: 2,
    services,
    rules: { r2: careful('forward', 'drop', allowed) },
  },
  {
    name: 'a host that never answers, behind two routers',
    routers: 2,
    services,
    rules: { host: hook('input', 'drop') },
    isMute: true,
  },
  {
    name: 'the system ports answered, the others dropped',
    routers: 1,
    services,
    rules: { host: hook('input', 'tcp dport 1024-65535 drop') },
  },
  {
    name: '1000 ports answered but five, on the host behind a router',
    routers: 1,
    services,
    rules: { host: hook('input', 'tcp dport { 23, 111, 135, 139, 445 } drop') },
    isAnswering: true,
  },
  {
    name: '1000 ports answered, no filter',
    routers: 1,
    services,
    isAnswering: true,
  },
  {
    name: '1000 ports reset but three, on the first of two routers',
    routers: 2,
    services,
    rules: { r1: careful('forward', 'meta l4proto tcp reject with tcp reset', allowed) },
    isAnswering: true,
  },
];

const told: string[] = [];
afterAll(() => console.log(told.join('\n')));

describe.skipIf(labMissing() !== undefined)('a look at a filter costs little', () => {
  const named = beds.map((bed) => [bed.name, bed] as const);
  it.each(named)('%s', { timeout: 300_000 }, async (name, { isMute, isAnswering, ...plan }) => {
    const chain = await createChain(plan);
    try {
      const family = name.endsWith('IPv6') ? 6 : 4;
      const address = chain.address(family);
      const portolan = (...words: readonly string[]) =>
        measured(chain, () => portolanIn(chain.scanner, [...words, '-n', '-Pn', address]));
      const plain = await portolan('-sS');
      const look = await portolan('firewall');
      const nmap = ['nmap', '-n', '-Pn', '--reason', ...(family === 6 ? ['-6'] : [])];
      // It asks a host that keeps silent for minutes.
      const asked = await measured(chain, async () => {
        if (isMute === true) return;
        await chain.scanner.run([...nmap, '-sS', '--script', 'firewalk', '--traceroute', address]);
        await chain.scanner.run([...nmap, '-sA', address]);
      });
      told.push(
        `${name}: ${look.packets} packets in ${look.seconds.toFixed(1)} s; plain ${plain.packets} in ${plain.seconds.toFixed(1)} s; nmap ${asked.packets} in ${asked.seconds.toFixed(1)} s`,
      );
      expect(look.packets).toBeLessThanOrEqual(4 * 1000 + 200);
      expect(look.seconds).toBeLessThanOrEqual(2 * plain.seconds + 10);
      if (isMute === true) return;
      const most = isAnswering === true ? plain.packets + 120 : asked.packets / 2;
      expect(look.packets).toBeLessThanOrEqual(most);
      expect(look.came?.status).toBe(0);
    } finally {
      chain.close();
    }
  });
});

/** What leaves the scanner's interface meanwhile, and how long it takes. */
async function measured<Came>(chain: Chain, does: () => Promise<Came>) {
  const before = await sentPackets(chain);
  const startedMs = performance.now();
  const came = await does();
  const seconds = (performance.now() - startedMs) / 1000;
  return { came, seconds, packets: (await sentPackets(chain)) - before };
}

async function sentPackets({ scanner }: Chain): Promise<number> {
  const { stdout } = await scanner.run(['cat', '/sys/class/net/right/statistics/tx_packets']);
  return Number(stdout);
}
