/**
 * Makes the captures in `test/vectors/`: `npx tsx test/net/make-vectors.ts [TECHNIQUE…]`. With techniques
 * named, only theirs are made anew. Needs what the labs need.
 *
 * @module
 */

import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HostTechniqueName, PortTechniqueName } from '../../src/model/technique-name.ts';
import { hostTechniques, portTechniques } from '../../src/techniques/index.ts';
import type { Technique } from '../../src/techniques/technique.ts';
import type { Vector } from '../vectors/vector.ts';
import { capture } from './lab/capture.ts';
import { createLab } from './lab/lab.ts';
import { ready, scriptCommand } from './lab/script.ts';
import { answerSctp } from './lab/sctp.ts';

const folder = fileURLToPath(new URL('../vectors/', import.meta.url));
const oddPort = 1001;
const rejectsV4 = 'port host net prot'.split(' ').map((name) => `${name}-unreachable`);
rejectsV4.push('admin-prohibited', 'net-prohibited', 'host-prohibited');
const rejectsV6 =
  'port-unreachable addr-unreachable no-route admin-prohibited policy-fail reject-route'.split(' ');
const reject = (family: 4 | 6) =>
  (family === 4 ? rejectsV4 : rejectsV6).map(
    (code, i) =>
      `meta nfproto ipv${family} meta l4proto { tcp, udp, sctp } th dport ${300 + i} reject with icmp${family === 4 ? '' : 'v6'} ${code}`,
  );

const lab = await createLab({
  // Errors from the router, where a table tells senders apart.
  forward: [
    'meta nfproto ipv4 meta l4proto { tcp, udp, sctp } th dport 350 reject with icmp port-unreachable',
    'meta nfproto ipv6 meta l4proto { tcp, udp, sctp } th dport 350 reject with icmpv6 port-unreachable',
  ],
  targets: {
    web: {
      tcp: '22',
      udp: '7',
      input: [
        `tcp dport ${oddPort}-${oddPort + 1} drop`,
        'meta l4proto { tcp, udp, sctp } th dport 81 drop',
        'meta l4proto 50 drop',
        'meta nfproto ipv4 meta l4proto 47 reject with icmp admin-prohibited',
        'meta nfproto ipv6 meta l4proto 47 reject with icmpv6 admin-prohibited',
        ...reject(4),
        ...reject(6),
      ],
    },
    // Refuses what looks for it, and says so itself.
    rude: {
      input: [
        'icmp type { echo-request, timestamp-request, address-mask-request } reject with icmp admin-prohibited',
        'icmpv6 type echo-request reject with icmpv6 admin-prohibited',
      ],
    },
  },
});
const { web, rude } = lab.targets;
await answerSctp(web.namespace, '22');
await ready('odd stack', web.namespace.spawn([...scriptCommand('odd-stack-program.ts'), `${oddPort}`]));

const ports: Readonly<Record<string, string>> = {
  tcp: '22,23,81,300-306,350,1001',
  udp: '7,23,81,300-306,350',
  sctp: '22,23,81,300-306,350',
};

const wanted = new Set(process.argv.slice(2));
const isWanted = (technique: string) => wanted.size === 0 || wanted.has(technique);
const before = JSON.parse(readFileSync(`${folder}vectors.json`, 'utf8')) as readonly Vector[];
const made: Vector[] = before.filter(({ technique }) => !isWanted(technique));
for (const { technique, file } of before) if (isWanted(technique)) rmSync(folder + file, { force: true });
for (const family of [4, 6] as const) {
  for (const [name, technique] of Object.entries(portTechniques) as [PortTechniqueName, Technique][]) {
    if (technique.probe.transport === 'socket' || !isWanted(name)) continue;
    const icmp = family === 4 ? 1 : 58;
    await record(name, family, 64, ports[technique.about] ?? `${icmp},6,17,47,50,90,132`);
    await record(name, family, 1, ports[technique.about] === undefined ? '90' : '22');
  }
  for (const [name, { probe }] of Object.entries(hostTechniques) as [HostTechniqueName, Technique][]) {
    if (probe.transport === 'socket' || probe.transport === 'link' || !isWanted(name)) continue;
    if (family === 6 && (name === 'ping-timestamp' || name === 'ping-mask')) continue;
    const asked = { tcp: '22,23,81,301,1002', udp: '7,23,81', sctp: '22,23,81,301', ip: '6,50,90' }[
      probe.transport as string
    ];
    if (asked === undefined) {
      await record(name, family, 64, undefined);
      await record(name, family, 64, undefined, rude, '-rude');
      await record(name, family, 64, undefined, lab.nobody, '-nobody');
    }
    // One by one: the first answer is enough for discovery.
    else for (const port of asked.split(',')) await record(name, family, 64, port);
  }
}
const json = JSON.stringify(made, null, 1).replaceAll(
  /\[\s+([^[\]{}]*?)\s+\]/g,
  (_, list: string) => `[${list.replaceAll(/\s*\n\s*/g, ' ')}]`,
);
writeFileSync(`${folder}vectors.json`, `${json}\n`);
lab.close();

async function record(
  technique: PortTechniqueName | HostTechniqueName,
  family: 4 | 6,
  ttl: number,
  asked: string | undefined,
  host: { readonly v4: string; readonly v6: string } = web,
  suffix = ttl === 64 ? '' : '-ttl',
): Promise<void> {
  const [source, target] = family === 4 ? [lab.scanner.v4, host.v4] : [lab.scanner.v6, host.v6];
  const isPort = technique in portTechniques;
  const request = {
    targets: [target],
    seed: 1,
    maxRetries: 1,
    packet: { ttl },
    ...(isPort
      ? { techniques: [technique], discovery: 'skip', ports: `${prefixOf(technique)}${asked}` }
      : { goal: 'discover', discovery: [{ technique, ...(asked !== undefined && { ports: asked }) }] }),
  };
  const recording = await capture(
    lab,
    lab.scanner.namespace,
    'eth0',
    `host ${target} or icmp or icmp6[0] < 128`,
  );
  const { stdout, stderr, status } = await lab.scanner.namespace.run([
    ...scriptCommand('vector-program.ts'),
    JSON.stringify(request),
  ]);
  const file = await recording.stop();
  if (status !== 0 || stderr !== '') throw new Error(`${technique}: exit ${status}\n${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string, string]);
  // The plan sorts what it asks, and the program counts in that order.
  const numbers = asked === undefined ? [0] : expand(asked).sort((a, b) => a - b);
  const verdicts = numbers.map((_, i) => {
    const [, state, reason] = lines.find(([question]) => question === (isPort ? `${i}` : 'host')) ?? [];
    return `${state} ${reason}`;
  });
  const port = isPort || asked === undefined ? '' : `-${asked}`;
  const name = `${technique}-v${family}${suffix}${port}.pcap`;
  copyFileSync(file, folder + name);
  made.push({ file: name, technique, family, source, target, ttl, ports: numbers, verdicts });
  process.stdout.write(`${name}: ${verdicts.join(', ')}\n`);
}

function prefixOf(technique: string): string {
  const { about } = portTechniques[technique as PortTechniqueName];
  return { tcp: 'T:', udp: 'U:', sctp: 'S:', ip: '' }[about as 'tcp'];
}

function expand(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
