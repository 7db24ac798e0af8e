import { describe, expect, test } from 'vitest';
import { claimOf } from './claims.ts';
import { concludeSystems, type HostEvidence } from './conclude.ts';
import type { SynAckFeatures } from './syn-ack.ts';
import type { Look } from './tell-apart.ts';

const linux: SynAckFeatures = {
  family: 4,
  options: 'mss,sack,ts,nop,wscale',
  mss: 1460,
  scale: 7,
  window: 65160,
  ttl: 64,
  dontFragment: true,
};
const windows: SynAckFeatures = {
  family: 4,
  options: 'mss,nop,wscale,nop,nop,sack',
  mss: 1460,
  scale: 8,
  window: 65535,
  ttl: 127,
  dontFragment: true,
};

describe('one system', () => {
  test('is told with what it is known by, and how far it is', () => {
    const [system, ...others] = conclude([look({ ...linux, ttl: 62 }, 22, 80)]);
    expect(others).toEqual([]);
    expect(system?.ports).toBeUndefined();
    expect(system?.distance).toBe(3);
    expect(system?.matches[0]).toMatchObject({ name: 'Linux 4.19-7.x', generation: '4.19-7.x' });
    expect(system?.matches[0]?.evidence).toEqual([
      'syn-ack: options mss,sack,ts,nop,wscale; window 65160; scale 7; mss 1460; ttl 62 of 64',
    ]);
  });

  test('whose clock begins anew with each connection is of no generation whose clock counts from the start', () => {
    const features = { ...linux, window: 14480 };
    const tell = (values: readonly number[]) =>
      concludeSystems({
        looks: [{ features, ports: [22], count: 1 }],
        claims: [],
        isNear: true,
        isOwn: false,
        behaviour: {
          clock: values.map((value, i) => ({ value, atMs: 110 * i, by: features })),
          ids: [],
          resets: [],
          hasOpen: true,
        },
      })[0];
    const older = tell([5000, 5110, 5220]);
    expect(older?.matches[0]?.generation).toBe('2.6.39-3.10');
    expect(older?.uptimeSeconds).toBe(5);
    const newer = tell([5000, 4_000_000_000, 7]);
    expect(newer?.matches[0]).toMatchObject({ name: 'Linux', family: 'Linux' });
    expect(newer?.matches[0]?.generation).toBeUndefined();
    expect(newer?.uptimeSeconds).toBeUndefined();
  });

  test('which nobody knows has its features instead', () => {
    const [system] = conclude([look({ ...linux, options: 'sack,mss,nop,nop', window: 999 }, 22)]);
    expect(system?.matches).toEqual([]);
    expect(system?.fingerprint).toBe('sack,mss,nop,nop window=999 ttl=64 df=1 scale=7 mss=1460');
  });

  test('stays one where a service has a window of its own', () => {
    expect(conclude([look(linux, 22), look({ ...linux, window: 1234 }, 80)])).toHaveLength(1);
  });

  test('stays one where two ways lead to it, unless it is on the own link', () => {
    const looks = [look({ ...linux, ttl: 53 }, 22), look({ ...linux, ttl: 52 }, 80)];
    expect(conclude(looks)).toHaveLength(1);
    expect(conclude(looks, { isNear: true })).toHaveLength(2);
  });

  test('on the own link is one hop away, whatever its packets begin with', () => {
    expect(conclude([look({ ...linux, ttl: 100 }, 22)], { isNear: true })[0]?.distance).toBe(1);
    const looks = [look(linux, 22, 25), look({ ...linux, ttl: 63 }, 80)];
    expect(conclude(looks, { isNear: true }).map(({ distance }) => distance)).toEqual([1, 2]);
  });

  test('on this machine is nowhere', () => {
    expect(conclude([look(linux, 22)], { isOwn: true })[0]?.distance).toBe(0);
  });
});

