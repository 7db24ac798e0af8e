/**
 * `portolan listen` between real kernels: what a filter lets through arrives, what it stops does not, and nothing but
 * probes with the key is told.
 *
 * @module
 */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ArrivedFact } from '../../src/model/listener-facts.ts';
import { parsePortRanges } from '../../src/model/ports.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { heard, type Listening, startListening } from './lab/listening.ts';
import { portolan, portolanIn } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const key = ['--key', 'what nobody knows'];

describe.skipIf(missing !== undefined)('portolan listen', () => {
  let lab: Lab<'inside' | 'shut'>;
  let listening: Listening | undefined;
  beforeAll(async () => {
    lab = await createLab({
      everyError: true,
      targets: { inside: { tcp: '22', udp: '53' }, shut: { input: ['drop'] } },
      forward: [
        'meta l4proto ipv6-icmp accept',
        'th dport 100-199 drop',
        'th dport 200-299 reject with icmpx type admin-prohibited',
      ],
    });
  });
  afterEach(() => {
    listening?.child.kill('SIGKILL');
    listening = undefined;
  });
  afterAll(() => lab?.close());

  const scan = (...args: readonly string[]) => portolan(lab, ['-n', '-Pn', ...key, ...args]);

  it.each([4, 6] as const)('tells what a filter on the way lets through, by IPv%i', async (family) => {
    const { inside } = lab.targets;
    const target = family === 4 ? inside.v4 : inside.v6;
    listening = await startListening(inside.namespace, [...key, '-p', '1-1024']);
    expect(listening.first).toMatchObject({ n: 1, interface: null, tcp: '1-1024', udp: '1-1024' });
    expect(listening.first.addresses).toContain(target);
    const { status } = await scan('-sS', '-sU', '-p', '22,53,90-109,195-204,295-304,2000', target);
    expect(status).toBe(0);
    const arrived = await listening.stop();
    const through = ['22', '53', '90-99', '300-304'].flatMap((range) => parsePortRanges(range));
    expect(heard(arrived)).toEqual(
      through.flatMap((port) => [`syn tcp/${port} plain`, `udp udp/${port} plain`]).sort(),
    );
    const { from, to, ttl } = arrived[0] as ArrivedFact;
    expect({ from, to, ttl }).toEqual({
      from: family === 4 ? lab.scanner.v4 : lab.scanner.v6,
      to: target,
      ttl: 63,
    });
    expect(arrived.map(({ n }) => n)).toEqual(arrived.map((_, i) => i + 2));
  });

  it('hears before the filter of its own machine, and opens no port', async () => {
    const { shut } = lab.targets;
    listening = await startListening(shut.namespace, [...key, '-p', '20-25']);
    const { summary } = await scan('-sS', '-p', '20-25', shut.v4);
    expect(summary?.ports).toEqual({ filtered: 6 });
    expect(heard(await listening.stop(), ({ port }) => `${port}`)).toEqual([
      '20',
      '21',
      '22',
      '23',
      '24',
      '25',
    ]);
  });

  it.each([
    [['-g', '53'], 'source-port 53'],
    [['-g', '40123'], 'source-port 40123'],
    [['-f'], 'fragments 8'],
    [['--mtu', '24'], 'fragments 24'],
    [['--badsum'], 'bad-checksum'],
    [['--ttl', '3'], 'ttl 3'],
    [['--ttl', '99'], 'other'],
  ] as const)('names how probes differ: %j', async (args, variant) => {
    const { inside } = lab.targets;
    listening = await startListening(inside.namespace, [...key, '-p', '22,53']);
    await scan('-sS', '-sU', '-p', '22,53', '--max-retries', '1', ...args, inside.v4);
    expect(heard(await listening.stop())).toEqual([
      `syn tcp/22 ${variant}`,
      `syn tcp/53 ${variant}`,
      `udp udp/22 ${variant}`,
      `udp udp/53 ${variant}`,
    ]);
  });

  it('tells techniques apart', async () => {
    const { inside } = lab.targets;
    listening = await startListening(inside.namespace, [...key, '-p', '22']);
    await scan('-sS', '-sA', '-sF', '-sN', '-sX', '-sM', '-p', '22', '--max-retries', '0', inside.v4);
    expect(heard(await listening.stop(), ({ technique }) => `${technique}`)).toEqual(
      ['syn', 'ack', 'fin', 'null', 'xmas', 'maimon'].sort(),
    );
  });

  it('a sweep is heard as well', async () => {
    const { inside } = lab.targets;
    listening = await startListening(inside.namespace, [...key, '-p', '20-39']);
    await scan('--sweep', '-sS', '-p', '20-39', inside.v4);
    expect(heard(await listening.stop())).toHaveLength(20);
  });

  it('address translation of source, port and destination leaves marks valid', async () => {
    const { inside } = lab.targets;
    const { namespace, v4, v6 } = lab.router;
    namespace.nft(`table inet translated {
 chain before {
  type nat hook prerouting priority -100;
  ip daddr ${v4} tcp dport 20-39 dnat ip to ${inside.v4}
  ip daddr ${v4} udp dport 20-69 dnat ip to ${inside.v4}
  ip6 daddr ${v6} tcp dport 20-39 dnat ip6 to ${inside.v6}
  ip6 daddr ${v6} udp dport 20-69 dnat ip6 to ${inside.v6}
 }
 chain behind {
  type nat hook postrouting priority 100;
  ip daddr ${inside.v4} meta l4proto { tcp, udp } masquerade to :5000-5999 random
  ip6 daddr ${inside.v6} meta l4proto { tcp, udp } masquerade to :5000-5999 random
 }
}`);
    try {
      for (const address of [v4, v6]) {
        const one = await startListening(inside.namespace, [...key]);
        listening = one;
        await scan('-sS', '-sU', '-p', '22,30,53', '-g', '40123', address);
        const arrived = await one.stop();
        // The id of DNS has no room for the source port: there it is the one that is seen.
        const isSeen = ({ protocol, port }: ArrivedFact) => protocol === 'udp' && port === 53;
        expect(heard(arrived.filter((fact) => !isSeen(fact)))).toEqual([
          'syn tcp/22 source-port 40123',
          'syn tcp/30 source-port 40123',
          'udp udp/22 source-port 40123',
          'udp udp/30 source-port 40123',
        ]);
        expect(heard(arrived.filter(isSeen))[0]).toMatch(/^udp udp\/53 source-port 5\d\d\d$/);
        expect(
          arrived.every(
            ({ from, to }) => from !== lab.scanner.v4 && from !== lab.scanner.v6 && to !== address,
          ),
        ).toBe(true);
      }
    } finally {
      namespace.nft('delete table inet translated');
    }
  });

  it('tells nothing of other traffic, nor of probes with another key or none', async () => {
    const { inside } = lab.targets;
    listening = await startListening(inside.namespace, [...key]);
    for (const other of [[], ['--key', 'another']])
      await portolan(lab, [
        '-n',
        '-sS',
        '-sA',
        '-sU',
        '-p',
        '20-60,161,520',
        '--max-retries',
        '1',
        ...other,
        inside.v4,
      ]);
    await portolan(lab, ['-n', '-Pn', '-sT', '-p', '20-60', inside.v4]);
    expect(await listening.stop()).toEqual([]);
  });

  it('the key is in nothing that is told', async () => {
    const { inside } = lab.targets;
    listening = await startListening(inside.namespace, key);
    const { stdout, stderr } = await scan('-sS', '-p', '22', inside.v4);
    await listening.stop();
    expect(stdout).toContain('"--key","***"');
    expect(`${stdout}${stderr}${listening.said()}`).not.toContain('nobody knows');
  });

  it('keeps no capability once it listens', async () => {
    listening = await startListening(lab.targets.inside.namespace, key);
    // `ip netns exec` becomes the program.
    const { pid } = listening.child;
    const sets = readdirSync(`/proc/${pid}/task`).map(
      (thread) =>
        /^CapEff:\s*0*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))?.[1],
    );
    // Main thread and Node's pool; V8's own threads run no code of ours.
    expect(sets.filter((set) => set === '0').length).toBeGreaterThanOrEqual(5);
  });

  it('ends by itself when time is over, by signals with their codes, and quietly when nobody reads', async () => {
    const { namespace } = lab.targets.inside;
    const run = (args: readonly string[]) => portolanIn(namespace, ['listen', ...args]);
    expect(await run([...key, '--for', '300ms'])).toMatchObject({ status: 0, stderr: '' });
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const { child } = await startListening(namespace, key);
      child.kill(signal);
      expect((await once(child, 'close'))[0]).toBe(code);
    }
    const { child } = await startListening(namespace, key);
    child.stdout?.destroy();
    expect((await once(child, 'close'))[0]).toBe(0);
  });

  it('writes text and CSV, too', async () => {
    const { inside } = lab.targets;
    const csv = join(lab.folder, 'arrived.csv');
    const text = join(lab.folder, 'arrived.txt');
    listening = await startListening(inside.namespace, [
      ...key,
      '-p',
      '22',
      '-oC',
      csv,
      '-oN',
      text,
      '-oJ',
      '-',
    ]);
    await scan('-sS', '-p', '22', '-g', '53', inside.v4);
    await listening.stop();
    const [head, first, second] = readFileSync(csv, 'utf8').split('\r\n');
    expect(head).toMatch(/^type,from,to,protocol,port,/);
    expect(first).toMatch(/^listening,/);
    expect(second).toMatch(`arrived,${lab.scanner.v4},${inside.v4},tcp,22,syn,source-port 53,63,`);
    expect(readFileSync(text, 'utf8')).toMatch(
      new RegExp(
        `^# Portolan .* listens on every interface for tcp/22, udp/22 since .*\n.* tcp/22 from ${lab.scanner.v4} to ${inside.v4}: syn, source-port 53 \\(ttl 63\\)\n`,
      ),
    );
  });

  it('an interface that does not exist, no key, and no privileges are told in one line', async () => {
    const { namespace } = lab.targets.inside;
    const listen = (args: readonly string[], user: 'root' | 'nobody' = 'root') =>
      portolanIn(namespace, ['listen', ...args], { user });
    expect(await listen(['--key', 'k'], 'nobody')).toMatchObject({
      status: 4,
      stderr:
        'portolan: Cannot listen: needs CAP_NET_RAW, this process has none; try: sudo portolan listen …\n',
    });
    expect(await listen([])).toMatchObject({ status: 2, stderr: expect.stringContaining('No key') });
    expect(await listen([...key, '-e', 'eth7'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('No interface "eth7"'),
    });
  });
});
