/**
 * docs/firewall.md: its examples print what they say, in the network that `npm run lab` builds.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../lab/process.ts';
import { labMissing } from '../lab/requirements.ts';

const root = new URL('../../..', import.meta.url).pathname;
const page = readFileSync(join(root, 'docs/firewall.md'), 'utf8');
/** What is typed one after the other, by block. */
const blocks = [...page.matchAll(/^```console\n(.*?)^```/gms)].map(([, text]) =>
  (text as string)
    .split(/^\$ npx portolan /m)
    .slice(1)
    .map((one) => ({ words: one.slice(0, one.indexOf('\n')), printed: one.slice(one.indexOf('\n') + 1) })),
);

describe.skipIf(labMissing() !== undefined)('docs/firewall.md', () => {
  const name = `portolan-docs${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'portolan-examples-'));
  let lab: ChildProcess;
  beforeAll(async () => {
    const env = { ...process.env, PORTOLAN_LAB_NAME: name };
    lab = spawn(process.execPath, [join(root, 'tools/lab.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    for await (const piece of lab.stdout as NodeJS.ReadableStream) {
      said += piece;
      if (said.includes('Ctrl-C')) return;
    }
    throw new Error(`the lab ended: ${said}`);
  });
  afterAll(async () => {
    lab.kill('SIGINT');
    if (lab.exitCode === null) await once(lab, 'exit');
    rmSync(folder, { recursive: true });
  });

  it('has examples', () => {
    expect(blocks.length).toBeGreaterThan(7);
  });

  // One after the other: they share a router, whose errors are limited.
  it.each(blocks.map((block) => [block[0]?.words, block] as const))('portolan %s', async (_, block) => {
    for (const { words, printed } of block) {
      const argv = [process.execPath, join(root, 'bin/portolan.js'), ...words.split(' ')];
      const { stdout, stderr } = await run(['ip', 'netns', 'exec', name, ...argv], { cwd: folder });
      expect(shapeOf(stdout), stderr).toBe(shapeOf(printed));
    }
  });
});

/** What every run says alike: no times, figures of confidence, or numbers that a host makes up. */
function shapeOf(text: string): string {
  return (
    text
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      // The examples share a router, whose errors are limited: what one brings another misses.
      .replaceAll(/^a probe by \w+, ttl \d+(?:.*\n)+?\n/gm, '')
      .replaceAll(/, data [0-9a-f]+/g, '')
      .replaceAll(/[\d.]+ ms/g, 'N ms')
      .replaceAll(/\d+ %/g, 'N %')
      .replaceAll(/^( {2}(?:evidence|answer)|a probe) .*$/gm, (line) =>
        line.replaceAll(/[\d,-]*\d/g, 'N').replaceAll(/(?<=N \w+)s\b/g, ''),
      )
      .replaceAll(/(?<=rests on )(?:a probe|\d+ probes)/g, 'probes')
      .trim()
  );
}
