/**
 * `portolan audit --arrived`: both ends of the way say what a filter between them does, whether anything answers or not.
 *
 * @module
 */

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CheckFact } from '../../src/model/fact.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { type Listening, startListening } from './lab/listening.ts';
import { portolan, type Scanned } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const key = ['--key', 'k'];

describe.skipIf(missing !== undefined)('portolan audit --arrived', () => {
  let lab: Lab<'inside' | 'mute' | 'other'>;
  let listening: Listening | undefined;
  beforeAll(async () => {
    lab = await createLab({
      everyError: true,
      targets: {
        inside: { tcp: '22', udp: '53' },
        // It answers nobody, whatever arrives.
        mute: { input: ['meta l4proto { tcp, udp, icmp } drop'] },
        other: { tcp: '22' },
      },
      forward: [
        'meta l4proto ipv6-icmp accept',
        'tcp sport 53 accept',
        'th dport 100-109 drop',
        'tcp dport 200-209 reject with tcp reset',
        'udp dport 200-209 reject',
      ],
    });
  });
  afterEach(() => {
    listening?.child.kill('SIGKILL');
    listening = undefined;
  });
  afterAll(() => lab?.close());

  /** Runs an audit of these rules beside a listener, whose lines go to a file. */
  async function audit(
    at: 'inside' | 'mute' | 'other',
    rules: readonly string[],
    args: readonly string[] = [],
  ): Promise<Scanned> {
    const policy = join(lab.folder, 'policy.yaml');
    const lines = join(lab.folder, 'lines.ndjson');
    writeFileSync(policy, `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`);
    listening = await startListening(lab.targets[at].namespace, [...key, '-p', '1-1024', '-oJ', '-']);
    writeFileSync(lines, listening.said());
    listening.child.stdout?.on('data', (text: string) => appendFileSync(lines, text));
    return portolan(lab, ['audit', ...key, '--arrived', lines, ...args, policy]);
  }

  const results = ({ facts }: Scanned) =>
    facts
      .filter((fact): fact is CheckFact => fact.type === 'check')
      .map(
        ({ rule, protocol, port, result, arrived }) =>
          `${rule} ${protocol}/${port} ${result} ${arrived ?? '?'}`,
      );

  it.each(['v4', 'v6'] as const)(
    'what is let through fails where it is denied, what is stopped passes: %s',
    async (family) => {
      const target = lab.targets.inside[family];
      const scanned = await audit('inside', [
        `{name: through, targets: ["${target}"], deny: [tcp/90-91, udp/90-91], deny-as: filtered}`,
        `{name: dropped, targets: ["${target}"], deny: [tcp/100-101, udp/100-101], deny-as: filtered}`,
        `{name: refused, targets: ["${target}"], deny: [tcp/200-201, udp/200-201], deny-as: filtered}`,
        `{name: open, targets: ["${target}"], allow: [tcp/22, udp/53]}`,
      ]);
      const both = (rule: string, ports: readonly number[], rest: string) =>
        ['tcp', 'udp'].flatMap((protocol) => ports.map((port) => `${rule} ${protocol}/${port} ${rest}`));
      expect(results(scanned)).toEqual([
        ...both('through', [90, 91], 'fail true'),
        ...both('dropped', [100, 101], 'pass false'),
        ...both('refused', [200, 201], 'pass false'),
        'open tcp/22 pass true',
        'open udp/53 pass true',
      ]);
      expect(scanned.status).toBe(1);
      expect(scanned.stderr).toBe('');
    },
  );

  it('nothing needs to answer: a probe that arrives was let through all the same', async () => {
    const { v4 } = lab.targets.mute;
    const scanned = await audit('mute', [
      `{name: through, targets: [${v4}], deny: [tcp/90, udp/90]}`,
      `{name: dropped, targets: [${v4}], deny: [tcp/100, udp/100]}`,
      `{name: round, targets: [${v4}], deny: [tcp/100], source-ports: [53, 54]}`,
    ]);
    expect(results(scanned)).toEqual([
      'through tcp/90 fail true',
      'through udp/90 fail true',
      'dropped tcp/100 pass false',
      'dropped udp/100 pass false',
      'round tcp/100 fail true',
      'round tcp/100 pass false',
    ]);
  });

  it('a listener elsewhere, or on other ports, decides nothing', async () => {
    const { v4 } = lab.targets.mute;
    const scanned = await audit('other', [
      `{name: a, targets: [${v4}], deny: [tcp/90, udp/90], deny-as: filtered}`,
      `{name: b, targets: [${lab.targets.inside.v4}], deny: [udp/100, tcp/2000]}`,
    ]);
    expect(results(scanned)).toEqual([
      'a tcp/90 inconclusive ?',
      'a udp/90 inconclusive ?',
      'b udp/100 inconclusive ?',
      'b tcp/2000 pass ?',
    ]);
    expect(scanned.status).toBe(3);
  });

  it('where nothing gets there and nothing comes back the way may be broken: nothing passes', async () => {
    const { v4 } = lab.targets.mute;
    const scanned = await audit('mute', [
      `{name: a, targets: [${v4}], deny: [tcp/100, udp/100], deny-as: filtered}`,
    ]);
    expect(results(scanned)).toEqual(['a tcp/100 inconclusive false', 'a udp/100 inconclusive false']);
    expect(scanned.status).toBe(3);
  });

  it('reads standard input, and waits for no end of it', async () => {
    const { inside } = lab.targets;
    const policy = join(lab.folder, 'policy.yaml');
    writeFileSync(
      policy,
      `version: 1\nrules:\n  - {name: r, targets: [${inside.v4}], deny: [tcp/90, tcp/100], deny-as: filtered}\n`,
    );
    const { node, root } = inside.namespace.paths();
    const program = `${node} ${join(root, 'bin/portolan.js')}`;
    const { stdout, status } = await lab.scanner.namespace.run([
      'sh',
      '-c',
      `ip netns exec ${inside.namespace.name} ${program} listen --key k -p 1-1024 | ${program} audit --key k --arrived - ${policy}`,
    ]);
    expect(stdout).toContain(
      'tcp/90: wanted filtered, found closed (reset): its probe arrived at the listener',
    );
    expect(stdout).toContain('2 checks, 1 passed, 1 failed, 0 inconclusive');
    expect(status).toBe(1);
  });

  it('another key is refused before anything is sent', async () => {
    const scanned = await audit(
      'inside',
      [`{name: r, targets: [${lab.targets.inside.v4}], deny: [tcp/90]}`],
      [],
    );
    expect(scanned.status).toBe(1);
    const lines = join(lab.folder, 'lines.ndjson');
    const other = await portolan(lab, [
      'audit',
      '--key',
      'other',
      '--arrived',
      lines,
      join(lab.folder, 'policy.yaml'),
    ]);
    expect(other).toMatchObject({
      status: 2,
      facts: [],
      stderr: expect.stringContaining('the listener has another one'),
    });
    expect(await portolan(lab, ['audit', '--arrived', lines, join(lab.folder, 'policy.yaml')])).toMatchObject(
      {
        status: 2,
        stderr: expect.stringContaining('wanted --key beside it'),
      },
    );
  });
});

