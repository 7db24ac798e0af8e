import type { Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { Move, Outcome } from '../../../detect/service/moves.ts';
import type { Service } from '../../../detect/service/service.ts';
import type { Dial, Dialogue, Read } from '../../../dial/dial.ts';
import { Loopback } from '../../../dial/loopback.laws.ts';
import { converse } from './conversation.ts';
import { talkWithAll } from './loopback-talks.laws.ts';

const loopback = new Loopback();
afterAll(() => loopback.close());

test('where the talk is kept, all that was said and heard stands there in its order', async () => {
  const serve = (socket: Socket) =>
    void socket.on('data', (words) => {
      if (words.toString('latin1').startsWith('GET'))
        socket.write('HTTP/1.1 200 OK\r\nServer: nginx/1.2\r\nContent-Length: 0\r\n\r\n');
    });
  const found = await talkWithAll(loopback, { kept: { serve, keepsTalk: true }, forgotten: { serve } });
  expect(found.get('kept')?.talk).toEqual([
    { connection: 1, said: '', heard: '' },
    {
      connection: 1,
      word: 'http',
      said: expect.stringMatching(/^GET \/ HTTP\/1\.1\\r\\nHost: 10\.0\.0\.5/),
      heard: 'HTTP/1.1 200 OK\\r\\nServer: nginx/1.2\\r\\nContent-Length: 0\\r\\n\\r\\n',
    },
  ]);
  expect(found.get('kept')?.result.rule).toMatch(/^server \/\^nginx/);
  expect(found.get('forgotten')?.talk).toEqual([]);
});

test('who comes to an end is not cut, however long it took; who goes on is', async () => {
  const every = (gapMs: number, count: number) => Array.from({ length: count }, (_, i) => i * gapMs);
  expect(await listenTo(every(200, 3))).toEqual({ end: 'quiet', isCut: false, length: 3 });
  // The last byte comes just before nobody is heard for longer.
  expect(await listenTo(every(199, 11))).toEqual({ end: 'quiet', isCut: false, length: 11 });
  expect((await listenTo(every(200, 40))).isCut).toBe(true);
  expect((await listenTo(every(200, 40), 11)).isCut).toBe(false);
});

/** Listens, on a virtual clock, to who sends a byte at each of these milliseconds; so many of them are enough. */
async function listenTo(timesMs: readonly number[], enough = 1000) {
  let nowUs = 0;
  const left = [...timesMs];
  const read = async (_most: number, deadlineUs: number): Promise<Read> => {
    const nextUs = 1000 * (left[0] ?? Number.POSITIVE_INFINITY);
    nowUs = Math.max(nowUs, Math.min(nextUs, deadlineUs));
    if (nextUs > deadlineUs) return { kind: 'timeout' };
    left.shift();
    return { kind: 'bytes', bytes: Uint8Array.of(65) };
  };
  const cost = { connections: 1, bytesIn: 0, bytesOut: 0 };
  const dialogue = { begunUs: 0, cost, read, close: () => undefined } as unknown as Dialogue;
  const dial = {
    get nowUs() {
      return nowUs;
    },
    open: async () => ({ outcome: 'connected', dialogue }),
  } as unknown as Dial;
  const outcomes: Outcome[] = [];
  function* moves(): Generator<Move, Service, Outcome> {
    yield { does: 'open' };
    outcomes.push(yield { does: 'listen', waitMs: 300, isEnough: ({ length }) => length >= enough });
    return { name: null, cpe: [], tls: false, confidence: 3 };
  }
  const target = { host: { family: 4, value: 1n }, port: 1, transport: 'tcp' } as const;
  await converse(moves(), { target, timeoutUs: 30_000_000, closes: 'fin' }, dial);
  const [outcome] = outcomes;
  if (outcome?.was !== 'heard') throw new Error('nothing was heard');
  return { end: outcome.end, isCut: outcome.isCut, length: outcome.bytes.length };
}
