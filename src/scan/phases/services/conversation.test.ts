import type { Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Loopback } from '../../../dial/loopback.laws.ts';
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
