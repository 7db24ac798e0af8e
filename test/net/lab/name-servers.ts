/**
 * Name servers of Debian's packages in one namespace, each at an address of its own: BIND, Knot, NSD, PowerDNS, dnsmasq,
 * Unbound. Zones are text.
 *
 * @module
 */

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Namespace, removeOrphans } from './namespace.ts';
import { mustRunSync, until } from './process.ts';

/** A zone and how a server is to serve it. */
export interface ServedZone {
  readonly apex: string;
  /** Lines of a zone file below its SOA; what a line begins with is relative to the apex. */
  readonly records: string;
  /** Who may copy it; default: nobody. */
  readonly transfer?: 'anyone';
  /** How it is signed: ahead by a chain of NSEC or NSEC3, or while it is asked (Knot, PowerDNS). */
  readonly signing?: 'nsec' | 'nsec3' | 'online';
}

/** Servers, by the program. */
export type ServerProgram = 'bind' | 'knot' | 'nsd' | 'pdns';

/** The programs and what they need. */
export const nameServerPrograms: readonly string[] = [
  'named',
  'knotd',
  'nsd',
  'pdns_server',
  'dnsmasq',
  'unbound',
  'dig',
];

/** A namespace with name servers. */
export class NameServers {
  readonly namespace: Namespace;
  readonly folder: string;
  readonly #children: ChildProcess[] = [];
  #started = 0;

  constructor() {
    removeOrphans(prefix);
    const name = `${prefix}-${process.pid}-${made++}`;
    this.folder = mkdtempSync(join(tmpdir(), `${name}-`));
    this.namespace = new Namespace(name, this.folder);
  }

  /** Serves zones at an address. */
  async serve(program: ServerProgram, address: string, zones: readonly ServedZone[]): Promise<void> {
    const folder = this.#begin(program, address);
    for (const zone of zones) writeFileSync(join(folder, `${zone.apex}.zone`), zoneFile(zone, address));
    const start = starters[program];
    await this.#run(
      program,
      address,
      start({ folder, address, zones, namespace: this.namespace }),
      zones[0]?.apex ?? '',
    );
  }

  /** A dnsmasq with these lines in its configuration. */
  async dnsmasq(address: string, lines: readonly string[], ready: string): Promise<void> {
    const folder = this.#begin('dnsmasq', address);
    const config = [
      'no-resolv',
      'no-hosts',
      'bind-interfaces',
      `listen-address=${address}`,
      'user=root',
      ...lines,
    ];
    writeFileSync(join(folder, 'conf'), `${config.join('\n')}\n`);
    await this.#run('dnsmasq', address, ['dnsmasq', '-k', '-C', join(folder, 'conf')], ready);
  }

  /** An Unbound that resolves these zones at these servers, and knows no others. */
  async unbound(address: string, stubs: Readonly<Record<string, string>>): Promise<void> {
    const folder = this.#begin('unbound', address);
    const config = [
      'server:',
      ` interface: ${address}`,
      ' access-control: 0.0.0.0/0 allow',
      ' do-daemonize: no\n username: ""\n chroot: ""\n use-syslog: no\n module-config: "iterator"\n do-not-query-localhost: no',
      ` pidfile: "${folder}/pid"\n directory: "${folder}"`,
      ' local-zone: "10.in-addr.arpa." nodefault\n local-zone: "test." nodefault\n local-zone: "d.f.ip6.arpa." nodefault',
      ...Object.entries(stubs).map(([zone, at]) => `stub-zone:\n name: "${zone}."\n stub-addr: ${at}`),
      'remote-control:\n control-enable: no',
    ];
    writeFileSync(join(folder, 'conf'), `${config.join('\n')}\n`);
    const [first = ''] = Object.keys(stubs);
    await this.#run('unbound', address, ['unbound', '-d', '-c', join(folder, 'conf')], first);
  }

  /** Loses one in so many of all datagrams to and from port 53. */
  lose(oneIn: number): void {
    const drop = (end: 'sport' | 'dport') => `udp ${end} 53 numgen random mod ${oneIn} 0 drop`;
    const chain = `type filter hook input priority 0\n${drop('dport')}\n${drop('sport')}`;
    this.namespace.nft(`table inet loss {\nchain in {\n${chain}\n}\n}`);
  }

  /** Ends them. */
  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    this.namespace.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #begin(program: string, address: string): string {
    this.namespace.ip(`address add ${address}/32 dev lo`);
    const folder = join(this.folder, `${program}${this.#started++}`);
    mkdirSync(folder);
    return folder;
  }

  async #run(program: string, address: string, argv: readonly string[], apex: string): Promise<void> {
    const child = this.namespace.spawn(argv);
    this.#children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4000);
      });
    }
    await until(`${program} at ${address}`, async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
      const question = ['dig', '+time=1', '+tries=1', `@${address}`, apex, 'SOA'];
      const { stdout } = await this.namespace.run(question);
      return /status: (?:NOERROR|NXDOMAIN)/.test(stdout);
    });
  }
}

/** The text of a zone's file. */
export function zoneFile({ apex, records }: ServedZone, address: string): string {
  const hasServers = /^@ (?:\d+ )?NS /m.test(records);
  const servers = hasServers ? '' : `@ NS ns1\nns1 A ${address}\n`;
  return `$ORIGIN ${apex}.\n$TTL 300\n@ SOA ns1 host 1 3600 600 86400 300\n${servers}${records}\n`;
}

