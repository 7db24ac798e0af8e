/**
 * What a shard records of a host that stopped answering.
 *
 * @module
 */

import type { Host } from '../../engine/hosts/host.ts';
import type { Questions } from '../../engine/questions/questions.ts';
import { Observation, observationKind } from '../../model/observation.ts';
import { blockedCodec } from './host-records.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { probeWords } from './probe-facts.ts';
import type { Records } from './records.ts';

/** Says that a host stopped answering, when it answered last, and what shows it. Times are microseconds. */
export function recordBlocked(
  host: Host,
  questions: Questions,
  { startUs, nowUs }: { readonly startUs: number; readonly nowUs: number },
  records: Records,
): void {
  const question = host.sentinel - host.row * host.board.questions;
  const words = probeWords(questions.techniqueAt(host.row, question), questions.portAt(host.row, question));
  const probe = { host: host.id, phase: phaseNumbers.ports, port: 0, variant: '', ...words };
  const silence = new Observation();
  silence.begin(observationKind.silence);
  silence.attempts = host.sentinelTries;
  silence.atUs = nowUs;
  const answered = host.sentinels.seenOf(host.sentinel);
  if (answered !== undefined) records.probe({ ...probe, seen: answered });
  records.probe({ ...probe, seen: silence });
  records.append(blockedCodec, {
    host: host.id,
    // It may have answered last when it was looked for.
    sinceMs: Math.max(0, (Math.max(host.lastAnswerUs, answered?.atUs ?? 0) - startUs) / 1000),
    probes: answered === undefined ? 1 : 2,
  });
}
