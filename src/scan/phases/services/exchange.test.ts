import { expect, test } from 'vitest';
import type { Move, Outcome } from '../../../detect/service/moves.ts';
import { answerBefore, exchangeOf } from './exchange.ts';

const listen: Move = { does: 'listen', waitMs: 1 };
const say: Move = { does: 'say', word: 'http', bytes: Buffer.from('GET /\r\n'), waitMs: 1 };
const secure: Move = { does: 'secure', alpn: ['h2', 'http/1.1'], isNamed: true, waitMs: 1 };
const heard = (text: string, end: 'quiet' | 'end' = 'quiet'): Outcome => ({
  was: 'heard',
  bytes: Buffer.from(text, 'latin1'),
  end,
});

test.each<[string, Move, Outcome, ReturnType<typeof exchangeOf>]>([
  ['a connection that was made', { does: 'open' }, { was: 'opened', rttMs: 1 }, undefined],
  [
    'one that was not',
    { does: 'open' },
    { was: 'over' },
    { connection: 2, said: '', heard: '', end: 'not-opened' },
  ],
  ['a greeting', listen, heard('220 \xff\r\n'), { connection: 2, said: '', heard: '220 \\xff\\r\\n' }],
  [
    'words, and no answer',
    say,
    heard('', 'end'),
    { connection: 2, word: 'http', said: 'GET /\\r\\n', heard: '', end: 'end' },
  ],
  [
    'a session of TLS',
    secure,
    { was: 'secured', version: 'TLSv1.3', cipher: 'X', certificates: [] },
    { connection: 2, word: 'tls', said: 'h2 http/1.1', heard: 'TLSv1.3 X' },
  ],
  [
    'an alert',
    secure,
    { was: 'not-secured', reason: 'alert', alert: 40, heard: new Uint8Array(0) },
    { connection: 2, word: 'tls', said: 'h2 http/1.1', heard: '', end: 'alert 40' },
  ],
  [
    'time that is up',
    say,
    { was: 'over', stopped: 'timeout' },
    { connection: 2, word: 'http', said: 'GET /\\r\\n', heard: '', end: 'timeout' },
  ],
])('%s', (_, move, outcome, exchange) => {
  expect(exchangeOf(2, move, outcome)).toEqual(exchange);
});

test('of what is endless the beginning is kept', () => {
  const { heard: kept = '' } = exchangeOf(1, listen, heard('a'.repeat(4096))) ?? {};
  expect(kept).toHaveLength(400);
  expect(answerBefore(new Uint8Array(5000)).heard).toBe('\\x00'.repeat(400));
});
