import { expect, test } from 'vitest';
import type { Link } from '../../link/link.ts';
import type { Address } from '../../model/address.ts';
import { Neighbourhood } from './neighbourhood.ts';

const router: Address = { family: 4, value: 0x0a00_00fen };
const us: Address = { family: 4, value: 0x0a00_0001n };

/** A scan takes hosts up to a bound, of which this is part: behind a router it once took a million of them at once. */
test('each of the hosts behind one router waits until it answers or is silent', () => {
  let frames = 0;
  const link = { mac: Uint8Array.of(2, 0, 0, 0, 0, 1), sendFrame: () => ++frames > 0 } as unknown as Link;
  const pace = { attempts: 1, ratePps: 1000 };
  const machine = { neighbourMac: () => undefined };
  const neighbourhood = new Neighbourhood(link, { index: 1 } as never, pace, machine);
  let told = 0;
  for (let host = 1; host <= 100; host++) {
    neighbourhood.askGateway(router, us, () => told++);
    expect(neighbourhood.pending).toBe(host);
  }
  for (let nowUs = 0; Number.isFinite(nowUs); nowUs = Math.max(nowUs + 1, neighbourhood.dueUs()))
    neighbourhood.tick(nowUs);
  expect({ frames, told, pending: neighbourhood.pending }).toEqual({ frames: 1, told: 100, pending: 0 });
});

test('where the kernel asks nobody, neither is anybody asked here: its table holds, else the interface’s own address', () => {
  const own = Uint8Array.of(2, 0, 0, 0, 0, 1);
  const entry = Uint8Array.of(2, 0, 0, 0, 0, 9);
  const link = { mac: own, sendFrame: () => expect.fail('a frame was sent') } as unknown as Link;
  const machine = {
    neighbourMac: (_: number, { value }: Address) => (value === router.value ? entry : undefined),
  };
  const way = { index: 1, mac: own, noArp: true } as never;
  const neighbourhood = new Neighbourhood(link, way, { attempts: 1, ratePps: 1000 }, machine);
  const told: (Uint8Array | undefined)[] = [];
  neighbourhood.askGateway(router, us, (answer) => told.push(answer?.mac));
  neighbourhood.ask({ family: 4, value: 0x0a00_0009n }, us, (answer) => told.push(answer?.mac));
  neighbourhood.tick(0);
  expect([told, neighbourhood.pending, neighbourhood.proves]).toEqual([[entry, own], 0, false]);
});
