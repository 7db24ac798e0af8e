/** Hosts that ban who asks too fast, for a while only: the scan ends, and what it says is right. @module */

import { describe, expect, test } from 'vitest';
import { runsOf } from '../runs.ts';
import type { HostModel, PortBehaviour } from './network.ts';
import { simulate, tally } from './run.ts';

/** Bans for two seconds whoever has used up the SYNs that are let through: sixty at once, so many a second. */
function banning(perSecond: number, port: (port: number) => PortBehaviour): HostModel {
  let [tokens, atUs, bannedUntilUs] = [60, 0, 0];
  return {
    port: (asked, nowUs = 0) => {
      if (nowUs < bannedUntilUs) return 'drop';
      tokens = Math.min(60, tokens + ((nowUs - atUs) * perSecond) / 1e6);
      atUs = nowUs;
      if (tokens < 1) {
        bannedUntilUs = nowUs + 2e6;
        return 'drop';
      }
      tokens--;
      return port(asked);
    },
  };
}

const few = (port: number): PortBehaviour => (port % 300 === 22 ? 'open' : 'closed');
const half = (port: number): PortBehaviour => (port % 2 === 1 ? 'drop' : few(port));

describe('a host that bans for two seconds whoever asks too fast', () => {
  test.each([
    { technique: 'syn', ports: 100, port: half },
    { technique: 'syn', ports: 1000, port: few },
    { technique: 'connect', ports: 100, port: few },
    { technique: 'connect', ports: 1000, port: few },
  ] as const)('$technique, $ports ports: it is asked slower each time, until it stays', (scan) => {
    const { technique, ports, port } = scan;
    for (let seed = 1; seed <= 2; seed++) {
      const hosts = [banning(50, port)];
      const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports, technique, mostSeconds: 120 });
      expect([outcome.timedOut, outcome.ends], `seed ${seed}`).toEqual([false, ['done']]);
      expect(outcome.verdicts.size, `seed ${seed}`).toBe(ports);
      for (const [key, { state }] of outcome.verdicts) {
        const behaviour = port(Number(key.split('/').at(-1)));
        expect(state, `seed ${seed}, ${key}`).toBe(behaviour === 'drop' ? 'filtered' : behaviour);
      }
      expect(outcome.blocked.length, `seed ${seed}`).toBeLessThan(10);
    }
  });

  test('again and again however slowly it is asked is given up', () => {
    const hosts: HostModel[] = [{ port: (port, nowUs = 0) => (nowUs % 3e6 < 5000 ? few(port) : 'drop') }];
    const outcome = simulate({ seed: 1, path: { rttUs: 300 }, hosts, ports: 1000, mostSeconds: 120 });
    expect([outcome.timedOut, outcome.ends]).toEqual([false, ['blocked']]);
    expect(tally(outcome)['unknown']).toBeGreaterThan(500);
    expect(tally(outcome)['filtered']).toBeUndefined();
  });
});

