import { spawnSync } from 'node:child_process';
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

test.skipIf(!hasLibc)('two dials that share the descriptors of a process leave some to others', () => {
  // What it does to its limit is for good.
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { plainDial } from '${new URL('plain-dial.laws.ts', import.meta.url)}';
    import { libc } from '${new URL('../system/ffi.ts', import.meta.url)}';
    libc().setrlimit(7, BigUint64Array.of(300n, 300n));
    const loopback = Uint8Array.of(127, 0, 0, 1);
    const dials = [1, 2].map(() => plainDial({ kinds: new Set(['connection']), mostOpen: 4, sharers: 2 }));
    const begun = dials.map((dial) => {
      let token = 0;
      // What was refused at once is outstanding until it is told.
      while (!dial.isFull && dial.start('connection', token, 4, loopback, 0, 1) === 0) token++;
      return [token > 50, dial.isFull];
    });
    closeSync(openSync('/dev/null', 'r'));
    console.log(JSON.stringify(begun));
  `;
  const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '[[true,true],[true,true]]\n', stderr: '' });
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
