import { beforeEach, describe, expect, test } from 'vitest';
import type { Route } from '../../system/route.ts';
import type { Candidate } from './host-source.ts';
import { RouteCache } from './route-cache.ts';
import type { RouteFinder } from './route-finder.ts';
import type { ApproachEvents } from './transport.ts';

const routed: Route = { kind: 'unicast', gateway: { family: 4, value: 1n } };
const near: Route = { kind: 'unicast' };
const way = { path: 3, hop: { neighbour: 5 }, isNear: false };

let approached: { readonly candidate: Candidate; readonly events: ApproachEvents }[];
let told: number[];
let looks: number;
let routes: RouteCache;

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
    approach: (candidate: Candidate, events: ApproachEvents) => void approached.push({ candidate, events }),
  };
  routes = new RouteCache(fake as unknown as RouteFinder, (host) => told.push(host));
});

/** Asks for the way to a host whose address is its number. */
const routeTo = (host: number) => routes.routeTo(host, 4, Uint32Array.of(host, 0, 0, 0));

describe('routes of a sweep', () => {
  test('one question serves all addresses behind a router, and all who waited are told', () => {
    expect([routeTo(200), routeTo(201), routeTo(200)]).toEqual(['asked', 'asked', 'asked']);
    expect([routes.isDue, approached.length]).toEqual([true, 0]);
    routes.look();
    expect([routes.isDue, approached.length]).toEqual([false, 1]);
    expect(told).toEqual([]);
    approached[0]?.events.reached(approached[0].candidate, way);
    expect(told).toEqual([200, 201]);
    expect([routeTo(200), routeTo(777)]).toEqual([way, way]);
    routes.look();
    expect(approached.length).toBe(1);
  });

  test('each neighbour is asked for itself, once', () => {
    routeTo(1);
    routeTo(2);
    routes.look();
    const [first, second] = approached;
    first?.events.reached(first.candidate, { ...way, hop: { neighbour: 9 } });
    second?.events.lost(second.candidate, false);
    expect(told).toEqual([1, 2]);
    expect([routeTo(1), routeTo(2)]).toEqual([{ ...way, hop: { neighbour: 9 } }, 'silent']);
    routes.look();
    expect(approached.length).toBe(2);
  });

  test('trouble of our own is no silence', () => {
    routeTo(1);
    routes.look();
    approached[0]?.events.lost(approached[0].candidate, true);
    expect(routeTo(1)).toBe('unreachable');
  });

  test('the candidate keeps its address though the words are used again', () => {
    const words = Uint32Array.of(7, 0, 0, 0);
    routes.routeTo(7, 4, words);
    words[0] = 8;
    routes.look();
    expect(approached[0]?.candidate.words).toEqual(Uint32Array.of(7));
  });

  test('routes are not looked up again for whoever was asked about lately', () => {
    routeTo(200);
    routes.look();
    approached[0]?.events.reached(approached[0].candidate, way);
    routeTo(200);
    const before = looks;
    for (let i = 0; i < 10; i++) expect(routeTo(200)).toBe(way);
    expect(looks).toBe(before);
    // Another host in the same place of the memory is no mix-up.
    routeTo(1 + 3 * 65_536);
    expect(routeTo(1)).toBe('asked');
  });
});
