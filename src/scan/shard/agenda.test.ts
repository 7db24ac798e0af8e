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

describe('groups of their own ports', () => {
  const only = (tcp: string, udp = '') => ({ targets: '', ports: { tcp, udp, sctp: '', ip: '' } });
  const asked = ({ ports, groups }: ReturnType<typeof agendaOf>, group: number) =>
    [...(groups[group]?.some ?? [])].map(
      (q) => `${ports?.techniques[ports.techniqueOf[q] as number]} ${ports?.portOf[q]}`,
    );

  test.each([[true], [false]])('are asked these and no others, in the order of all: %s', (inOrder) => {
    const groups = [only('22,80', '53,60000'), only('80-81'), only('', '1,53')];
    const agenda = agendaOf(plan({ techniques: ['syn', 'udp'], groups, inOrder }));
    expect(asked(agenda, 0).sort()).toEqual(['syn 22', 'syn 80', 'udp 53', 'udp 60000']);
    expect(asked(agenda, 1).sort()).toEqual(['syn 80', 'syn 81']);
    expect(asked(agenda, 2)).toEqual(inOrder ? ['udp 1', 'udp 53'] : ['udp 53', 'udp 1']);
    expect(asked(agenda, 0)[0]).toBe(inOrder ? 'syn 22' : 'udp 53');
  });

  // It took minutes: a list of hosts with a port each, as other scanners write it.
  test('may be as many as hosts', () => {
    const groups = Array.from({ length: 40_000 }, (_, i) => only(`${i + 1}`));
    const agenda = agendaOf(plan({ techniques: ['syn'], groups }));
    expect(asked(agenda, 39_999)).toEqual(['syn 40000']);
  });
});

/** As much of a plan as the agenda reads. */
function plan(over: Partial<Plan>): Plan {
  const udp = '1-2,53-55,123,161,60000-60002';
  const groups = [{ targets: '', ports: { tcp: udp, udp, sctp: '', ip: '' } }];
  return { goal: 'ports', discovery: [], inOrder: false, seed: 7, groups, ...over } as unknown as Plan;
}
