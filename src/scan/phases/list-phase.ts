/**
 * Phases that ask hosts a list of questions, as the engine wants them.
 *
 * @module
 */

import { SeededRandom } from '../../base/random.ts';
import type { ListPhase } from '../../engine/engine-options.ts';
import { ListedQuestions } from '../../engine/questions/listed-questions.ts';
import { likelyTcpPorts } from '../../plan/likely-ports.ts';
import type { Row, Technique } from '../../techniques/technique.ts';
import type { QuestionList, ShardConfig } from '../shard/config.ts';
import { askedTechnique } from '../shard/question-list.ts';

/** A list of questions as the engine asks it of hosts, of which there are `hosts` at most. */
export function listPhase(
  list: QuestionList,
  { limits, ignoreResets, isThrifty = false, seed }: ShardConfig,
  hosts: number,
  isDiscovery: boolean,
): ListPhase {
  // Without rate control what waits for its time-out must not hold up what is still to be sent.
  const isUnbounded = limits.linkRate.minPps === Number.POSITIVE_INFINITY;
  const tasks = isUnbounded ? mostTasksUnbounded : mostTasks;
  return {
    kind: 'list',
    questions: questionsOf(list, isDiscovery && ignoreResets),
    rows: Math.min(
      Math.max(1, hosts),
      isUnbounded ? mostTasksUnbounded : mostHosts,
      Math.max(fewestRows, Math.floor(tasks / list.portOf.length)),
    ),
    limits: isDiscovery
      ? { ...limits, maxAttempts: Math.min(limits.maxAttempts, discoveryAttempts) }
      : isThrifty
        ? { ...limits, thrift: { spared: sparedOf(list, seed) } }
        : limits,
    firstAnswerSettles: isDiscovery,
  };
}

/**
 * The questions of which one silence may do, among the TCP ports where hardly anybody serves: one in four, and two in four
 * more where many others were answered. When all others stay silent for the second time as well, and nothing was lost,
 * these would have done so too.
 */
function sparedOf({ techniques, techniqueOf, portOf }: QuestionList, seed: number): Uint8Array {
  const likely = new Set(likelyTcpPorts(mostLikely));
  const syn = techniques.indexOf('syn');
  // Ports that lie together, or every second one, may well have one rule.
  const chance = new SeededRandom(seed);
  return Uint8Array.from(portOf, (port, q) => {
    const turn = Math.floor(chance.nextFloat() * sparedInTurn.length);
    return techniqueOf[q] === syn && !likely.has(port) ? (sparedInTurn[turn] as number) : 0;
  });
}

/** A list with its techniques' tables compiled; `isDeaf`: resets mean nothing. */
export function questionsOf(
  { techniques, techniqueOf: indexOf, portOf }: QuestionList,
  isDeaf: boolean,
): ListedQuestions {
  const tables = techniques.map((name) => {
    const technique = askedTechnique(name);
    return isDeaf ? withoutResets(technique) : technique;
  });
  return new ListedQuestions(tables, indexOf, portOf);
}

/** The same technique, which gives resets no meaning. */
function withoutResets(technique: Technique): Technique {
  const isReset = (row: Row) => 'reason' in row && (row.reason === 'reset' || row.reason === 'refused');
  return { ...technique, replies: technique.replies.filter((row) => !isReset(row)) };
}

/** Questions open at once, over all hosts of a shard: each host costs some kilobytes here and on the main thread. */
const mostTasks = 2 ** 17;
const mostTasksUnbounded = 2 ** 20;
const fewestRows = 4;
/** Hosts asked at once: as many as four probes each leave of the above, whoever is asked fewer. */
const mostHosts = 2 ** 15;
/** A host is asked in several ways already. */
const discoveryAttempts = 3;
/** Ports that are never spared, and how the others are, by chance. */
const mostLikely = 200;
const sparedInTurn = [1, 2, 0, 2] as const;
