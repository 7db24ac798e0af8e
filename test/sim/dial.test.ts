/** The laws of dials, over the simulator. @module */

import { dialLaws } from '../../src/dial/dial.laws.ts';
import type { Dial } from '../../src/dial/dial.ts';
import type { Talk } from '../../src/dial/talk.laws.ts';
import { VirtualClock } from './clock.ts';
import { simulatedDial } from './dial.ts';

const clock = new VirtualClock();
const talks = new Map<number, Talk>();
let nextPort = 1000;
const listen = async (talk: Talk): Promise<number> => {
  talks.set(nextPort, talk);
  return nextPort++;
};

dialLaws('simulated', {
  host: { family: 4, value: 0x7f00_0001n },
  certificate: Uint8Array.of(0x30, 1, 2, 3),
  begin: async () => undefined,
  end: () => undefined,
  listen,
  listenDatagrams: listen,
  closedPort: async () => nextPort++,
  nowUs: () => clock.nowUs,
  dial: (bounds): Dial =>
    simulatedDial(
      {
        clock,
        seed: 1,
        path: { rttUs: 400 },
        hostOf: () => ({
          port: (port) => (talks.has(port) ? 'open' : 'closed'),
          talk: (port) => talks.get(port) ?? {},
        }),
      },
      bounds,
    ),
  async drive(dial, work, sink = () => undefined) {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    while (!isOver) {
      dial.poll(0, sink);
      do await dial.wait(0);
      while (dial.isAsync);
      // What waits for nothing but other promises needs a turn as well.
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver || dial.hasNews) continue;
      const nextUs = Math.min(clock.nextUs, Math.max(dial.dueUs, clock.nowUs));
      if (nextUs === Number.POSITIVE_INFINITY) throw new Error('nothing will ever happen any more');
      clock.advance(nextUs);
    }
    return work;
  },
});
