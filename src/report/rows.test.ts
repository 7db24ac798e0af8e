import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortFact, PortsFact } from '../model/fact.ts';
import { formatPorts, parsePortRanges } from '../model/ports.ts';
import { tabulate } from './rows.ts';
import { at, plainShow, portFact, portsFact } from './writer.laws.ts';
import type { HostReport } from './writer.ts';

const report = (ports: readonly PortFact[], groups: readonly PortsFact[]): HostReport => ({
  host: { type: 'host', n: 1, host: '10.0.0.5', state: 'up', reason: 'echo-reply', at: at(1) },
  techniques: ['syn', 'ack', 'fin'],
  ports,
  groups,
  services: [],
  systems: [],
  policies: [],
  findings: [],
  probes: [],
  traces: [],
});

const ack = { technique: 'ack' } as const;

describe('port table', () => {
  test('one row per port and protocol, in order, its techniques as requested', () => {
    const { rows } = tabulate(
      report(
        [
          portFact(53, 'open', 'udp-response', { protocol: 'udp', technique: 'udp' }),
          portFact(80, 'unfiltered', 'reset', ack),
          portFact(80, 'open', 'syn-ack'),
          portFact(22, 'open', 'syn-ack'),
        ],
        [],
      ),
      plainShow,
    );
    expect(rows.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual(['22/tcp', '80/tcp', '53/udp']);
    expect(rows[1]?.judgements.map(({ technique }) => technique)).toEqual(['syn', 'ack']);
    expect(rows[1]?.headline.state).toBe('open');
  });

  test('a listed port takes what the groups of other techniques say of it', () => {
    const groups = [portsFact('1-1000', 1000, 'unfiltered', 'reset', ack)];
    const { rows, hidden } = tabulate(report([portFact(22, 'filtered', 'no-response')], groups), plainShow);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.judgements.map(({ state }) => state)).toEqual(['filtered', 'unfiltered']);
    expect(rows[0]?.headline.state).toBe('unfiltered');
    expect(hidden.map(({ ports, count }) => [ports, count])).toEqual([['1-21,23-1000', 999]]);
  });

  test('up to 25 ports of a state are listed, more are counted, and more verbosity lists more', () => {
    const counts = (count: number, verbosity = 0) => {
      const group = portsFact(`1-${count}`, count, 'closed', 'reset');
      const { rows, hidden } = tabulate(report([], [group]), { ...plainShow, verbosity });
      return [rows.length, hidden.length];
    };
    expect(counts(25)).toEqual([25, 0]);
    expect(counts(26)).toEqual([0, 1]);
    expect(counts(50, 1)).toEqual([50, 0]);
  });

  test('ports that are only counted name their techniques as requested, whatever came first', () => {
    const groups = [
      portsFact('1-90', 90, 'unfiltered', 'reset', ack),
      portsFact('1-90', 90, 'closed', 'reset'),
    ];
    const { hidden } = tabulate(report([], groups), plainShow);
    expect(hidden.map(({ state }) => state)).toEqual(['closed']);
    expect(hidden[0]?.judgements.map(({ technique }) => technique)).toEqual(['syn', 'ack']);
  });

  test('groups that say the same become one', () => {
    const groups = [portsFact('1-30', 30, 'closed', 'reset'), portsFact('31-60,99', 31, 'closed', 'reset')];
    const { hidden } = tabulate(report([], groups), plainShow);
    expect(hidden.map(({ ports, count }) => [ports, count])).toEqual([['1-60,99', 61]]);
  });

  test('every verdict of every technique is shown exactly once, whatever the groups', () => {
    const portSet = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 120 });
    fc.assert(
      fc.property(portSet, portSet, portSet, portSet, (first, second, third, alone) => {
        const list = (ports: readonly number[]) => formatPorts([...ports].sort((a, b) => a - b));
        const free = first.filter((port) => !alone.includes(port));
        const facts = alone.map((port) => portFact(port, 'open', 'syn-ack'));
        const groups = [
          portsFact(list(third), third.length, 'open|filtered', 'no-response', { technique: 'fin' }),
          portsFact(list(free), free.length, 'closed', 'reset'),
          portsFact(list(second), second.length, 'unfiltered', 'reset', ack),
        ].filter(({ count }) => count > 0);
        const { rows, hidden } = tabulate(report(facts, groups), plainShow);
        const shown = [
          ...rows.flatMap(({ port, judgements }) =>
            judgements.map(({ technique }) => `${technique} ${port}`),
          ),
          ...hidden.flatMap(({ ports, judgements }) =>
            parsePortRanges(ports).flatMap((port) =>
              judgements.map(({ technique }) => `${technique} ${port}`),
            ),
          ),
        ];
        const asked = [
          ...[...free, ...alone].map((port) => `syn ${port}`),
          ...second.map((port) => `ack ${port}`),
          ...third.map((port) => `fin ${port}`),
        ];
        expect(shown.sort()).toEqual(asked.sort());
        for (const { ports, count } of hidden) expect(parsePortRanges(ports)).toHaveLength(count);
      }),
    );
  });
});
