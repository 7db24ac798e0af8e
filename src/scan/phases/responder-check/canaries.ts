/**
 * Canaries: ports of a host that hold no service by all likelihood. Whoever answers for them answers for any
 * port.
 *
 * @module
 */

import { SeededRandom } from '../../../base/random.ts';
import { canaryCount } from '../../../plan/check-bounds.ts';
import { techniqueOf } from '../../../techniques/index.ts';
import { strayAck } from '../../../techniques/stray-ack.ts';
import type { Technique } from '../../../techniques/technique.ts';
import type { QuestionList, ShardConfig } from '../../shard/config.ts';
import { askedTechnique } from '../../shard/question-list.ts';

/** The questions about canaries, behind those of the user; the same for all hosts of a scan. */
export interface Canaries {
  readonly ports: readonly number[];
  /** The technique whose `open` is doubted, by its place in the list of questions. */
  readonly technique: number;
  /** The number of the first canary's question. The others follow. */
  readonly first: number;
  /** Behind them stand as many questions for each of these: closer looks at canaries that are open. */
  readonly looks: readonly Technique[];
}

/** What of a configuration decides on canaries. */
export type CanaryConfig = Pick<
  ShardConfig,
  'transport' | 'ports' | 'seed' | 'avoidedPorts' | 'proxies' | 'variants'
>;

/**
 * The canaries of a scan: random ports of the dynamic range (RFC 6335, section 6) that nobody asks for, or some
 * that are asked where all are. None where no technique is doubted, where flags are the user's own, and where
 * proxies would have to be asked for the evidence.
 */
export function canariesOf(config: CanaryConfig): Canaries | undefined {
  const { transport, ports, seed, avoidedPorts, proxies, variants } = config;
  if (ports === undefined || proxies.length > 0 || hasOwnFlags(variants)) return undefined;
  const technique = ports.techniques.findIndex((name) => {
    const { opensByHandshake, sends } = askedTechnique(name);
    return opensByHandshake === true && (sends === 'sockets') === (transport === 'socket');
  });
  if (technique < 0) return undefined;
  const isAvoided = new Uint8Array(65_536);
  for (const port of avoidedPorts) isAvoided[port] = 1;
  const isTaken = isAvoided.slice();
  for (let q = 0; q < ports.portOf.length; q++)
    if (ports.techniqueOf[q] === technique) isTaken[ports.portOf[q] as number] = 1;
  const chosen = choose(isTaken, seed) ?? choose(isAvoided, seed);
  if (chosen === undefined) return undefined;
  return {
    ports: chosen,
    technique,
    first: ports.portOf.length,
    looks: transport === 'packet' ? [techniqueOf('null'), strayAck] : [],
  };
}

/**
 * The same list with the canaries behind it. They are asked under techniques of their own, so that no answer to
 * one is taken for an answer to the user's question about the same port.
 */
export function withCanaries(list: QuestionList, canaries: Canaries): QuestionList {
  const { ports, technique, first, looks } = canaries;
  const techniques = [list.techniques[technique] as string, ...looks.map(({ name }) => name)];
  const techniqueOf = new Uint8Array(first + ports.length * techniques.length);
  const portOf = new Uint16Array(techniqueOf.length);
  techniqueOf.set(list.techniqueOf);
  portOf.set(list.portOf);
  for (const i of techniques.keys()) {
    const at = first + i * ports.length;
    techniqueOf.fill(list.techniques.length + i, at, at + ports.length);
    portOf.set(ports, at);
  }
  return { techniques: [...list.techniques, ...techniques], techniqueOf, portOf };
}

function hasOwnFlags([plain]: ShardConfig['variants']): boolean {
  return plain !== undefined && plain.flags >= 0;
}

/** Random ports of the dynamic range; undefined where hardly any is left. */
function choose(isTaken: Uint8Array, seed: number): readonly number[] | undefined {
  let free = 0;
  for (let port = firstDynamic; port < isTaken.length; port++) if (isTaken[port] === 0) free++;
  if (free < fewestFree) return undefined;
  const random = new SeededRandom(seed);
  const chosen = new Set<number>();
  while (chosen.size < canaryCount) {
    const port = firstDynamic + random.nextBelow(65_536 - firstDynamic);
    if (isTaken[port] === 0) chosen.add(port);
  }
  return [...chosen];
}

const firstDynamic = 49_152;
/** So few that drawing lots would take long. */
const fewestFree = 16;
