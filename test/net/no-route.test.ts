/**
 * A scan that begins where nothing leads to the target: every port is told, none has a state, and one line says what is
 * the matter.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Namespace } from './lab/namespace.ts';
import { portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const unknown = { state: 'unknown', reason: 'local-error' };

describe.skipIf(missing !== undefined)('no way to the target', () => {
  const id = `portolan-${process.pid}-no-route`;
  const made: Namespace[] = [];
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `${id}-`));
    for (const name of ['none', 'down', 'other']) made.push(new Namespace(`${id}-${name}`, folder));
    const [none, down, other] = made;
    // Without a loopback Linux has no IPv6 address to send from.
    none?.ip('link set lo down');
    const pair = [
      'link add eth0 type veth peer name eth1',
      'addr add 10.78.0.1/24 dev eth0',
      'addr add fd78::1/64 dev eth0 nodad',
    ];
    down?.ip(...pair);
    other?.ip(...pair, 'link set eth0 up', 'link set eth1 up');
  });
  afterAll(() => {
    for (const namespace of made) namespace.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const ways = ['missing', 'down', 'there, but leads elsewhere'].flatMap((link, at) =>
    ['-sS', '-sU', '-sT', '-sO', '-sS -sT -sU'].flatMap((techniques) =>
      (at === 2 ? ['10.99.0.9', 'fd99::9'] : ['10.78.0.9', 'fd78::9']).map((target) => ({
        at,
        link,
        techniques,
        target,
      })),
    ),
  );
  // Without its loopback a machine does not reach itself either.
  const own = ['-sS', '-sT', '-sU'].map((techniques) => ({
    at: 0,
    link: 'missing',
    techniques,
    target: '127.0.0.1',
  }));
  it.each([...ways, ...own])(
    '$techniques $target, where the link is $link',
    async ({ at, techniques, target }) => {
      const flags = techniques.split(' ');
      const run = await portolanIn(made[at] as Namespace, [...flags, '-n', '-Pn', '-p', '80,81', target]);
      expect(run.status, run.stderr).toBe(3);
      const warnings = run.stderr.split('\n').filter((line) => line.includes('warning'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(new RegExp(`Cannot reach ${target}: .*(no route|no address|"lo" is down)`));
      const wanted = flags.flatMap((flag) => [80, 81].map((port) => [names[flag], port, unknown] as const));
      const told = run.facts.flatMap((fact) =>
        fact.type === 'port' ? [[fact.technique, fact.port, { state: fact.state, reason: fact.reason }]] : [],
      );
      expect(told.sort()).toEqual(wanted.map((one) => [...one]).sort());
      expect(run.summary).toMatchObject({ hosts: { up: 1, down: 0, unknown: 0, total: 1 } });
      expect(run.summary?.ports).toEqual({ unknown: wanted.length });
    },
  );

  it('is said of a whole network in ranges, and of hosts that are looked for without their ports', async () => {
    const other = made[2] as Namespace;
    const run = await portolanIn(other, ['-sS', '-n', '-Pn', '-p1-1000', '10.99.0.0/24', '10.78.0.1']);
    const groups = run.facts.filter((fact) => fact.type === 'ports' && fact.state === 'unknown');
    expect(groups).toHaveLength(256);
    for (const group of groups) expect(group).toMatchObject({ ports: '1-1000', count: 1000 });
    expect(run.summary).toMatchObject({ hosts: { up: 257, total: 257 }, ports: { unknown: 256_000 } });
    const looked = await portolanIn(other, ['-sS', '-n', '-p80', '10.99.0.9']);
    expect(looked.summary).toMatchObject({ hosts: { up: 0, down: 0, unknown: 1, total: 1 }, ports: {} });
    expect([run.status, looked.status]).toEqual([3, 3]);
  });

  it('is known to who goes on with the scan', async () => {
    const other = made[2] as Namespace;
    const journal = join(folder, 'journal');
    const args = ['-sS', '-n', '-Pn', '-p80,81', '10.99.0.9', '10.78.0.1', '--journal', journal];
    const first = await portolanIn(other, args);
    const again = await portolanIn(other, ['--resume', journal]);
    expect(first.ports().get('10.99.0.9 tcp/80')).toEqual(unknown);
    expect([...again.ports()].sort()).toEqual([...first.ports()].sort());
    expect(again.status).toBe(3);
  });
});

const names: Record<string, string> = { '-sS': 'syn', '-sU': 'udp', '-sT': 'connect', '-sO': 'ip-protocol' };
