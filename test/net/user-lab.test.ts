/**
 * `npm run lab` as a user starts and ends it: by Ctrl-C, by a crash, and beside another one.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { labMissing } from './lab/requirements.ts';

const name = `portolan-lab${process.pid}`;
const env = { ...process.env, PORTOLAN_LAB_NAME: name };
const program = new URL('../../tools/lab.mjs', import.meta.url).pathname;

describe.skipIf(labMissing() !== undefined)('npm run lab', () => {
  const started: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of started) child.kill('SIGTERM');
    await Promise.all(started.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
  });

  /** Starts one, and returns what it says until it stands. */
  const start = async () => {
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    let said = '';
    for await (const piece of child.stdout) {
      said += piece;
      if (said.includes('Ctrl-C')) return { child, said };
    }
    throw new Error(`the lab ended: ${said}`);
  };
  const remains = () => [
    ...(existsSync('/run/netns') ? readdirSync('/run/netns') : []).filter((each) => each.startsWith(name)),
    ...readdirSync('/tmp').filter((each) => each.startsWith(name)),
    ...readdirSync('/run').filter((each) => each.startsWith(name)),
    ...(existsSync('/etc/netns') ? readdirSync('/etc/netns') : []).filter((each) => each.startsWith(name)),
  ];

  it('stands alone, is removed after a crash by the next one, and by Ctrl-C', async () => {
    const first = await start();
    expect(remains()).toHaveLength(9);

    const second = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
    expect(second.stderr).toBe(
      `No lab can be made here: one runs already, as process ${first.child.pid}: end it with Ctrl-C there first\n`,
    );
    expect(second.status).toBe(4);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect(remains()).toHaveLength(9);
    const third = await start();
    expect(third.said).toMatch(/^Removed what an earlier lab had left\.\n/);
    expect(remains()).toHaveLength(9);

    third.child.kill('SIGINT');
    expect(await once(third.child, 'exit')).toEqual([0, null]);
    expect(remains()).toEqual([]);
  });

  it('needs root', () => {
    const argv = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath, program];
    const { status, stderr } = spawnSync('setpriv', argv, { encoding: 'utf8' });
    // Where nobody may read the checkout it does not start at all.
    if (!stderr.includes('EACCES')) {
      expect(stderr).toBe('No lab can be made here: network namespaces need root\n');
      expect(status).toBe(4);
    }
  });
});