interface Start {
  readonly folder: string;
  readonly address: string;
  readonly zones: readonly ServedZone[];
  readonly namespace: Namespace;
}

/** Writes a configuration, and says how the server is started in the foreground. */
const starters: Readonly<Record<ServerProgram, (start: Start) => readonly string[]>> = {
  bind: ({ folder, address, zones }) => {
    const each = zones.map(({ apex, transfer, signing }) => {
      const policy =
        signing === undefined
          ? ''
          : `dnssec-policy ${signing}; inline-signing yes; key-directory "${folder}";`;
      return `zone "${apex}" { type master; file "${folder}/${apex}.zone"; allow-transfer { ${transfer === 'anyone' ? 'any' : 'none'}; }; ${policy} };`;
    });
    const policies = `dnssec-policy nsec { keys { csk lifetime unlimited algorithm 13; }; };
dnssec-policy nsec3 { keys { csk lifetime unlimited algorithm 13; }; nsec3param iterations 0 optout no salt-length 0; };`;
    const options = `options { directory "${folder}"; pid-file none; session-keyfile "${folder}/key"; listen-on { ${address}; }; listen-on-v6 { none; }; recursion no; rate-limit { responses-per-second 0; }; };`;
    writeFileSync(join(folder, 'conf'), `${options}\ncontrols {};\n${policies}\n${each.join('\n')}\n`);
    return ['named', '-g', '-c', join(folder, 'conf'), '-n', '1'];
  },
  knot: ({ folder, address, zones }) => {
    const each = zones.map(
      ({ apex, transfer, signing }) => `
  - domain: ${apex}.
    file: ${apex}.zone
    zonefile-sync: -1
    journal-content: none
${transfer === 'anyone' ? '    acl: all\n' : ''}${signing === 'online' ? '    module: mod-onlinesign\n' : ''}${
  signing === 'nsec' || signing === 'nsec3' ? `    dnssec-signing: on\n    dnssec-policy: ${signing}\n` : ''
}`,
    );
    writeFileSync(
      join(folder, 'conf'),
      `server:
  listen: ${address}@53
  rundir: ${folder}
  udp-workers: 1
  tcp-workers: 1
database:
  storage: ${folder}
acl:
  - id: all
    action: transfer
policy:
  - id: nsec
    single-type-signing: on
  - id: nsec3
    single-type-signing: on
    nsec3: on
    nsec3-iterations: 0
template:
  - id: default
    storage: ${folder}
zone:${each.join('')}
`,
    );
    return ['knotd', '-c', join(folder, 'conf')];
  },
  nsd: ({ folder, address, zones }) => {
    const each = zones.map(
      ({ apex, transfer }) =>
        `zone:\n name: ${apex}\n zonefile: ${apex}.zone\n${transfer === 'anyone' ? ' provide-xfr: 0.0.0.0/0 NOKEY\n' : ''}`,
    );
    writeFileSync(
      join(folder, 'conf'),
      `server:
 ip-address: ${address}
 server-count: 1
 username: ""
 zonesdir: "${folder}"
 pidfile: ""
 database: ""
 xfrdir: "${folder}"
 xfrdfile: "${folder}/xfrd"
 zonelistfile: "${folder}/list"
 cookie-secret-file: "${folder}/cookie"
 rrl-ratelimit: 0
remote-control:
 control-enable: no
${each.join('')}`,
    );
    return ['nsd', '-d', '-c', join(folder, 'conf')];
  },
  pdns: ({ folder, address, zones, namespace }) => {
    const each = zones.map(({ apex }) => `zone "${apex}" { type master; file "${folder}/${apex}.zone"; };`);
    writeFileSync(join(folder, 'zones'), `${each.join('\n')}\n`);
    const signs = zones.some(({ signing }) => signing !== undefined);
    writeFileSync(
      join(folder, 'pdns.conf'),
      `launch=bind
bind-config=${folder}/zones
${signs ? `bind-dnssec-db=${folder}/keys` : ''}
local-address=${address}
socket-dir=${folder}
setuid=
setgid=
disable-axfr=${zones.every(({ transfer }) => transfer !== 'anyone') ? 'yes' : 'no'}
allow-axfr-ips=0.0.0.0/0
cache-ttl=0
negquery-cache-ttl=0
query-cache-ttl=0
`,
    );
    const util = (...words: readonly string[]) => {
      const done = namespace.command(['pdnsutil', `--config-dir=${folder}`, ...words]);
      mustRunSync(done);
    };
    if (signs) {
      util('create-bind-db', join(folder, 'keys'));
      for (const { apex, signing } of zones) {
        if (signing === undefined) continue;
        util('secure-zone', apex);
        if (signing === 'online') util('set-nsec3', apex, '1 0 0 -', 'narrow');
        if (signing === 'nsec3') util('set-nsec3', apex, '1 0 0 -');
      }
    }
    return ['pdns_server', `--config-dir=${folder}`, '--daemon=no', '--guardian=no', '--loglevel=3'];
  },
};

let made = 0;
const prefix = 'portolan-names';
