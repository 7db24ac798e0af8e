/**
 * A program: scans, one after the other, and after each the place where each class of ports ends. Its argument is a request
 * and the number of `rounds`; it prints a line of JSON for each class of each.
 *
 * @module
 */

import { buildPlan, readEnvironment } from '../../../src/plan/build-plan.ts';
import { firewallPhase } from '../../../src/scan/phases/firewall/phase.ts';
import { phasesOf } from '../../../src/scan/phases/index.ts';
import { type FindingRecord, findingCodec } from '../../../src/scan/records/finding-record.ts';
import { eachFrame, recordKinds } from '../../../src/scan/records/frame.ts';
import { configOf } from '../../../src/scan/shard/config-of-plan.ts';
import { thisMachine } from '../../../src/scan/shard/machine.ts';
import { controlWord } from '../../../src/scan/shard/messages.ts';
import { Shard } from '../../../src/scan/shard/shard.ts';
import { locate } from '../../phases/locate.ts';

const { rounds, ...request } = JSON.parse(process.argv[2] as string) as { readonly rounds: number };
for (let round = 0; round < rounds; round++) await scan();

async function scan(): Promise<void> {
  const plan = await buildPlan(
    { ...request, firewall: {} } as Parameters<typeof buildPlan>[0],
    readEnvironment(),
  );
  const control = new SharedArrayBuffer(16);
  const config = configOf(
    plan,
    { transport: 'packet', hosts: plan.shard, discovers: true, techniques: plan.techniques },
    { control, key: [1, 2], portBlock: 0xe000, trace: false },
  );
  const others = phasesOf(plan).filter(({ name }) => name !== 'firewall');
  const shard = new Shard(config, [...others, firewallPhase(locate)], thisMachine(), (message) => {
    if (message.type !== 'batch') return;
    Atomics.add(new Int32Array(control), controlWord.batchesRead, 1);
    eachFrame(message.records, print);
  });
  await shard.run();
  shard.close();
}

function print(kind: number, view: DataView, start: number, end: number): void {
  if (kind !== recordKinds.finding) return;
  const { finding } = findingCodec.parse(view, start, end) as FindingRecord;
  if (finding.rule === 'located') process.stdout.write(`${finding.claim}\n`);
}
