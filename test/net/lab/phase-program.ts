/**
 * A program: one scan with a phase more than any plan has. Its argument is a request; it prints what that phase found.
 *
 * @module
 */

import { plainVariant } from '../../../src/engine/probes/variant.ts';
import { buildPlan, readEnvironment } from '../../../src/plan/build-plan.ts';
import { phasesOf } from '../../../src/scan/phases/index.ts';
import { type FindingRecord, findingCodec } from '../../../src/scan/records/finding-record.ts';
import { eachFrame, recordKinds } from '../../../src/scan/records/frame.ts';
import { configOf } from '../../../src/scan/shard/config-of-plan.ts';
import { thisMachine } from '../../../src/scan/shard/machine.ts';
import { controlWord } from '../../../src/scan/shard/messages.ts';
import { Shard } from '../../../src/scan/shard/shard.ts';
import { secondLook } from '../../phases/second-look.ts';

const plan = await buildPlan(JSON.parse(process.argv[2] as string), readEnvironment());
const control = new SharedArrayBuffer(16);
const planned = configOf(
  plan,
  { transport: 'packet', hosts: plan.shard, discovers: true, techniques: plan.techniques },
  { control, key: [1, 2], portBlock: 0xe000, trace: false },
);
const variants = [...planned.variants, { ...plainVariant, sourcePort: 40_000 }];
const config = { ...planned, variants };
const shard = new Shard(config, [...phasesOf(plan), secondLook], thisMachine(), (message) => {
  if (message.type !== 'batch') return;
  Atomics.add(new Int32Array(control), controlWord.batchesRead, 1);
  eachFrame(message.records, print);
});
await shard.run();
shard.close();

function print(kind: number, view: DataView, start: number, end: number): void {
  if (kind !== recordKinds.finding) return;
  const { host, finding } = findingCodec.parse(view, start, end) as FindingRecord;
  process.stdout.write(`${host} ${finding.claim}\n`);
}
