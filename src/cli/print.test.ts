import { expect, it } from 'vitest';

import { fakeWorld } from './fake-world.laws.ts';
import { run } from './main.ts';

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** A world whose standard output cannot be written. */
const worldThat = (error: Error) => {
  const world = fakeWorld();
  const { write } = world;
  return Object.assign(world, {
    write(descriptor: 1 | 2, text: string) {
      if (descriptor === 1) throw error;
      write(descriptor, text);
    },
  });
};

it.each([
  '--help',
  'help doctor',
  'doctor',
  'explain syn',
  'completions bash',
  '-V',
  '--dry-run 127.0.0.1',
  '--dry-run -oJ - 127.0.0.1',
  '--dry-run -oJ /dev/full 127.0.0.1',
])('print: %s into a full disk ends with 3 and says why', async (words) => {
  const world = worldThat(full);
  expect(await run(words.split(' '), world)).toBe(3);
  expect(world.err).toMatch(/portolan: Cannot write .*: (?:the disk is full|.*no space left).*\n$/);
  expect(world.err).not.toContain('fault');
});

it('print: a reader who has left is no trouble', async () => {
  const world = worldThat(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(await run(['--help'], world)).toBe(0);
  expect(world.err).toBe('');
});
