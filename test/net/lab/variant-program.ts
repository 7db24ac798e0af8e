/**
 * A program: asks one host questions in several variants, over the links that a scan uses. Its argument is a
 * {@link Questionnaire}; for every question it prints a line `number state`, in the order of the answers. What cannot
 * be asked together with the others is asked when it can.
 *
 * @module
 */

import { PortolanError } from '../../../src/base/errors.ts';
import { OptionTable } from '../../../src/engine/answers/option-table.ts';
import { PacketEngine } from '../../../src/engine/engine.ts';
import type { Host } from '../../../src/engine/hosts/host.ts';
import type { PortTechniqueName } from '../../../src/model/technique-name.ts';
import { verdictOf } from '../../../src/model/verdict.ts';
import { buildPlan, readEnvironment } from '../../../src/plan/build-plan.ts';
import { checkPlan } from '../../../src/plan/check-plan.ts';
import type { PlannedVariant } from '../../../src/plan/plan.ts';
import type { Request } from '../../../src/plan/request.ts';
import { Senders } from '../../../src/scan/records/senders.ts';
import { configOf } from '../../../src/scan/shard/config-of-plan.ts';
import { HostSpace, wordsOf } from '../../../src/scan/shard/host-source.ts';
import { thisMachine } from '../../../src/scan/shard/machine.ts';
import { PacketIo } from '../../../src/scan/shard/packet-io.ts';
import type { Reporter } from '../../../src/scan/shard/reporter.ts';
import { portBlockSize } from '../../../src/scan/shard/slice.ts';
import { payloadsFor, strayPorts } from '../../../src/scan/shard/udp-payloads.ts';
import { freePortBlock } from '../../../src/system/limits.ts';
import { techniqueOf } from '../../../src/techniques/index.ts';

/** What is asked. */
export interface Questionnaire {
  readonly request: Request;
  readonly variants: readonly PlannedVariant[];
  readonly questions: readonly {
    readonly technique: PortTechniqueName;
    readonly port: number;
    readonly variant: number;
  }[];
}

const { request, variants, questions } = JSON.parse(process.argv[2] as string) as Questionnaire;
const plan = checkPlan({ ...(await buildPlan(request, readEnvironment())), variants });
const config = configOf(
  plan,
  { transport: 'packet', hosts: plan.shard, discovers: false, techniques: plan.techniques },
  { control: new SharedArrayBuffer(12), key: [1, 2], portBlock: freePortBlock(portBlockSize), trace: false },
);
const machine = thisMachine();
const options = new OptionTable();
/** Numbers of those that are still to be asked, and of those that were, in the engine's order. */
const left = [...questions.keys()];
const asked: number[] = [];
const engine = new PacketEngine(
  {
    phases: [{ kind: 'adaptive', slots: questions.length, rows: 1, limits: config.limits }],
    inOrder: true,
    key: config.key,
    variants: config.variants,
    payloadsFor,
    strayPorts,
    senderOf: () => 0,
    optionTable: options,
  },
  {
    observed(host, question, { code }) {
      process.stdout.write(`${asked[question]} ${verdictOf(code).state}\n`);
      askMore(host);
    },
    hostDone: () => {},
    blocked: () => {},
  },
  machine.nowUs(),
);
const reporter = { warn: (message: string) => process.stderr.write(`${message}\n`) } as unknown as Reporter;
const io = new PacketIo(
  { config, machine, reporter, senders: new Senders(), options, isOut: () => false },
  engine,
);
const address = new HostSpace(config.groups).addressOf(0);
const candidate = { id: 0, family: address.family, words: wordsOf(address.family, address.value) };
io.routes.approach(candidate as Parameters<typeof io.routes.approach>[0], {
  reached(_, route) {
    if (route === undefined) throw new Error('no route');
    const first = left.shift() as number;
    asked.push(first);
    askMore(engine.admit(0, 0, candidate.words, route, [questionOf(first)], machine.nowUs()));
  },
  lost: () => process.stderr.write('the host is not reached\n'),
});
while (engine.isBusy || io.routes.links.pending > 0) {
  io.receive();
  const nowUs = machine.nowUs();
  engine.handleTimeout(nowUs);
  io.routes.tick(nowUs);
  if (io.transmit(nowUs) === 0) machine.wait(io.descriptors, 2);
}
io.close();

function askMore(host: Host): void {
  for (const number of left.splice(0)) {
    try {
      engine.ask(host, questionOf(number));
      asked.push(number);
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error;
      left.push(number);
    }
  }
}

function questionOf(number: number) {
  const { technique, port, variant } = questions[number] as (typeof questions)[number];
  return { technique: techniqueOf(technique), port, variant };
}
