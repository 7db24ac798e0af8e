/** The time between two probes to a host. @module */

import { describe, expect, test } from 'vitest';
import { HostPace } from './host-pace.ts';
import { SlowLane } from './slow-lane.ts';
import { hostOf, hostRate, rttBounds } from './test-hosts.laws.ts';

const infinity = Number.POSITIVE_INFINITY;

function paceOf(scanDelayUs = 0, maxPps = infinity): HostPace {
  const rate = { ...hostRate, maxPps };
  return new HostPace({
    rtt: rttBounds,
    hostRate: rate,
    linkRate: rate,
    maxAttempts: 8,
    scanDelayUs,
    hostTimeoutUs: infinity,
    maxParallelism: infinity,
    blockedWaitUs: 0,
  });
}

/** How many probes leave from then on until the end, one after the other, as soon as they may. */
function leave(pace: HostPace, fromUs: number, toUs: number, host = hostOf(10, 'own')): number {
  let sent = 0;
  for (let nowUs = fromUs; nowUs < toUs; nowUs += 100) {
    while (host.nextAtUs <= nowUs) {
      pace.spend(host, 1, nowUs);
      sent++;
    }
  }
  return sent;
}

describe('the pace of a host', () => {
  test('lets one probe leave at first, and the next after its gap', () => {
    const host = hostOf(10, 'own');
    const pace = paceOf();
    expect(pace.mayLeaveNow(host, 100, 0)).toBe(1);
    pace.spend(host, 1, 0);
    expect(host.nextAtUs).toBe(1000);
  });

  test('is its own rate, to the probe', () => {
    expect(leave(paceOf(), 0, 1_000_000)).toBe(1000);
  });

  test('has no gap where neither rate nor delay is bounded', () => {
    const host = hostOf(10);
    expect(paceOf().mayLeaveNow(host, 77, 5)).toBe(77);
    paceOf().spend(host, 77, 5);
    expect(host.nextAtUs).toBeLessThanOrEqual(5);
  });

  test("is the greatest of all hosts' where it has none of its own", () => {
    const host = hostOf(10);
    paceOf(0, 100).spend(host, 1, 0);
    expect(host.nextAtUs).toBe(10_000);
  });

  test("is never faster than the user's delay", () => {
    const host = hostOf(10, 'own');
    paceOf(3000).spend(host, 1, 0);
    expect(host.nextAtUs).toBe(3000);
    expect(leave(paceOf(10_000), 0, 1_000_000)).toBe(100);
  });

  test('makes up for four milliseconds of a pause, however long it was', () => {
    const host = hostOf(10, 'own');
    const pace = paceOf();
    expect(pace.mayLeaveNow(host, 100, 4000)).toBe(5);
    expect(pace.mayLeaveNow(host, 100, 3600e6)).toBe(5);
    expect(pace.mayLeaveNow(host, 3, 3600e6)).toBe(3);
    pace.spend(host, 5, 3600e6);
    expect(host.nextAtUs).toBe(3600e6 + 1000);
    expect(pace.mayLeaveNow(host, 100, 3600e6 + 1000)).toBe(1);
  });

  test('allows as many one by one as at once', () => {
    expect(leave(paceOf(), 3600e6, 3600e6 + 1)).toBe(5);
    expect(leave(paceOf(), 0, 500_000) + 0).toBe(500);
  });

  test('leaves the host alone as long as its variant wants, be it longer than the gap or not', () => {
    const host = hostOf(10, 'own');
    const pace = paceOf();
    pace.spend(host, 1, 0, 50_000);
    expect(host.nextAtUs).toBe(50_000);
    pace.spend(host, 1, 50_000, 10);
    expect(host.nextAtUs).toBe(51_000);
    pace.spend(host, 1, 3600e6, 10);
    expect(host.nextAtUs).toBe(3600e6 + 10);
  });
});

describe('the pace of a slow lane', () => {
  const laneOf = () => new SlowLane(10, hostOf(1).rtt, hostRate, infinity, 0);

  test('is its own, and holds up nobody else', () => {
    const [host, lane] = [hostOf(10, 'own'), laneOf()];
    paceOf().spendSlow(host, lane, 0, 0);
    expect([lane.nextAtUs, host.nextAtUs]).toEqual([20_000, 0]);
  });

  test("holds up others for the user's delay", () => {
    const [host, lane] = [hostOf(10, 'own'), laneOf()];
    paceOf(5000).spendSlow(host, lane, 0, 0);
    expect([lane.nextAtUs, host.nextAtUs]).toEqual([20_000, 5000]);
    const slower = laneOf();
    paceOf(30_000).spendSlow(host, slower, 0, 0);
    expect(slower.nextAtUs).toBe(30_000);
  });

  test('and for what its variant wants', () => {
    const [host, lane] = [hostOf(10, 'own'), laneOf()];
    paceOf().spendSlow(host, lane, 100, 40_000);
    expect([lane.nextAtUs, host.nextAtUs]).toEqual([40_100, 40_100]);
  });
});
