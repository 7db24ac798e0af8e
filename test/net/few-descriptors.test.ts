/**
 * Other work of the same process uses up its descriptors while a scan is under way: that is waited for, or told of the
 * target whose way could not be found, and ends no scan. Where there are too few to begin with, one line says so.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SummaryFact } from '../../src/model/fact.ts';
import type { Request } from '../../src/plan/request.ts';
import { listen } from './lab/listen.ts';
import { Namespace } from './lab/namespace.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const program = fileURLToPath(new URL('lab/hoarder-program.mjs', import.meta.url));

describe.skipIf(missing !== undefined)('a process without descriptors', () => {
  const id = `portolan-${process.pid}-few`;
  let folder: string;
  let scanner: Namespace;
  let target: Namespace;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `${id}-`));
    scanner = new Namespace(`${id}-scanner`, folder);
    target = new Namespace(`${id}-target`, folder);
    scanner.ip(`link add eth0 type veth peer name eth0 netns ${target.name}`);
    scanner.ip('addr add 10.83.1.1/24 dev eth0', 'link set eth0 up');
    target.ip('addr add 10.83.1.2/24 dev eth0', 'link set eth0 up');
    await listen(target, { tcp: '1' });
  });
  afterAll(() => {
    scanner?.remove();
    target?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function scan(request: Request): Promise<SummaryFact> {
    const { node, root } = scanner.paths();
    const whole = { reverseNames: 'never', discovery: 'skip', inOrder: true, ...request };
    const library = join(root, 'dist/index.js');
    const argv = [node, program, library, JSON.stringify(whole)];
    // Node opens the library's modules side by side, and cannot load them with 128.
    const { status, stdout, stderr } = await scanner.run(argv, { rlimits: { nofile: 256 } });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout) as SummaryFact;
  }

  // The routes in use are looked at once a second and more.
  for (const technique of ['syn', 'connect'] as const)
    it(`scans on by ${technique}`, async () => {
      const request: Request = {
        targets: ['10.83.1.2'],
        techniques: [technique],
        ports: '1-300',
        maxRatePps: 200,
      };
      const summary = await scan(request);
      expect(summary).toMatchObject({ exit: 'done', ports: { open: 1, closed: 299 } });
    });

  it('scans with as many as it wants, and says in one line that there are fewer', async () => {
    const { node, root } = scanner.paths();
    const under = (nofile: number, ...argv: readonly string[]) =>
      scanner.run([node, ...argv], { rlimits: { nofile } });
    const empty = join(folder, 'empty.js');
    writeFileSync(empty, '');
    // Below that Node itself does not start: it crashes, or reads no file.
    let fewest = 16;
    while ((await under(fewest, empty)).status !== 0) fewest++;
    const refusals: string[] = [];
    for (let limit = fewest; ; limit++) {
      const args = ['-Pn', '-n', ...(limit % 2 === 0 ? ['-sS'] : ['-sT']), '-p1-2', '10.83.1.2'];
      const { status, stdout, stderr } = await under(limit, join(root, 'bin/portolan.js'), ...args);
      if (status === 0) {
        expect(stdout).toMatch(/^1\/tcp +open/m);
        break;
      }
      expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
      refusals.push(stderr);
    }
    const rooms = refusals.map((_, index) => 12 - refusals.length + index);
    expect(refusals).toEqual(
      rooms.map(
        (room) =>
          `portolan: Cannot start: the limit on open files leaves room for ${room}, wanted 12; try: ulimit -n 64\n`,
      ),
    );
    expect(rooms).toContain(2);
  });
});
