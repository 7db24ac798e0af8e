/** A scan that begins where nothing leads to the target: no port has a state, and one line says what is the matter. @module */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import { Namespace } from './lab/namespace.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('no way to the target', () => {
  const id = `portolan-${process.pid}-no-route`;
  const made: Namespace[] = [];
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `${id}-`));
    made.push(new Namespace(`${id}-none`, folder), new Namespace(`${id}-down`, folder));
    // Without a loopback Linux has no IPv6 address to send from.
    made[0]?.ip('link set lo down');
    made[1]?.ip(
      'link add eth0 type veth peer name eth1',
      'addr add 10.78.0.1/24 dev eth0',
      'addr add fd78::1/64 dev eth0 nodad',
    );
  });
  afterAll(() => {
    for (const namespace of made) namespace.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const ways = [0, 1].flatMap((at) =>
    ['-sS', '-sU', '-sT'].flatMap((technique) =>
      ['10.78.0.9', 'fd78::9'].map((target) => ({ at, technique, target })),
    ),
  );
  it.each(ways)('$technique $target, where the link is missing (0) or down (1): $at', async (way) => {
    const { at, technique, target } = way;
    const namespace = made[at] as Namespace;
    const { node, root } = namespace.paths();
    const argv = [
      node,
      join(root, 'bin/portolan.js'),
      technique,
      '-n',
      '-Pn',
      '-p',
      '80,81',
      target,
      '-oJ',
      '-',
    ];
    const run = await namespace.run(argv);
    expect(run.status, run.stderr).toBe(3);
    const warnings = run.stderr.split('\n').filter((line) => line.includes('warning'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`Cannot reach ${target}: .*(no route|no address)`));
    const facts = run.stdout.split('\n').filter(Boolean);
    for (const fact of facts.map((line) => JSON.parse(line) as RecordedFact)) {
      if (fact.type !== 'port' && fact.type !== 'ports') continue;
      expect([fact.state, fact.reason]).toEqual(['unknown', 'local-error']);
    }
  });
});
