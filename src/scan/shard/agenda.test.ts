/** In which order questions are asked. */

import { describe, expect, test } from 'vitest';
import type { Plan } from '../../plan/plan.ts';
import { agendaOf } from './agenda.ts';
import { payloadsFor } from './udp-payloads.ts';

describe('the order of questions', () => {
  test('UDP ports whose protocol is known come first, every question once', () => {
    const { ports, groups } = agendaOf(plan({ techniques: ['syn', 'udp'] }));
    const order = groups[0]?.some as Uint32Array;
    const known = [...order].map(
      (q) => ports?.techniqueOf[q] === 1 && payloadsFor(ports.portOf[q] as number).length > 0,
    );
    expect(known).toEqual([...known].sort((a, b) => Number(b) - Number(a)));
    expect(known.filter(Boolean).length).toBe(3);
    expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
  });

  test('TCP alone, and ports asked in order, have no order of their own', () => {
    expect(agendaOf(plan({ techniques: ['syn'] })).groups[0]?.some).toBeUndefined();
    expect(agendaOf(plan({ techniques: ['udp'], inOrder: true })).groups[0]?.some).toBeUndefined();
  });

  test('the seed decides the order', () => {
    const order = (seed: number) => agendaOf(plan({ techniques: ['udp'], seed })).groups[0]?.some;
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });
});

/** As much of a plan as the agenda reads. */
function plan(over: Partial<Plan>): Plan {
  const udp = '1-2,53-55,123,161,60000-60002';
  const groups = [{ targets: '', ports: { tcp: udp, udp, sctp: '', ip: '' } }];
  return { goal: 'ports', discovery: [], inOrder: false, seed: 7, groups, ...over } as unknown as Plan;
}
