/**
 * The network of `npm run lab`: four hosts behind a router, one of them careful, three not, with no way out.
 *
 * ```
 * you ── router ─┬─ good      its filter is on the router
 *                ├─ old       filters SYN alone
 *                ├─ careless  trusts what comes from port 53, and forgot IPv6
 *                └─ bare      filters nothing
 * ```
 *
 * Names are fixed, so that a page can name them: there is one such lab at a time. Only tests give it another name.
 *
 * @module
 */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Namespace, removeNamespace } from '../lab/namespace.ts';
import { type Services, serve } from './chain.ts';

/** A lab that runs. */
export interface UserLab {
  /** Ends what it started and removes all of it. */
  close(): void;
}

/** The namespace from which the user looks. */
export const userNamespace = process.env['PORTOLAN_LAB_NAME'] ?? 'portolan-lab';

/** The hosts, in the order in which the page meets them. */
export const labHosts = [
  {
    name: 'good',
    last: 10,
    says: 'a careful filter on the router before it: keeps state, lets three services pass',
  },
  { name: 'old', last: 20, says: 'a filter without state on the host: it stops SYN, and nothing else' },
  { name: 'careless', last: 30, says: 'keeps state, but trusts source port 53, and forgot IPv6' },
  { name: 'bare', last: 40, says: 'no filter at all' },
] as const;

/** The process that runs the lab already, if one does. */
export function runningLab(): number | undefined {
  if (!existsSync(ownerFile)) return undefined;
  const [pid = '', startedAt] = readFileSync(ownerFile, 'utf8').trim().split(' ');
  return startedAt !== undefined && startTimeOf(Number(pid)) === startedAt ? Number(pid) : undefined;
}

/** Removes what a lab left that ended without its own tidying: its namespaces, and what ran in them but a user's shells. */
export function removeRemains(): boolean {
  const names = existsSync(netns)
    ? readdirSync(netns).filter((name) => name === userNamespace || name.startsWith(`${userNamespace}-`))
    : [];
  for (const name of names) removeNamespace(name, name !== userNamespace);
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(`${userNamespace}-`)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  rmSync(ownerFile, { force: true });
  return names.length > 0;
}

/** Builds the lab; there must be none. */
export async function createUserLab(): Promise<UserLab> {
  const folder = mkdtempSync(join(tmpdir(), `${userNamespace}-`));
  const made: Namespace[] = [];
  writeFileSync(ownerFile, `${process.pid} ${startTimeOf(process.pid)}\n`);
  const close = () => {
    for (const namespace of made.splice(0)) namespace.remove(namespace.name !== userNamespace);
    rmSync(folder, { recursive: true, force: true });
    rmSync(ownerFile, { force: true });
  };
  try {
    const make = (name: string) => {
      const namespace = new Namespace(name, folder);
      made.push(namespace);
      return namespace;
    };
    const you = make(userNamespace);
    const router = make(`${userNamespace}-router`);
    router.configure({ 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 });
    router.ip(
      `link add near type veth peer name eth0 netns ${you.name}`,
      'link add far type bridge mcast_snooping 0',
      'link set near up',
      'link set far up',
      ...addresses(1, 1).map((each) => `addr add ${each} dev near`),
      ...addresses(2, 1).map((each) => `addr add ${each} dev far`),
    );
    attach(you, 1, 2);
    you.hosts(
      ...labHosts.flatMap(({ name, last }) => [
        `10.79.2.${last} ${name}.lab`,
        `fd79:0:0:2::${last} ${name}.lab`,
      ]),
    );
    router.nft(onRouter);
    for (const { name, last } of labHosts) {
      const host = make(`${userNamespace}-${name}`);
      router.ip(
        `link add ${name} type veth peer name eth0 netns ${host.name}`,
        `link set ${name} master far up`,
      );
      attach(host, 2, last);
      await serve(host, services);
      const rules: string | undefined = onHosts[name];
      if (rules !== undefined) host.nft(rules);
    }
    return { close };
  } catch (error) {
    close();
    throw error;
  }
}

function attach(namespace: Namespace, segment: 1 | 2, last: number): void {
  const other = 3 - segment;
  namespace.ip(
    'link set eth0 up',
    ...addresses(segment, last).map((each) => `addr add ${each} dev eth0`),
    `route add 10.79.${other}.0/24 via 10.79.${segment}.1`,
    `route add fd79:0:0:${other}::/64 via fd79:0:0:${segment}::1`,
  );
}

function addresses(segment: number, last: number): readonly string[] {
  return [`10.79.${segment}.${last}/24`, `fd79:0:0:${segment}::${last}/64 nodad`];
}

/** When a process began, in the kernel's ticks: its number alone may have been given again. One that has ended has none. */
function startTimeOf(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

const netns = '/run/netns';
const ownerFile = `/run/${userNamespace}.pid`;

const services: Services = {
  tcp: {
    22: 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    25: '220 mail.lab ESMTP\r\n',
    80: '',
    443: '',
    3306: '',
  },
};

/** What every careful filter begins with, and the services that it lets pass. */
const start = `
  ct state established,related accept
  ct state invalid drop
  meta l4proto { icmp, ipv6-icmp } accept`;
const allow = 'tcp dport { 22, 80, 443, 8443 } accept';

const onRouter = `table inet filter {
 chain forward {
  type filter hook forward priority 0;
  ip daddr 10.79.2.10 jump good
  ip6 daddr fd79:0:0:2::10 jump good
 }
 chain good {${start}
  ${allow}
  drop
 }
}`;

const onHosts: Readonly<Record<string, string>> = {
  old: `table inet filter {
 chain input {
  type filter hook input priority 0;
  tcp flags & (syn | ack) == syn tcp dport != { 22, 80, 443 } drop
 }
}`,
  careless: `table ip filter {
 chain input {
  type filter hook input priority 0;
  ct state established,related accept
  ct state invalid drop
  ip protocol icmp accept
  tcp dport { 22, 80, 443 } accept
  tcp sport 53 accept
  drop
 }
}`,
};
