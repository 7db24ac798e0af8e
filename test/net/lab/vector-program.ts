/**
 * A program: one scan by the packet shard under a fixed key, so that its capture can be replayed. Its argument
 * is a request; it prints every verdict as a line `question state reason`.
 *
 * @module
 */

import { verdictOf } from '../../../src/model/verdict.ts';
import { buildPlan, readEnvironment } from '../../../src/plan/build-plan.ts';
import { phasesOf } from '../../../src/scan/phases/index.ts';
import { configOf } from '../../../src/scan/shard/config-of-plan.ts';
import { thisMachine } from '../../../src/scan/shard/machine.ts';
import { recordKind, recordWords } from '../../../src/scan/shard/messages.ts';
import { Shard } from '../../../src/scan/shard/shard.ts';
import { vectorBlock, vectorKey } from '../../vectors/vector.ts';

const plan = await buildPlan(JSON.parse(process.argv[2] as string), readEnvironment());
const config = configOf(
  plan,
  { transport: 'packet', hosts: plan.shard, discovers: true, techniques: plan.techniques },
  { control: new SharedArrayBuffer(8), key: vectorKey, portBlock: vectorBlock, trace: false },
);
const shard = new Shard(config, phasesOf(plan), thisMachine(), (message) => {
  if (message.type === 'warning') process.stderr.write(`${message.message}\n`);
  if (message.type !== 'batch') return;
  const { records } = message;
  for (let i = 0; i < records.length; i += recordWords) {
    const question = records[i + 1] as number;
    const isHost = question === recordKind.hostState;
    if (!isHost && question >= recordKind.limited) continue;
    const { state, reason } = verdictOf((records[i + 2] as number) & 0xffff);
    process.stdout.write(`${isHost ? 'host' : question} ${state} ${reason}\n`);
  }
});
await shard.run();
