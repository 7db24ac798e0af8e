/** What is said of a way past a filter. @module */

import { countOf, describe } from '../look.ts';
import { portRanges, shortRanges } from '../port-list.ts';
import type { Passage } from '../ways.ts';

/** The ports that ways are open to, in words: `port 25`, `every port that SYN does not reach`. */
export function coveredPorts(passages: readonly Passage[]): string {
  const ports = passages.flatMap(({ ports: { ports }, passes }) => ports.filter(passes));
  const all = [...new Set(ports)].sort((a, b) => a - b);
  const stopped = new Set(passages.flatMap(({ ports: { ports } }) => ports));
  if (all.length === 1) return `port ${all[0]}`;
  if (all.length === stopped.size) return `all ${all.length} ports that are stopped otherwise`;
  return `ports ${shortRanges(all)}`;
}

/** The figures behind a claim, a sentence or two for each class. */
export function passageEvidence(passages: readonly Passage[], what: string): readonly string[] {
  return passages.flatMap(({ ports: stopped, reached, missed, entries, way }) => {
    const plain = stopped.protocol === 'tcp' ? 'a plain SYN' : 'a plain datagram';
    const ascending = [...reached].sort((a, b) => a - b);
    const answers = entries.filter(({ question }) => {
      return question.variant === way.variant && question.technique === way.technique;
    });
    const repeats = entries.filter(
      ({ question }) => question.technique !== way.technique || question.variant === '',
    );
    const plains = repeats.filter(
      ({ question }) => question.technique !== way.technique || way.variant !== '',
    );
    return [
      `${plain} to these ports brought ${describe(stopped.seen)}; ${what} was answered on ${reached.length} of ${countOf(reached.length + missed.length, 'port')} asked (${portRanges(ascending)}), first by ${describe(answers.find(({ question }) => question.port === reached[0])?.seen ?? stopped.seen)}`,
      ...(plains.length > 0
        ? [`the plain probe, repeated after that, was stopped as before (${countOf(plains.length, 'time')})`]
        : []),
    ];
  });
}

/** `8, 16 or 24`. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