describe('a host that bans for good who has sent some SYNs, echoes aside', () => {
  /** Port 2 serves. Nothing is answered to later SYNs than these. */
  const banningAfter = (syns: number, rest: PortBehaviour): HostModel => {
    let count = 0;
    return {
      port: (port) => (++count > syns ? 'drop' : port === 2 ? 'open' : port === 3 ? 'closed' : rest),
      echoesPerSecond: 1000,
    };
  };
  const asIsUsual = {
    techniques: ['ping-echo', 'ping-syn', 'ping-ack'],
    techniqueOf: Uint8Array.of(0, 1, 2),
    portOf: Uint16Array.of(0, 2, 3),
  };
  const byConnections = {
    techniques: ['ping-connect'],
    techniqueOf: Uint8Array.of(0, 0),
    portOf: Uint16Array.of(3, 2),
  };
  const scans = [
    { technique: 'syn', discovery: asIsUsual },
    { technique: 'connect', discovery: byConnections },
  ] as const;

  describe.each(scans)('$technique', ({ technique, discovery }) => {
    test.each([2, 24, 100, 1000])('once it has been found: none of %d ports is called filtered', (ports) => {
      for (let seed = 1; seed <= 4; seed++) {
        const hosts = [banningAfter(2, 'closed')];
        const outcome = simulate({ seed, path: { rttUs: 300 }, hosts, ports, technique, discovery });
        expect([outcome.ends, outcome.blocked.length], `seed ${seed}`).toEqual([['blocked'], 1]);
        expect(tally(outcome), `seed ${seed}`).toEqual({ unknown: ports });
      }
    });

    test.each([2, 24, 1000])(
      'and drops nearly all of %d ports: it is there, and asked little more',
      (ports) => {
        const hosts = [banningAfter(Number.POSITIVE_INFINITY, 'drop')];
        const scan = { seed: 1, path: { rttUs: 300 }, hosts, ports, technique };
        const found = simulate({ ...scan, discovery });
        const named = simulate(scan);
        expect([found.ends, found.blocked, found.timedOut]).toEqual([['done'], [], false]);
        expect(tally(found)).toEqual(tally(named));
        // Of a thousand some are asked at another pace: until a port answers, echoes show the path.
        const more = found.sent + found.connections - named.sent - named.connections;
        expect(more).toBeLessThan(16 + 0.05 * named.sent);
      },
    );
  });

  test.each([4, 24])('one that answers nothing of %d ports is asked by what found it', (ports) => {
    const port = (port: number): PortBehaviour => (port === 443 ? 'open' : 'drop');
    const discovery = { ...asIsUsual, portOf: Uint16Array.of(0, 443, 80) };
    const asked: number[] = [];
    const ask = (at: number) => {
      asked.push(at);
      return port(at);
    };
    const hosts = [{ port: ask, echoesPerSecond: 1000 }];
    const outcome = simulate({ seed: 1, path: { rttUs: 300 }, hosts, ports, discovery });
    expect([outcome.ends, tally(outcome)]).toEqual([['done'], { filtered: ports }]);
    expect(asked.filter((at) => at === 443)).toHaveLength(2);
  });
});

describe('a host that refuses ports by errors, then bans for good', () => {
  test.each([100, 1000])(
    'by silence: what it refused of %d ports before is so, the rest unknown',
    (ports) => {
      for (let seed = 1; seed <= runsOf(8); seed++) {
        const answered = new Map<number, PortBehaviour>();
        const port = (asked: number): PortBehaviour => {
          answered.set(asked, asked % 5 === 2 ? 'open' : 'admin-prohibited');
          return answered.get(asked) as PortBehaviour;
        };
        const hosts: HostModel[] = [{ port, banAfter: 60, icmpPerSecond: 1e6, icmpBurst: 1e6 }];
        const found = simulate({ seed, path: { rttUs: 300 }, hosts, ports });
        expect(found.ends, `seed ${seed}`).toEqual(['blocked']);
        for (const [key, { state }] of found.verdicts) {
          const behaviour = answered.get(Number(key.split('/').at(-1)));
          const truth = behaviour === 'open' ? 'open' : behaviour === undefined ? 'unknown' : 'filtered';
          expect(state, `seed ${seed}, ${key}`).toBe(truth);
        }
        expect(tally(found)['filtered'], `seed ${seed}`).toBeGreaterThan(20);
      }
    },
  );
});

