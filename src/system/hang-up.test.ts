import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isHangUpIgnored } from './hang-up.ts';

test('hang-up: nohup is known by the word that the shell left', () => {
  expect(isHangUpIgnored('/usr/bin/nohup', process.pid)).toBe(true);
  expect(isHangUpIgnored('/usr/bin/node', process.pid)).toBe(false);
  expect(isHangUpIgnored(undefined, process.pid)).toBe(false);
});

test.skipIf(process.platform !== 'linux')('hang-up: a parent that ignores it hands that on', async () => {
  const shell = spawn('sh', ['-c', `trap '' HUP; echo ready; read word`], { stdio: 'pipe' });
  await once(shell.stdout, 'data');
  expect(isHangUpIgnored(undefined, shell.pid)).toBe(true);
  shell.stdin.end();
});

test.skipIf(process.platform !== 'linux')('hang-up: nohup in a terminal is known by its input', () => {
  const url = JSON.stringify(new URL('./hang-up.ts', import.meta.url).href);
  const code = `import(${url}).then((m) => console.log(m.isHangUpIgnored(undefined, process.pid)))`;
  const words = [process.execPath, '--import', 'tsx', '-e', code];
  const told = (line: string) => spawnSync('sh', ['-c', line, ...words], { encoding: 'utf8' }).stdout.trim();
  expect(told(`exec "$0" "$@" 0>/dev/null`)).toBe('true');
  expect(told(`exec "$0" "$@" 0</dev/null`)).toBe('false');
});
