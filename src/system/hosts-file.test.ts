import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHostsFile } from './hosts-file.ts';

test('the hosts file: the first name of each address counts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-hosts-'));
  const path = join(folder, 'hosts');
  writeFileSync(
    path,
    '# nobody\n10.0.0.5 one.test alias\n10.0.0.5\ttwo.test # x\n2001:DB8:0::1 six\nno line\n10.0.0.6\n',
  );
  expect([...readHostsFile(path)]).toEqual([
    ['10.0.0.5', 'one.test'],
    ['2001:db8::1', 'six'],
  ]);
  rmSync(folder, { recursive: true });
  expect(readHostsFile(path).size).toBe(0);
});
