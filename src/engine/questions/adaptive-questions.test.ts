import { expect, test } from 'vitest';
import { portTechniques } from '../../techniques/index.ts';
import { AdaptiveQuestions } from './adaptive-questions.ts';

const { syn, ack, udp } = portTechniques;

test('every row has its own questions, found by transport and port', () => {
  const questions = new AdaptiveQuestions(2, 3);
  expect(questions.add(1, { technique: syn, port: 80, variant: 0 })).toBe(0);
  expect(questions.add(1, { technique: udp, port: 80, variant: 2 })).toBe(1);
  expect(questions.add(0, { technique: ack, port: 80, variant: 1 })).toBe(0);
  expect(questions.add(1, { technique: ack, port: 80, variant: 1 })).toBe(2);
  expect([...questions.about(1, 6, 80)]).toEqual([0, 2]);
  expect([...questions.about(1, 17, 80)]).toEqual([1]);
  expect([...questions.about(0, 6, 80)]).toEqual([0]);
  expect([...questions.about(0, 6, 81)]).toEqual([]);
  expect([questions.techniqueAt(1, 1), questions.portAt(1, 1), questions.variantAt(1, 1)]).toEqual([
    udp,
    80,
    2,
  ]);
  expect(questions.tableAt(0, 0)).toBe(questions.tableAt(1, 2));
});

test('of which question one silence will do is known by row and number', () => {
  const questions = new AdaptiveQuestions(2, 2);
  questions.add(1, { technique: syn, port: 80, variant: 1, isOnce: true });
  questions.add(1, { technique: syn, port: 80, variant: 0 });
  expect([0, 1].map((question) => questions.isOnceAt(1, question))).toEqual([true, false]);
  questions.clear(1);
  questions.add(1, { technique: syn, port: 80, variant: 0 });
  expect(questions.isOnceAt(1, 0)).toBe(false);
});

test('a row takes as many as it has slots, and anew when it is cleared', () => {
  const questions = new AdaptiveQuestions(1, 1);
  const question = { technique: syn, port: 80, variant: 0 };
  questions.add(0, question);
  const tag = questions.tagAt(0, 0);
  expect(questions.roomOf(0)).toBe(0);
  expect(() => questions.add(0, question)).toThrow('no room for more than 1 questions');
  questions.clear(0);
  expect([...questions.about(0, 6, 80)]).toEqual([]);
  expect(questions.add(0, question)).toBe(0);
  // The same question once more is another one, to answers as well.
  expect(questions.tagAt(0, 0)).not.toBe(tag);
});
