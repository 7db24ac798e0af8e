/**
 * Ports that kept silent while they were asked may answer later, when a filter is looked at: the way to them has opened, or a
 * limit or loss had swallowed what was asked. What is told of them is what they said at last.
 *
 * @module
 */

import { pauseVariant } from '../../firewall/variants.ts';
import type { QuestionList } from '../shard/config.ts';
import { phaseNumbers } from './phase-numbers.ts';
import type { ProbeRecord } from './probe-record.ts';

/** The question of the scan that such a probe asks once more; undefined: it asks something else, or in another way. */
export function questionAskedAgain(
  { phase, technique, protocol, port, variant }: ProbeRecord,
  asked: QuestionList | undefined,
): number | undefined {
  if (phase !== phaseNumbers.firewall || (variant !== '' && variant !== pauseVariant)) return undefined;
  if (asked === undefined || technique !== plainOf[protocol]) return undefined;
  const number = asked.techniques.indexOf(technique);
  const question = asked.portOf.findIndex((one, i) => one === port && asked.techniqueOf[i] === number);
  return question < 0 ? undefined : question;
}

const plainOf: Readonly<Record<string, string>> = { tcp: 'syn', udp: 'udp' };
