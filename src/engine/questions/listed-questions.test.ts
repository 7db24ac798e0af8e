import { describe, expect, test } from 'vitest';
import { observation } from '../../model/observation.laws.ts';
import { tcpFlags } from '../../model/reply.ts';
import { verdictOf } from '../../model/verdict.ts';
import { classify } from '../../techniques/classify.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import { judge } from '../../techniques/reply-table.ts';
import { ListedQuestions } from './listed-questions.ts';

describe('questions', () => {
  test('the compiled table says of every segment what the technique says', () => {
    for (const technique of [...Object.values(portTechniques), ...Object.values(hostTechniques)]) {
      const [table] = ListedQuestions.of([{ technique, port: 1, variant: 0 }]).tables;
      for (let i = 0; i < 512; i++) {
        const flags = new Set(tcpFlags.filter((_flag, bit) => (i >> bit) & 1));
        const verdict = classify(technique, { kind: 'tcp', flags, window: i >> 8 });
        const code = table!.tcp[i]!;
        expect(code === 0 ? undefined : verdictOf(code), `${technique.name} ${i}`).toEqual(verdict);
        const seen = observation({ flags: i & 255, window: i >> 8 });
        expect(judge(table!, seen), `${technique.name} ${i}`).toBe(code);
      }
    }
  });

  test('several techniques about one port are all found', () => {
    const { syn, ack, udp } = portTechniques;
    const questions = ListedQuestions.of([
      { technique: syn, port: 80, variant: 0 },
      { technique: ack, port: 80, variant: 0 },
      { technique: syn, port: 81, variant: 0 },
      { technique: udp, port: 80, variant: 0 },
    ]);
    expect([...questions.about(0, 6, 80)]).toEqual([0, 1]);
    expect([...questions.about(0, 6, 81)]).toEqual([2]);
    expect([...questions.about(0, 17, 80)]).toEqual([3]);
    expect([...questions.about(0, 17, 81)]).toEqual([]);
  });
});
