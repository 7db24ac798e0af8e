import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rest } from './rest.ts';

const techniques = ['syn', 'ack'];
/** Ports 3, 6, 9, … for two techniques. */
const perTechnique = 150;
const questions = {
  techniques,
  techniqueOf: Uint8Array.from({ length: 2 * perTechnique }, (_, q) => Math.floor(q / perTechnique)),
  portOf: Uint16Array.from({ length: 2 * perTechnique }, (_, q) => 3 * (1 + (q % perTechnique))),
};

test('every verdict is told once, in its group, singly where a group is small', () => {
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
      for (const { question, code } of all) rest.add(question, code | (7 << 16), question, 1);
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
        expect([...ports]).toEqual(own);
        const told = count <= mostListed ? members : [];
        expect(records.map(({ question }) => question)).toEqual(told);
        expect(records.map(({ rttUs }) => rttUs)).toEqual(told);
      }
    }),
  );
});
