import { beforeEach, describe, expect, test } from 'vitest';
import type { Route } from '../system/routes.ts';
import type { Candidate } from './host-source.ts';
import { RememberedWays } from './sweep-ways.ts';
import type { WayEvents, Ways } from './ways.ts';

const routed: Route = { kind: 'unicast', gateway: { family: 4, value: 1n } };
const near: Route = { kind: 'unicast' };
const way = { path: 3, neighbour: 5, isNear: false };

let approached: { readonly candidate: Candidate; readonly events: WayEvents }[];
let told: number[];
let looks: number;
let ways: RememberedWays;

beforeEach(() => {
  approached = [];
  told = [];
  looks = 0;
  const fake = {
    routeTo: (_: number, words: Uint32Array) => {
      looks++;
      return (words[0] as number) < 100 ? near : routed;
    },
    isShared: (route: Route) => route === routed,
    approach: (candidate: Candidate, events: WayEvents) => void approached.push({ candidate, events }),
  };
  ways = new RememberedWays(fake as unknown as Ways, (host) => told.push(host));
});

/** Asks for the way to a host whose address is its number. */
const wayTo = (host: number) => ways.wayTo(host, 4, Uint32Array.of(host, 0, 0, 0));

describe('ways of a sweep', () => {
  test('one question serves all addresses behind a router, and all who waited are told', () => {
    expect([wayTo(200), wayTo(201), wayTo(200)]).toEqual(['asked', 'asked', 'asked']);
    expect([ways.isDue, approached.length]).toEqual([true, 0]);
    ways.look();
    expect([ways.isDue, approached.length]).toEqual([false, 1]);
    expect(told).toEqual([]);
    approached[0]?.events.reached(approached[0].candidate, way);
    expect(told).toEqual([200, 201]);
    expect([wayTo(200), wayTo(777)]).toEqual([way, way]);
    ways.look();
    expect(approached.length).toBe(1);
  });

  test('each neighbour is asked for itself, once', () => {
    wayTo(1);
    wayTo(2);
    ways.look();
    const [first, second] = approached;
    first?.events.reached(first.candidate, { ...way, neighbour: 9 });
    second?.events.lost(second.candidate, false);
    expect(told).toEqual([1, 2]);
    expect([wayTo(1), wayTo(2)]).toEqual([{ ...way, neighbour: 9 }, 'silent']);
    ways.look();
    expect(approached.length).toBe(2);
  });

  test('trouble of our own is no silence', () => {
    wayTo(1);
    ways.look();
    approached[0]?.events.lost(approached[0].candidate, true);
    expect(wayTo(1)).toBe('unreachable');
  });

  test('the candidate keeps its address though the words are used again', () => {
    const words = Uint32Array.of(7, 0, 0, 0);
    ways.wayTo(7, 4, words);
    words[0] = 8;
    ways.look();
    expect(approached[0]?.candidate.words).toEqual(Uint32Array.of(7));
  });

  test('routes are not looked up again for whoever was asked about lately', () => {
    wayTo(200);
    ways.look();
    approached[0]?.events.reached(approached[0].candidate, way);
    wayTo(200);
    const before = looks;
    for (let i = 0; i < 10; i++) expect(wayTo(200)).toBe(way);
    expect(looks).toBe(before);
    // Another host in the same place of the memory is no mix-up.
    wayTo(1 + 3 * 65_536);
    expect(wayTo(1)).toBe('asked');
  });
});
