/**
 * The phases of a shard as the engine wants them.
 *
 * @module
 */

import type { PhaseOptions } from '../engine/engine.ts';
import { Questions, verdictCode } from '../engine/questions.ts';
import { type HostTechniqueName, type PortTechniqueName, techniqueOf } from '../techniques/index.ts';
import type { PhaseNumbers } from './hosts-in-flight.ts';
import type { QuestionList, ShardConfig } from './messages.ts';

/** Phases and their numbers. */
export interface Phases {
  readonly numbers: PhaseNumbers;
  readonly options: readonly PhaseOptions[];
}

/** Discovery and ports, as far as the scan has them; `hosts` is how many this shard asks. */
export function phasesOf({ discovery, ports, limits }: ShardConfig, hosts: number): Phases {
  const lists = [discovery, ports].filter((list) => list !== undefined);
  const numbers = {
    discovery: discovery === undefined ? -1 : 0,
    ports: ports === undefined ? -1 : lists.length - 1,
  };
  const options = lists.map((list, phase): PhaseOptions => {
    const isDiscovery = phase === numbers.discovery;
    return {
      questions: questionsOf(list),
      rows: Math.min(Math.max(1, hosts), Math.max(fewestRows, Math.floor(mostTasks / list.portOf.length))),
      limits: isDiscovery
        ? { ...limits, maxAttempts: Math.min(limits.maxAttempts, discoveryAttempts) }
        : limits,
      firstAnswerSettles: isDiscovery,
    };
  });
  return { numbers, options };
}

/** Whether a verdict code says `open`: in discovery, that the host is up. */
export function isOpen(code: number): boolean {
  return code >> 8 === openCode;
}

function questionsOf({ techniques, techniqueOf: indexOf, portOf }: QuestionList): Questions {
  const tables = techniques.map((name) => techniqueOf(name as PortTechniqueName | HostTechniqueName));
  return new Questions(
    Array.from(portOf, (port, q) => {
      const technique = tables[indexOf[q] as number];
      if (technique === undefined) throw new Error(`question ${q} has no technique`);
      return { technique, port };
    }),
  );
}

const openCode = verdictCode('open', 'syn-ack') >> 8;
/** Questions open at once, over all hosts: about ten bytes each. */
const mostTasks = 2 ** 21;
const fewestRows = 4;
/** A host is asked in several ways already. */
const discoveryAttempts = 3;
