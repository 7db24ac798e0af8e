import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { effectiveCapabilities } from './capabilities.ts';
import { hasLibc } from './ffi.ts';

const isRoot = process.getuid?.() === 0;

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
test.skipIf(!isRoot)('capabilities: given up for good, in all sets of the thread, twice if need be', () => {
  const status = inChild(`
    dropCapabilities();
    dropCapabilities();
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
});

// Skipped without root: there is nothing to give up.
test.skipIf(!isRoot)('capabilities: a program started afterwards gets none back', () => {
  const { mask } = inChild(`
    dropCapabilities();
    const shown = execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' });
    console.log(JSON.stringify({ mask: /CapEff:\\s*(\\w+)/.exec(shown)[1] }));
  `);
  expect(mask).toMatch(/^0+$/);
});

/** Runs code in a process of its own and reads the JSON it prints: what is dropped here stays dropped. */
function inChild(code: string): { after: object; raw: unknown; status: string; mask: string } {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const script = `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import { dropCapabilities, effectiveCapabilities } from '${here}capabilities.ts';
    import { errno, libc } from '${here}ffi.ts';
    ${code}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000, cwd: here }));
}
