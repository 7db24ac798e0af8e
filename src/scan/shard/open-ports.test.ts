import { expect, test } from 'vitest';
import { OptionTable } from '../../engine/answers/option-table.ts';
import type { AnswerRun } from '../../engine/batch/batch.ts';
import { observation } from '../../model/observation.laws.ts';
import { doubt, fromTarget, noSender } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import { Adoption } from '../records/adoption.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { Records } from '../records/records.ts';
import { Senders } from '../records/senders.ts';
import { OpenPorts } from './open-ports.ts';

const ports = {
  techniques: ['syn', 'connect', 'udp'],
  techniqueOf: Uint8Array.of(0, 0, 1, 1, 2),
  portOf: Uint16Array.of(443, 22, 443, 22, 53),
};
const config = { ports, discovery: { ...ports } };
const code = verdictCode('open', 'syn-ack');
const synAck = observation({ flags: 0x12, sender: fromTarget, code });
const reset = observation({ flags: 0x14, sender: fromTarget, code: verdictCode('closed', 'reset') });

test('each open port of a host comes once, ascending, and is forgotten then', () => {
  const open = new OpenPorts(config);
  const records = new Records();
  records.listener = open;
  records.observed(1, 0, synAck);
  records.observed(1, 1, reset);
  records.observed(1, 2, observation({ kind: 'connected', code: verdictCode('open', 'connected') }));
  records.observed(1, 4, observation({ kind: 'udp', code: verdictCode('open', 'udp-response') }));
  records.observed(2, 1, synAck);
  records.observed(1, 1, synAck, phaseNumbers.discovery);
  expect(open.take(1).open).toEqual([
    { protocol: 'udp', port: 53 },
    { protocol: 'tcp', port: 443 },
  ]);
  expect([open.take(1).open, open.take(2).open, open.take(3).open]).toEqual([
    [],
    [{ protocol: 'tcp', port: 22 }],
    [],
  ]);
});

test('answers of a batch count like single ones', () => {
  const open = new OpenPorts(config);
  const records = new Records();
  records.listener = open;
  const each = (a: number, b: number) => Uint32Array.of(a, b);
  const run: AnswerRun = {
    count: 2,
    questions: each(1, 0),
    codes: each(code, reset.code),
    flags: each(0x12, 0x14),
    windows: each(0, 0),
    ttls: each(64, 64),
    dontFragment: each(1, 1),
    ipIds: each(0, 0),
    atUs: Float64Array.of(2, 2),
    sentUs: Float64Array.of(1, 1),
    latestSentUs: 1,
    items: new Uint8Array(24),
    stretches: 2,
    ends: Uint32Array.of(1, 2),
  };
  records.run(1, run);
  expect(open.take(1).open).toEqual([{ protocol: 'tcp', port: 22 }]);
});

test('what a guest has seen counts, judged again: not what is doubted, nor what made a host up', () => {
  const guest = new Records();
  guest.observed(1, 0, synAck);
  guest.observed(1, 1, reset);
  const doubted = observation({ kind: 'connected', sender: noSender, code });
  doubt(doubted);
  guest.observed(1, 3, doubted);
  guest.observed(2, 1, synAck, phaseNumbers.discovery);
  const open = new OpenPorts(config);
  const adoption = new Adoption(new Records(), new Senders(), new OptionTable(), open.hear.bind(open));
  adoption.take(guest.take());
  expect([open.take(1).open, open.take(2).open]).toEqual([[{ protocol: 'tcp', port: 443 }], []]);
});

test('what an earlier run has seen counts as well', () => {
  const open = new OpenPorts({
    ...config,
    said: new Map([[1, { open: [1, 3], heard: new Map(), silent: new Set<number>() }]]),
  });
  open.note(1, 0, code);
  expect(open.take(1).open).toEqual([
    { protocol: 'tcp', port: 22 },
    { protocol: 'tcp', port: 443 },
  ]);
});
