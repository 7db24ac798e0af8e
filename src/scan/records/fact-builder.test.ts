import { expect, test } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import { observation } from '../../model/observation.laws.ts';
import { icmpErrors } from '../../model/reply.ts';
import { FactBuilder } from './fact-builder.ts';
import { hostDoneCodec } from './host-records.ts';
import { Numbering } from './numbering.ts';
import { Records } from './records.ts';

test('who refused is named right though two shards number them alike', () => {
  const { builder, facts } = building();
  builder.take(batch(0, '10.0.0.254'), new Numbering());
  builder.take(batch(1, '10.0.0.253'), new Numbering());
  const from = facts.flatMap((fact) => (fact.type === 'port' ? [[fact.port, fact.from]] : []));
  expect(from).toEqual([
    [80, '10.0.0.254'],
    [81, '10.0.0.253'],
  ]);
  expect(facts.filter(({ type }) => type === 'host-done')).toHaveLength(2);
});

const refusal = observation({ kind: 'icmp', meaning: icmpErrors.indexOf('admin-prohibited') });

/** A refusal of one question by a third party, and the end of the host as this shard sees it. */
function batch(question: number, sender: string): Uint8Array {
  const records = new Records({ senders: [Uint8Array.from(sender.split('.'), Number)], options: [] });
  records.observed(0, question, refusal);
  records.append(hostDoneCodec, { host: 0, end: 0 });
  return records.take();
}

function building(): { readonly builder: FactBuilder; readonly facts: readonly Fact[] } {
  const facts: Fact[] = [];
  const builder = new FactBuilder({
    asked: {
      discovery: undefined,
      ports: {
        techniques: ['syn', 'connect'],
        techniqueOf: Uint8Array.of(0, 1),
        portOf: Uint16Array.of(80, 81),
      },
    },
    nameOf: () => '10.0.0.1',
    askedAs: {},
    serviceName: () => undefined,
    vendorOf: () => undefined,
    ungrouped: false,
    evidence: false,
    emit: (fact) => facts.push(fact),
  });
  return { builder, facts };
}
