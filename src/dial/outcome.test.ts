import { expect, test } from 'vitest';
import { errnos } from '../system/errnos.ts';
import { dialOutcome, dialOutcomes } from './contract.ts';
import { outcomeOf } from './outcome.ts';

test('outcome: every errno is a port state, silence or local trouble', () => {
  const named = Object.entries(errnos).map(([name, n]) => [name, dialOutcomes[outcomeOf(n)]]);
  expect(Object.fromEntries(named.filter(([, outcome]) => outcome !== 'local'))).toEqual({
    ECONNREFUSED: 'refused',
    ECONNRESET: 'connected',
    EISCONN: 'connected',
    EPIPE: 'connected',
    EACCES: 'admin-prohibited',
    EPERM: 'admin-prohibited',
    EHOSTUNREACH: 'host-unreach',
    EHOSTDOWN: 'host-unreach',
    ENETUNREACH: 'net-unreach',
    ENOPROTOOPT: 'proto-unreach',
    ETIMEDOUT: 'timeout',
    ENONET: 'timeout',
    EPROTO: 'timeout',
    EMSGSIZE: 'timeout',
    EOPNOTSUPP: 'timeout',
  });
  expect(dialOutcomes[outcomeOf(0)]).toBe('connected');
});

test('outcome: a number nobody knows is never a port state', () => {
  expect(outcomeOf(4095)).toBe(dialOutcome('local'));
});
