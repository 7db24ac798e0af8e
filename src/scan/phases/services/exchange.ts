/**
 * What was said and heard, as it is kept where evidence is wanted.
 *
 * @module
 */

import type { Move, Outcome } from '../../../detect/service/moves.ts';
import { escaped } from '../../../detect/service/text.ts';
import type { Exchange } from '../../../model/service-fact.ts';

/** What a move and its outcome are in the record; undefined: nothing was said or heard by it. */
export function exchangeOf(connection: number, move: Move, outcome: Outcome): Exchange | undefined {
  if (outcome.was === 'opened') return undefined;
  if (move.does === 'open') return told(connection, '', '', 'not-opened');
  const word = move.does === 'secure' ? 'tls' : move.does === 'say' ? move.word : undefined;
  const said =
    move.does === 'say' ? escaped(move.bytes, mostSaid) : move.does === 'secure' ? move.alpn.join(' ') : '';
  if (outcome.was === 'secured')
    return told(connection, said, `${outcome.version} ${outcome.cipher}`, undefined, word);
  if (outcome.was === 'not-secured') {
    const { heard, reason, alert } = outcome;
    return told(
      connection,
      said,
      escaped(heard, mostHeard),
      alert === undefined ? reason : `alert ${alert}`,
      word,
    );
  }
  if (outcome.was === 'over') return told(connection, said, '', outcome.stopped ?? 'reset', word);
  const { bytes, end } = outcome;
  return told(connection, said, escaped(bytes, mostHeard), end === 'quiet' ? undefined : end, word);
}

/** The answer that the scan of ports had got. */
export function answerBefore(answer: Uint8Array): Exchange {
  return told(0, '', escaped(answer, mostHeard));
}

function told(connection: number, said: string, heard: string, end?: string, word?: string): Exchange {
  return {
    connection,
    ...(word !== undefined && { word }),
    said,
    heard,
    ...(end !== undefined && { end }),
  };
}

/** A talk with one port is shorter, unless somebody keeps answering. */
export const mostExchanges = 64;
const mostSaid = 200;
const mostHeard = 400;
