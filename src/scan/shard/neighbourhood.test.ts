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