describe('two systems behind one address', () => {
  test('of as many ports stand in the order of their distance, whoever answered first', () => {
    const [near, far] = [look(linux, 22), look({ ...linux, ttl: 63 }, 80)];
    for (const looks of [
      [near, far],
      [far, near],
    ])
      expect(
        concludeSystems({ looks, claims: [], isNear: true, isOwn: false }).map(({ ports }) => ports),
      ).toEqual(['22', '80']);
  });

  test('are told by themselves, with their ports', () => {
    const [first, second] = conclude([look(linux, 22, 25, 80), look(windows, 445)]);
    expect(first).toMatchObject({ ports: '22,25,80', distance: 1, matches: [{ family: 'Linux' }] });
    expect(second).toMatchObject({ ports: '445', distance: 2, matches: [{ family: 'Windows' }] });
  });

  test('and what a service says belongs to the one that has its port', () => {
    const [first, second] = conclude([look(linux, 22, 80), look(windows, 445)], {
      claims: [claim('microsoft-ds', 445, 'Windows'), claim('ssh', 22, 'Linux', 'Debian 2+deb12u3')],
    });
    expect(first?.matches[0]?.evidence.at(-1)).toBe('ssh tcp/22: Linux, Debian 2+deb12u3');
    expect(second?.matches[0]?.evidence.at(-1)).toBe('microsoft-ds tcp/445: Windows');
  });

  test('where a service contradicts the stack, it is another one behind it', () => {
    const [first, second] = conclude([look(linux, 80)], { claims: [claim('http', 80, 'Windows')] });
    expect(first?.matches[0]?.family).toBe('Linux');
    expect(second).toMatchObject({ ports: '80', matches: [{ family: 'Windows' }] });
    expect(second?.distance).toBeUndefined();
  });

  test('a proxy that holds the door for one of them is none', () => {
    expect(conclude([look({ ...linux, window: 0 }, 80), look(windows, 445)])).toHaveLength(1);
  });
});

describe('what services say', () => {
  test('is all that is known where no stack was seen', () => {
    const [system] = conclude([], { claims: [claim('ssh', 22, 'Linux', 'Debian 2+deb12u3')] });
    expect(system?.matches[0]).toMatchObject({ name: 'Linux', family: 'Linux' });
    expect(system?.matches[0]?.accuracy).toBeGreaterThanOrEqual(80);
    expect(system?.distance).toBeUndefined();
  });

  test('names the system where it says more than its stack', () => {
    const [system] = conclude([look(linux, 22)], { claims: [claim('ssh', 22, 'RouterOS')] });
    expect(system?.matches.map(({ name }) => name)).toEqual(['RouterOS', 'Linux 4.19-7.x']);
  });

  test('decides between two that the stack leaves open', () => {
    const undecided = { ...linux, options: 'mss,nop,wscale,nop,nop,ts,sack', window: 65535, scale: 14 };
    const before = conclude([look(undecided, 22)])[0]?.matches ?? [];
    const [best] =
      conclude([look(undecided, 22)], { claims: [claim('ssh', 22, 'Junos OS')] })[0]?.matches ?? [];
    expect(before[0]?.accuracy ?? 0).toBeLessThan(80);
    expect(best?.family).toBe('JunOS');
    expect(best?.accuracy).toBeGreaterThanOrEqual(80);
  });

  test('counts for nothing where it was only guessed, or names nothing', () => {
    expect(claimOf({ ...service('http', 80, 'Windows'), confidence: 3 })).toBeUndefined();
    expect(claimOf(service('http', 80, undefined))).toBeUndefined();
    expect(claimOf(service('http', 80, 'TempleOS'))).toBeUndefined();
  });
});

function conclude(looks: readonly Look[], rest: Partial<HostEvidence> = {}) {
  return concludeSystems({ looks, claims: [], isNear: false, isOwn: false, ...rest });
}

function look(features: SynAckFeatures, ...ports: number[]): Look {
  return { features, ports, count: ports.length };
}

function service(name: string, port: number, os: string | undefined, info?: string) {
  return {
    name,
    protocol: 'tcp' as const,
    port,
    ...(os !== undefined && { os }),
    ...(info !== undefined && { info }),
    cpe: [],
    confidence: 10,
  };
}

function claim(...of: Parameters<typeof service>) {
  const found = claimOf(service(...of));
  if (found === undefined) throw new Error('no claim');
  return found;
}
