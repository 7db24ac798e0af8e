/** What a scan does on systems that have no raw packets for us: macOS, Windows. Needs `npm run build`. */

import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedFact } from '../../model/fact.ts';

const server = createServer((_, response) => response.end());
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

test.each(['darwin', 'win32'])('%s: connections by Node’s own sockets', async (platform) => {
  const { port } = server.address() as AddressInfo;
  const { facts, code } = await portolanOn(platform, ['-p', `1-3,${port}`, '--ungrouped', '127.0.0.1']);
  const ports = facts.filter((fact) => fact.type === 'port');
  expect(Object.fromEntries(ports.map((fact) => [fact.port, `${fact.state} (${fact.reason})`]))).toEqual({
    1: 'closed (refused)',
    2: 'closed (refused)',
    3: 'closed (refused)',
    [port]: 'open (connected)',
  });
  expect(facts.at(-1)).toMatchObject({ type: 'summary', exit: 'done', complete: true });
  expect(code).toBe(0);
});

test.each(['-sS', '-sU'])('%s is not permitted there, and what works instead is said', async (flag) => {
  const { code, stderr } = await portolanOn('darwin', [flag, '-p', '1', '127.0.0.1']);
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(/Linux only; try: -sT\n$/) });
});

/** The built command line in a process, threads included, that takes itself to be elsewhere. */
async function portolanOn(
  platform: string,
  args: readonly string[],
): Promise<{ facts: readonly RecordedFact[]; stderr: string; code: number }> {
  const claim = `Object.defineProperty(process, 'platform', { value: '${platform}' })`;
  const bin = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));
  const words = ['--import', `data:text/javascript,${encodeURIComponent(claim)}`, bin, ...args, '-oJ', '-'];
  const { stdout, stderr, code } = await promisify(execFile)(process.execPath, words).then(
    (done) => ({ ...done, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  );
  const lines = stdout.split('\n').filter(Boolean);
  return { facts: lines.map((line) => JSON.parse(line) as RecordedFact), stderr, code };
}
