import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPorts } from '../../model/ports.ts';
import { Rest } from './rest.ts';

const techniques = ['syn', 'ack'];
const perTechnique = 150;
/** Every `step`th port for two techniques. */
const everyPort = (step: number) => ({
  techniques,
  techniqueOf: Uint8Array.from({ length: 2 * perTechnique }, (_, q) => Math.floor(q / perTechnique)),
  portOf: Uint16Array.from({ length: 2 * perTechnique }, (_, q) => step * (1 + (q % perTechnique))),
});

test.each([3, 1])(
  'every verdict is told once, in its group, singly where a group is small: step %i',
  (step) => {
    const questions = everyPort(step);
    const verdicts = fc.uniqueArray(
      fc.record({
        question: fc.nat(2 * perTechnique - 1),
        code: fc.constantFrom(0x0203, 0x0204, 0x0305),
      }),
      { selector: ({ question }) => question },
    );
    fc.assert(
      fc.property(verdicts, fc.constantFrom(0, 25, Number.POSITIVE_INFINITY), (all, mostListed) => {
        const rest = new Rest(questions, mostListed);
        for (const { question, code } of all) rest.add(question, code | (7 << 16), question, 1, 0);
        const alike = new Map<string, number[]>();
        for (const { question, code } of all) {
          const key = `${questions.techniqueOf[question]} ${code}`;
          alike.set(key, [...(alike.get(key) ?? []), question]);
        }
        const groups = rest.groups();
        expect(groups.map(({ technique, code }) => `${technique} ${code}`)).toEqual([...alike.keys()]);
        for (const { technique, code, count, ports, records } of groups) {
          const members = (alike.get(`${technique} ${code}`) as number[]).sort((a, b) => a - b);
          const own = members.map((question) => questions.portOf[question]);
          expect(count).toBe(members.length);
          const told = count <= mostListed ? members : [];
          expect(ports).toBe(told.length > 0 ? '' : formatPorts(own as number[]));
          expect(records.map(({ question }) => question)).toEqual(told);
          expect(records.map(({ rttUs }) => rttUs)).toEqual(told);
        }
      }),
    );
  },
);

test('ports that all were judged alike are one range, up to the one that was not', () => {
  const questions = everyPort(1);
  const rest = new Rest(questions, 0);
  for (let q = 0; q < perTechnique; q++) if (q !== 99) rest.add(q, 0x0203, 0, 1, 0);
  expect(rest.groups().map(({ ports }) => ports)).toEqual(['1-99,101-150']);
});

test('ports that lie apart are no range, though all were judged alike', () => {
  const rest = new Rest(everyPort(3), 0);
  for (let q = 0; q < perTechnique; q++) rest.add(q, 0x0203, 0, 1, 0);
  const every = Array.from({ length: perTechnique }, (_, q) => 3 * (q + 1));
  expect(rest.groups().map(({ ports }) => ports)).toEqual([every.join(',')]);
});
