/**
 * The proof of a hole by source port: a real connection from that port, through the kernel.
 *
 * @module
 */

import type { Entry, Wish } from '../book.ts';
import type { FirewallQuestion } from '../contract.ts';
import { kindOf } from '../look.ts';
import type { Scene } from '../scene.ts';
import type { Passage } from '../ways.ts';
import type { Step } from './step.ts';
import { sourcePortWays } from './ways.ts';

/** Connects from the source port to a port that the way opened, to a service where one showed. */
export const proof: Step = {
  about: 'a connection through each hole by source port',
  wishes: (scene) =>
    sourcePortWays.flatMap((way) =>
      scene
        .passages('tcp', way)
        .filter(({ isProven }) => isProven)
        .map((passage): Wish => ({ question: proofQuestion(passage), times: 1 })),
    ),
};

/** What the connection through a hole brought. */
export function proofEntry({ book }: Scene, passage: Passage): Entry | undefined {
  return book.answers(proofQuestion(passage))[0];
}

function proofQuestion({ way, reached, entries }: Passage): FirewallQuestion {
  const open = entries.find(({ question, seen }) => {
    return question.variant === way.variant && kindOf('tcp', seen) === 'open';
  });
  const port = open?.question.port ?? (reached[0] as number);
  return { protocol: 'tcp', technique: 'connect', port, variant: way.variant };
}
