/**
 * A program: one scan by the packet shard under a fixed key, so that its capture can be replayed. Its argument
 * is a request; it prints every verdict as a line `question state reason`.
 *
 * @module
 */

import { verdictOf } from '../../../src/model/verdict.ts';
import { buildPlan, readEnvironment } from '../../../src/plan/build-plan.ts';
import { phasesOf } from '../../../src/scan/phases/index.ts';
import { eachFrame, recordKinds } from '../../../src/scan/records/frame.ts';
import { type HostRecord, hostCodec } from '../../../src/scan/records/host-records.ts';
import { ObservationReader } from '../../../src/scan/records/observations.ts';
import { Verdicts } from '../../../src/scan/records/verdicts.ts';
import { configOf } from '../../../src/scan/shard/config-of-plan.ts';
import { thisMachine } from '../../../src/scan/shard/machine.ts';
import { Shard } from '../../../src/scan/shard/shard.ts';
import { vectorBlock, vectorKey } from '../../vectors/vector.ts';

const plan = await buildPlan(JSON.parse(process.argv[2] as string), readEnvironment());
const config = configOf(
  plan,
  { transport: 'packet', hosts: plan.shard, discovers: true, techniques: plan.techniques },
  { control: new SharedArrayBuffer(8), key: vectorKey, portBlock: vectorBlock, trace: false },
);
const verdicts = new Verdicts(config);
const reader = new ObservationReader();
const shard = new Shard(config, phasesOf(plan), thisMachine(), (message) => {
  if (message.type === 'warning') process.stderr.write(`${message.message}\n`);
  if (message.type === 'batch') eachFrame(message.records, print);
});
await shard.run();

function print(kind: number, view: DataView, start: number, end: number): void {
  if (kind === recordKinds.host) {
    const { phase, question, seen } = hostCodec.parse(view, start, end) as HostRecord;
    const verdict = verdicts.ofHost(phase, question, seen);
    process.stdout.write(`host ${verdict?.state} ${verdict?.reason}\n`);
  }
  if (kind !== recordKinds.observations || reader.open(view, start, end) !== undefined) return;
  for (let i = 0; i < reader.count; i++) {
    reader.read(i);
    const { state, reason } = verdictOf(verdicts.of(reader.phase, reader.question, reader.seen));
    process.stdout.write(`${reader.question} ${state} ${reason}\n`);
  }
}
