import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatAddress } from '../model/address.ts';
import { readHostsFile } from './hosts-file.ts';

test('the hosts file: the first name of each address counts, and every address of each name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-hosts-'));
  const path = join(folder, 'hosts');
  writeFileSync(
    path,
    '# nobody\n10.0.0.5 one.test Alias\n10.0.0.5\ttwo.test # x\n2001:DB8:0::1 six alias\nno line\n10.0.0.6\n',
  );
  const { nameOf, addressesOf } = readHostsFile(path);
  expect([...nameOf]).toEqual([
    ['10.0.0.5', 'one.test'],
    ['2001:db8::1', 'six'],
  ]);
  expect([...addressesOf].map(([name, all]) => [name, all.map(formatAddress)])).toEqual([
    ['one.test', ['10.0.0.5']],
    ['alias', ['10.0.0.5', '2001:db8::1']],
    ['two.test', ['10.0.0.5']],
    ['six', ['2001:db8::1']],
  ]);
  rmSync(folder, { recursive: true });
  expect(readHostsFile(path).nameOf.size).toBe(0);
});