describe.skipIf(missing !== undefined)('portolan firewall --arrived', () => {
  let lab: Lab<'inside'>;
  let listening: Listening | undefined;
  beforeAll(async () => {
    lab = await createLab({
      everyError: true,
      targets: { inside: { tcp: '22', input: ['tcp dport 30-39 drop'] } },
      forward: ['tcp dport 40-49 drop', 'tcp dport 50-59 reject with tcp reset'],
    });
  });
  afterAll(() => {
    listening?.child.kill('SIGKILL');
    lab?.close();
  });

  it('what arrived was let through, what did not was stopped: also where both look alike from outside', async () => {
    const { namespace, v4 } = lab.targets.inside;
    const lines = join(lab.folder, 'lines.ndjson');
    listening = await startListening(namespace, [...key, '-p', '1-1024', '-oJ', '-']);
    writeFileSync(lines, listening.said());
    listening.child.stdout?.on('data', (text: string) => appendFileSync(lines, text));
    const { facts, status } = await portolan(lab, [
      'firewall',
      '-n',
      '-Pn',
      ...key,
      '--arrived',
      lines,
      '-p',
      '20-59',
      v4,
    ]);
    const policies = facts.filter((fact) => fact.type === 'policy');
    expect(
      Object.fromEntries(
        policies.flatMap(({ ports, action, alternatives }) =>
          [...parsePortRanges(ports)].map((port) => [port, `${action} ${alternatives ?? ''}`.trim()]),
        ),
      ),
    ).toEqual(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => i + 20).map((port) => [
          port,
          port < 30 ? 'allow' : port < 40 ? 'allow drop' : port < 50 ? 'drop' : 'reject-rst',
        ]),
      ),
    );
    expect(facts.map((fact) => ('n' in fact ? fact.n : 0))).toEqual(facts.map((_, i) => i + 1));
    expect(status).toBe(0);
  });

  it('a scan that looks at no filter has nothing to join', async () => {
    const { v4 } = lab.targets.inside;
    expect(await portolan(lab, ['-n', '--arrived', '/dev/null', v4])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"--arrived" is no option of scan'),
    });
  });
});