describe('who behaves before a host that bans', () => {
  const manners = { banManners: { pausesUs: [5e6, 10e6, 20e6], mostReturns: 2 } };
  const ask = (host: HostModel) =>
    simulate({
      seed: 1,
      path: { rttUs: 300 },
      hosts: [host],
      ports: 1000,
      mostSeconds: 120,
      limits: manners,
    });

  test('banned for good: it asks once after 5, 10 and 20 s more, and the rest is unknown', () => {
    let late = 0;
    let asked = 0;
    const outcome = ask({
      port: (port, nowUs = 0) => {
        if (++asked <= 300) return few(port);
        if (nowUs > 4e6) late++;
        return 'drop';
      },
    });
    expect([outcome.timedOut, outcome.ends, late]).toEqual([false, ['blocked'], 3]);
    expect(outcome.elapsedMs).toBeGreaterThan(35_000);
    expect(outcome.elapsedMs).toBeLessThan(45_000);
    expect(tally(outcome)['filtered']).toBeUndefined();
    expect(tally(outcome)['unknown']).toBeGreaterThan(500);
  });

  test('banned twice for a while: it goes on, slower, and all is right', () => {
    const bans = [200, 500];
    let asked = 0;
    let untilUs = 0;
    const outcome = ask({
      port: (port, nowUs = 0) => {
        if (nowUs < untilUs) return 'drop';
        if (++asked === bans[0]) {
          bans.shift();
          untilUs = nowUs + 7e6;
        }
        return few(port);
      },
    });
    expect([outcome.timedOut, outcome.ends, outcome.blocked.length]).toEqual([false, ['done'], 2]);
    for (const [key, { state }] of outcome.verdicts)
      expect(state, key).toBe(few(Number(key.split('/').at(-1))));
  });

  test('banned a third time: it ends', () => {
    let [asked, untilUs] = [0, 0];
    const outcome = ask({
      port: (port, nowUs = 0) => {
        if (nowUs < untilUs) return 'drop';
        if (++asked % 100 === 0) untilUs = nowUs + 2e6;
        return few(port);
      },
    });
    expect([outcome.timedOut, outcome.ends]).toEqual([false, ['blocked']]);
    expect(tally(outcome)['filtered']).toBeUndefined();
  });
});

describe('a host of which nothing but UDP services speaks', () => {
  /** Those at `open` answer so often; the other ports are silent, or every other one of them. */
  const serving = (open: readonly number[], often: number, others: PortBehaviour = 'drop'): HostModel => {
    const times = new Map<number, number>();
    return {
      port: (port) => {
        if (!open.includes(port)) return port % 2 === 0 ? 'drop' : others;
        times.set(port, (times.get(port) ?? 0) + 1);
        return (times.get(port) as number) <= often ? 'open' : 'drop';
      },
    };
  };
  const scan = { path: { rttUs: 300 }, technique: 'udp', mostSeconds: 120 } as const;

  test.each([
    [4, [2]],
    [30, [2]],
    [30, [2, 22]],
    [300, [22]],
  ] as const)('that drop what they are asked again, %d ports, %j: it is not blocked', (ports, open) => {
    for (let seed = 1; seed <= 4; seed++) {
      const hosts = [serving(open, 1)];
      const outcome = simulate({ ...scan, seed, hosts, ports });
      expect([outcome.ends, outcome.blocked], `seed ${seed}`).toEqual([['done'], []]);
      expect(tally(outcome)).toEqual({ open: open.length, 'open|filtered': ports - open.length });
    }
  });

  test('that drop what they are asked again, beside ports that are refused: it is not blocked', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const outcome = simulate({ ...scan, seed, hosts: [serving([22], 1, 'closed')], ports: 30 });
      expect([outcome.ends, outcome.blocked], `seed ${seed}`).toEqual([['done'], []]);
      expect(tally(outcome), `seed ${seed}`).toEqual({ open: 1, closed: 15, 'open|filtered': 14 });
    }
  });

  test('that has answered what it was asked again and then bans for good: it is blocked', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const hosts = [serving([22], 2)];
      const outcome = simulate({ ...scan, seed, hosts, ports: 300 });
      expect([outcome.ends, outcome.blocked.length], `seed ${seed}`).toEqual([['blocked'], 1]);
      expect(tally(outcome)['unknown']).toBeGreaterThan(0);
    }
  });

  test('of three services that have each answered once none does any more: it is blocked', () => {
    const hosts = [serving([2, 3, 22], 1)];
    const outcome = simulate({ ...scan, seed: 1, hosts, ports: 30 });
    expect([outcome.ends, outcome.blocked.length]).toEqual([['blocked'], 1]);
  });
});
