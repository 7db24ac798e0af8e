/** What the links of a shard are opened for. */

import { expect, test } from 'vitest';
import { LinkOutbox } from '../../src/link/link-outbox.ts';
import type { LinkWants } from '../../src/link/open.ts';
import type { PortTechniqueName } from '../../src/model/technique-name.ts';
import type { ShardConfig } from '../../src/scan/shard/config.ts';
import { RouteFinder } from '../../src/scan/shard/route-finder.ts';
import type { Proof } from '../../src/scan/shard/transport.ts';
import { portTechniques } from '../../src/techniques/index.ts';
import { VirtualClock } from './clock.ts';
import { baseAddress, configFor, usualVariant } from './config.ts';
import { SimulatedMachine } from './machine.ts';
import { normalLimits } from './run.ts';

/** What the link is asked for that a scan opens, by SYN if not said, and what becomes known of its host. */
function approach(
  asksOwn: boolean,
  variants = [usualVariant],
  technique: PortTechniqueName = portTechniques.syn.name,
  isOwnAddress = false,
  services?: ShardConfig['services'],
): { readonly wants: LinkWants | undefined; readonly proof: Proof | undefined } {
  let wants: LinkWants | undefined;
  let proof: Proof | undefined;
  const clock = new VirtualClock();
  const machine = new SimulatedMachine({
    clock,
    send: () => {},
    limitUs: 1,
  });
  const openLink = machine.openLink.bind(machine);
  machine.openLink = (way, wish) => {
    wants = wish;
    return openLink(way, wish);
  };
  const routeTable = machine.openRoutes();
  const route = {
    ...routeTable.lookup({ family: 4, value: 0n }),
    ...(isOwnAddress && { kind: 'local' as const }),
  };
  machine.openRoutes = () => ({ ...routeTable, lookup: () => route, lookupV4: () => route });
  const config = {
    ...configFor(technique, 1, 1, { seed: 1, limits: normalLimits, variants }),
    ...(services !== undefined && { services }),
  };
  const sender = { addPath: () => 0 };
  const reporter = { warn: () => {} };
  const context = { config, machine, reporter } as unknown as ConstructorParameters<typeof RouteFinder>[0];
  const maker = { sender, batch: undefined, asksOwn } as unknown as ConstructorParameters<
    typeof RouteFinder
  >[1];
  const routes = new RouteFinder(context, maker, new LinkOutbox());
  const candidate = { id: 0, family: 4, words: Uint32Array.of(baseAddress) } as const;
  routes.approach(candidate as unknown as Parameters<RouteFinder['approach']>[0], {
    reached: (_host, _route, found) => {
      proof = found;
    },
    lost: () => {},
  });
  routes.links.close();
  return { wants, proof };
}

function wantsOf(...asked: Parameters<typeof approach>): LinkWants {
  return approach(...asked).wants as LinkWants;
}

test('links take answers to the ports of the block and to those that variants have for themselves', () => {
  const from53 = { ...usualVariant, sourcePort: 53 };
  const block = { first: 0xf000, last: 0xffff };
  expect(wantsOf(false)).toMatchObject({ localPorts: block, singlePorts: [] });
  expect(wantsOf(false, [usualVariant, from53, { ...from53, ttl: 5 }])).toMatchObject({
    localPorts: block,
    singlePorts: [53],
  });
  const alone = wantsOf(false, [from53]);
  expect([alone.localPorts, alone.singlePorts]).toEqual([undefined, [53]]);
});

test('links have room for payloads and let all protocols pass where hosts have questions of their own', () => {
  const usual = wantsOf(false);
  expect([usual.allProtocols, (usual.packetBytes as number) < 200]).toEqual([false, true]);
  const own = wantsOf(true);
  expect([own.allProtocols, (own.packetBytes as number) >= 1500]).toEqual([true, true]);
  const longest = { ...usualVariant, tcpOptions: new Uint8Array(40), data: new Uint8Array(1000) };
  expect(wantsOf(false, [usualVariant, longest]).packetBytes).toBeGreaterThanOrEqual(60 + 60 + 1000);
});

test('links keep whole datagrams where it is read in them what listens there', () => {
  const services = { intensity: 7, timeoutUs: 1, names: {} };
  const snapLength = (...asked: Parameters<typeof approach>) => wantsOf(...asked).snapLength;
  expect(snapLength(false, undefined, 'udp', false, services)).toBeGreaterThanOrEqual(1500);
  expect(snapLength(false, undefined, 'syn', false, services)).toBeUndefined();
  expect(snapLength(false, undefined, 'udp')).toBeUndefined();
});

test('no link is opened to an address of this machine that only connections ask: it would hear them all', () => {
  const isOwnAddress = true;
  const isUp = { by: 'localhost', rttUs: -1 };
  expect(approach(false, undefined, 'connect', isOwnAddress)).toEqual({ wants: undefined, proof: isUp });
  expect(approach(false, undefined, 'syn', isOwnAddress)).toMatchObject({
    wants: { icmp: true },
    proof: isUp,
  });
  expect(approach(true, undefined, 'connect', isOwnAddress).wants).toBeDefined();
});
