import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { udpServers } from '../../../test/net/lab/udp-servers.ts';
import { udpPayloads } from './index.ts';

test('docs/techniques.md tells every payload: its ports, who answers it here, its limits', () => {
  const page = readFileSync(new URL('../../../docs/techniques.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` *\| ([\d, ]+?) *\| [^|]+ \| ([^|]+?) *\| ([^|]*?) *\|$/gm)];
  const told = rows.map(([, name, ports, by, note]) => [name, ports, by, note?.trim()].join(' | '));
  const known = udpPayloads.map(({ name, ports, note }) => {
    const by = udpServers.filter((server) => name in server.answers).map((server) => server.name);
    return [name, ports.join(', '), by.join(', ') || '–', note ?? ''].join(' | ');
  });
  expect(told).toEqual(known);
});
