/**
 * Hosts that no packet can be brought to: neighbours that do not tell their hardware address. Where every host is taken to
 * be up (`-Pn`) their ports are silent, as they are to the kernel's sockets.
 *
 * @module
 */

import type { Agenda } from '../../engine/hosts/agenda.ts';
import { Observation, observationKind } from '../../model/observation.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { verdictCode } from '../../model/verdict.ts';
import { techniqueOf } from '../../techniques/index.ts';
import type { Records } from '../records/records.ts';
import type { QuestionList } from './config.ts';
import type { Candidate } from './host-source.ts';

/** Tells silence as the answer to all that is asked of a host; undefined where no ports are asked. */
export function silenceOf(ports: QuestionList | undefined, records: Records) {
  if (ports === undefined) return undefined;
  const codes = ports.techniques.map((name) =>
    verdictCode(techniqueOf(name as PortTechniqueName).silence, 'no-response'),
  );
  const seen = new Observation();
  return ({ id }: Candidate, { some, order }: Agenda): void => {
    for (let at = 0; at < order.size; at++) {
      const question = some?.[at] ?? at;
      // Behind them stand questions that only the responder check asks.
      if (question >= ports.portOf.length) continue;
      seen.begin(observationKind.silence);
      seen.code = codes[ports.techniqueOf[question] as number] as number;
      records.observed(id, question, seen);
    }
  };
}
