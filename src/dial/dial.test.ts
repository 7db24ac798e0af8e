import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasLibc } from '../system/ffi.ts';
import { type DialWorld, dialLaws } from './dial.laws.ts';
import type { Dial } from './dial.ts';
import { certificate, Loopback } from './loopback.laws.ts';
import { driven, plainDial } from './plain-dial.laws.ts';

test('a scan without dialogues loads no module of Node’s for sockets or TLS', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !/\.(test|laws)\.ts$/.test(name),
  );
  const loading = files.filter((name) =>
    /^import (?!type )[^;]*'node:(net|tls|dgram)'/m.test(readFileSync(new URL(name, folder), 'utf8')),
  );
  expect([loading, files.length > 20]).toEqual([[], true]);
});

/** The laws on real loopback sockets. */
const kinds: readonly (readonly [string, boolean])[] = [
  ...(hasLibc ? [['epoll', false] as const] : []),
  ['node', true],
];

for (const [name, isPortable] of kinds) {
  const loopback = new Loopback();
  const nowUs = () => performance.now() * 1000;
  const world: DialWorld = {
    host: { family: 4, value: 0x7f00_0001n },
    certificate: certificate.der,
    begin: async () => undefined,
    end: () => loopback.close(),
    listen: (talk) => loopback.listen(talk),
    listenDatagrams: (talk) => loopback.listenDatagrams(talk),
    closedPort: () => loopback.closedPort(),
    nowUs,
    dial: (bounds): Dial =>
      plainDial({ kinds: new Set(['connection']), clock: nowUs, isPortable, ...bounds, proxies: [] }),
    // The servers live on this thread: nothing here may sleep in the kernel.
    drive: (dial, work, sink = () => undefined) =>
      driven(work, async () => {
        dial.poll(0, sink);
        await dial.wait(1);
        await new Promise((resolve) => setImmediate(resolve));
      }),
  };
  dialLaws(name, world);
}
