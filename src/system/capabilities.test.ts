import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { effectiveCapabilities } from './capabilities.ts';
import { hasLibc } from './ffi.ts';

const isRoot = process.getuid?.() === 0;
/** A process of its own starts and loads the TypeScript loader. */
const timeout = 30_000;

test.skipIf(!hasLibc)('capabilities: agree with what the kernel shows', () => {
  const mask = BigInt(
    `0x${/^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[1]}`,
  );
  const has = (bit: bigint) => (mask >> bit) % 2n === 1n;
  expect(effectiveCapabilities()).toEqual({
    netRaw: has(13n),
    netAdmin: has(12n),
    bpf: has(39n) || has(21n),
  });
});

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)(
  'capabilities: given up for good, in all sets of the thread, twice if need be',
  { timeout },
  () => {
    const status = inChild(`
    cutBoundingSet([]);
    keepCapabilities([]);
    keepCapabilities([]);
    const after = effectiveCapabilities();
    let raw = 'opened';
    if (libc().socket(17, 2, 0) < 0) raw = errno();
    console.log(JSON.stringify({ after, raw, status: readFileSync('/proc/thread-self/status', 'utf8') }));
  `);
    expect(status.after).toEqual({ netRaw: false, netAdmin: false, bpf: false });
    expect(status.raw).toBe(1);
    const sets = /Cap(?:Inh|Prm|Eff|Bnd|Amb):\s*[1-9a-f]/g;
    expect(status.status).toMatch(/CapEff:\s*0+$/m);
    expect(status.status.match(sets)).toBeNull();
    expect(status.status).toMatch(/NoNewPrivs:\s*1/);
  },
);

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)('capabilities: a program started afterwards gets none back', { timeout }, () => {
  const { mask } = inChild(`
    keepCapabilities([]);
    const shown = execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' });
    console.log(JSON.stringify({ mask: /CapEff:\\s*(\\w+)/.exec(shown)[1] }));
  `);
  expect(mask).toMatch(/^0+$/);
});

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)('capabilities: what is to be kept stays, and nothing else', { timeout }, () => {
  const { status } = inChild(`
    cutBoundingSet(['CAP_NET_RAW']);
    keepCapabilities(['CAP_NET_RAW']);
    console.log(JSON.stringify({ status: readFileSync('/proc/thread-self/status', 'utf8') }));
  `);
  expect(status).toMatch(/CapPrm:\s*0+2000\nCapEff:\s*0+2000\nCapBnd:\s*0+2000\n/);
});

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)(
  'capabilities: a dormant one opens a socket where it is called, only there',
  { timeout },
  () => {
    const { raw } = inChild(`
    keepCapabilities(['CAP_NET_RAW'], ['CAP_NET_RAW']);
    const open = () => libc().socket(17, 2, 0);
    console.log(JSON.stringify({ raw: [open(), withDormant(open), open()].map((fd) => fd >= 0) }));
  `);
    expect(raw).toEqual([false, true, false]);
  },
);

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)(
  'capabilities: every thread of the pool gives them up, however many are busy',
  { timeout },
  () => {
    const { raw } = inChild(`
    import { readdirSync } from 'node:fs';
    import { lookup } from 'node:dns/promises';
    const effective = () => readdirSync('/proc/self/task').map((thread) =>
      /CapEff:\\s*(\\w+)/.exec(readFileSync('/proc/self/task/' + thread + '/status', 'utf8'))[1]);
    const busy = Array.from({ length: 20 }, () => lookup('localhost'));
    await keepCapabilitiesOfPool(['CAP_NET_RAW']);
    await Promise.all(busy);
    const told = effective().filter((one) => BigInt('0x' + one) === 0x2000n).length;
    console.log(JSON.stringify({ raw: told }));
  `);
    expect(raw).toBe(4);
  },
);

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot).each([
  ['has given up before', 'keepCapabilities(kept);'],
  ['has not', ''],
])(
  'capabilities: a pool that begins from a thread that %s has what is to be kept',
  { timeout },
  (_, before) => {
    // Nothing is loaded by Node's own loader of modules, which would have begun the pool.
    const { outputFiles } = buildSync({
      stdin: {
        contents: `
          import { readdirSync, readFileSync } from 'node:fs';
          import { keepCapabilities, keepCapabilitiesOfPool } from './capabilities.ts';
          const kept = ['CAP_NET_RAW'];
          const threads = () => readdirSync('/proc/self/task');
          const there = new Set(threads());
          ${before}
          keepCapabilitiesOfPool(kept).then(() => {
            const sets = threads().filter((thread) => !there.has(thread)).map((thread) =>
              /CapPrm:\\s*(\\w+)/.exec(readFileSync('/proc/self/task/' + thread + '/status', 'utf8'))[1]);
            console.log(JSON.stringify(sets));
          });`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    });
    const shown = execFileSync(process.execPath, ['-e', outputFiles[0]?.text ?? ''], { encoding: 'utf8' });
    expect(JSON.parse(shown)).toEqual(Array(4).fill('0000000000002000'));
  },
);

/** Runs code in a process of its own and reads the JSON it prints: what is dropped here stays dropped. */
function inChild(code: string): { after: object; raw: unknown; status: string; mask: string } {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const script = `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import { cutBoundingSet, effectiveCapabilities, keepCapabilities, keepCapabilitiesOfPool, withDormant } from '${here}capabilities.ts';
    import { errno, libc } from '${here}ffi.ts';
    ${code}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000, cwd: here }));
}
