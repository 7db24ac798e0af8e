import { expect, test } from 'vitest';
import { OptionTable } from '../../engine/answers/option-table.ts';
import { observation } from '../../model/observation.laws.ts';
import { Adoption } from './adoption.ts';
import { eachFrame, recordKinds } from './frame.ts';
import { hostDoneCodec } from './host-records.ts';
import { Numbering, optionsCodec, senderCodec } from './numbering.ts';
import { type Observations, observationsCodec } from './observations.laws.ts';
import { Records } from './records.ts';
import { Senders } from './senders.ts';

const mss = Uint8Array.of(2, 4, 5, 0xb4);
const nop = Uint8Array.of(1, 1, 1, 0);

test('what another shard heard is told under the numbers used here', () => {
  const theirs = new Records({
    senders: [Uint8Array.of(10, 0, 0, 9), Uint8Array.of(10, 0, 0, 1)],
    options: [nop],
  });
  const senders = new Senders();
  const options = new OptionTable();
  const ours = new Records({ senders: senders.list, options: options.entries });
  const adoption = new Adoption(ours, senders, options);
  senders.numberOf(Uint8Array.of(10, 0, 0, 1));
  options.enter(mss, 0, 4);
  ours.observed(0, 0, observation({ sender: 0, options: 1 }));
  theirs.observed(0, 1, observation({ sender: 0, options: 1 }));
  theirs.append(hostDoneCodec, { host: 0, end: 0 });
  adoption.take(theirs.take());
  theirs.observed(0, 2, observation({ sender: 1 }));
  adoption.take(theirs.take());
  expect(read(ours.take())).toEqual([
    '0: mss from 10.0.0.1',
    '1: nop,nop,nop from 10.0.0.9',
    'done',
    '2: - from 10.0.0.1',
  ]);
});

function read(batch: Uint8Array): readonly string[] {
  const told: string[] = [];
  const numbering = new Numbering();
  eachFrame(batch, (kind, view, start, end) => {
    if (kind === recordKinds.sender) numbering.addSender(senderCodec.parse(view, start, end) as never);
    if (kind === recordKinds.options) numbering.addOptions(optionsCodec.parse(view, start, end) as never);
    if (kind === recordKinds['host-done']) told.push('done');
    if (kind !== recordKinds.observations) return;
    const { answers } = observationsCodec.parse(view, start, end) as Observations;
    for (const { question, seen } of answers) {
      const words = seen.options === 0 ? '-' : numbering.optionsOf(seen.options)?.text;
      told.push(`${question}: ${words} from ${numbering.senderOf(seen.sender)}`);
    }
  });
  return told;
}
