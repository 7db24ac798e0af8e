/**
 * Records of scans that never were, to be compared: two of one network, the second with some changes, written without keeping
 * more than one host.
 *
 * @module
 */

import { closeSync, openSync, writeSync } from 'node:fs';

/** A port that differs between two records, as `address port/protocol`. */
export type ChangedPort = string;

/** Writes two records of nmap's XML as `nmap -sV` of 100 ports writes it; every hundredth port of those told differs. */
export function writeXmlPair(paths: readonly [string, string], hosts: number): ReadonlySet<ChangedPort> {
  return writePair(paths, hosts, 0x0a00_0000, xml);
}

/** Writes two native records; every thousandth of their ports differs. */
export function writeNdjsonPair(paths: readonly [string, string], hosts: number): ReadonlySet<ChangedPort> {
  return writePair(paths, hosts, 0x0a01_0000, ndjson);
}

/** How a record is written. `run` tells the first from the second. */
interface Form {
  /** How many of the ports told one is of which differs. */
  readonly oneOf: number;
  head(hosts: number, run: number): string;
  host(address: string, index: number, run: number, isChanged: (port: number) => boolean): string;
  tail(hosts: number, run: number): string;
  readonly ports: readonly number[];
}

function writePair(
  paths: readonly [string, string],
  hosts: number,
  base: number,
  form: Form,
): ReadonlySet<ChangedPort> {
  const changed = new Set<ChangedPort>();
  const files = paths.map((path) => openSync(path, 'w'));
  for (const [run, file] of files.entries()) {
    let told = 0;
    let text = form.head(hosts, run);
    for (let index = 0; index < hosts; index++) {
      const value = base + index;
      const address = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
      text += form.host(address, index, run, (port) => {
        if (++told % form.oneOf !== 0) return false;
        changed.add(`${address} ${port}/tcp`);
        return run === 1;
      });
      if (text.length > blockLength) {
        writeSync(file, text);
        text = '';
      }
    }
    writeSync(file, text + form.tail(hosts, run));
    closeSync(file);
  }
  return changed;
}

const services = [
  'name="ssh" product="OpenSSH" version="9.2p1 Debian 2+deb12u3" extrainfo="protocol 2.0" ostype="Linux" method="probed" conf="10"',
  'name="smtp" product="Postfix smtpd" method="probed" conf="10"',
  'name="domain" product="ISC BIND" version="9.18.24" method="probed" conf="10"',
  'name="http" product="nginx" version="1.24.0" method="probed" conf="10"',
  'name="https" method="table" conf="3" tunnel="ssl"',
  'name="mysql" product="MySQL" version="8.0.36" method="probed" conf="10"',
];

const xml: Form = {
  oneOf: 100,
  ports: [22, 25, 53, 80, 443, 3306],
  head: (hosts, run) => {
    const args = `nmap -n -sV -F -oX run${run}.xml 10.0.0.0/16`;
    return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated Sat Nov 21 1${run}:00:00 2026 as: ${args} -->
<nmaprun scanner="nmap" args="${args}" start="${startS + 3600 * run}" startstr="Sat Nov 21 1${run}:00:00 2026" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="${hosts > 0 ? 100 : 0}" services="1-94,110,143,443,993,3306,8080"/>
<verbose level="0"/>
<debugging level="0"/>
`;
  },
  host(address, index, run, isChanged) {
    const ports = this.ports.map((port, at) => {
      const state = isChanged(port)
        ? '<state state="closed" reason="reset" reason_ttl="63"/>'
        : `<state state="open" reason="syn-ack" reason_ttl="63"/><service ${services[at]}/>`;
      return `<port protocol="tcp" portid="${port}">${state}</port>\n`;
    });
    const startedS = startS + 3600 * run + (index >> 4);
    return `<host starttime="${startedS}" endtime="${startedS + 30}"><status state="up" reason="echo-reply" reason_ttl="63"/>
<address addr="${address}" addrtype="ipv4"/>
<hostnames>
<hostname name="host-${index}.lab.example" type="PTR"/>
</hostnames>
<ports><extraports state="closed" count="94">
<extrareasons reason="reset" count="94" proto="tcp" ports="1-21,23-24,26-52,54-79,81-94,110,143,993,8080"/>
</extraports>
${ports.join('')}</ports>
<times srtt="${1000 + ((index * 7 + run * 31) % 977)}" rttvar="${300 + ((index * 3 + run) % 211)}" to="100000"/>
</host>
`;
  },
  tail: (hosts, run) =>
    `<runstats><finished time="${startS + 3600 * run + 1800}" timestr="Sat Nov 21 1${run}:30:00 2026" summary="Nmap done" elapsed="1800.00" exit="success"/><hosts up="${hosts}" down="0" total="${hosts}"/>
</runstats>
</nmaprun>
`,
};

let n = 0;
const ndjson: Form = {
  oneOf: 1000,
  ports: [22, 25, 53, 80, 110, 139, 143, 389, 443, 445, 993, 3306, 3389, 5432, 8080, 8443],
  head(hosts, run) {
    n = 1;
    const questions = [
      { technique: 'syn', protocol: 'tcp', ports: this.ports.join(), count: this.ports.length },
    ];
    const last = 0x0a01_0000 + hosts - 1;
    const targets = `10.1.0.0-${[24, 16, 8, 0].map((shift) => (last >>> shift) & 255).join('.')}`;
    const scan = { schema: 1, version: '0.1.0', startedAt: timeAt(0, run), args: [], seed: 7, questions };
    return line({ type: 'scan', n, ...scan, targets, excluded: '', options: {} });
  },
  host(address, index, run, isChanged) {
    const at = timeAt(index, run);
    const about = { state: 'up', reason: 'echo-reply', ttl: 64, rttMs: 0.31, at };
    const host = line({ type: 'host', n: ++n, host: address, ...about });
    const ports = this.ports.map((port) => {
      const isOpen = ((index + port) % 3 === 0) !== isChanged(port);
      const verdict = { state: isOpen ? 'open' : 'closed', reason: isOpen ? 'syn-ack' : 'reset' };
      const seen = { ttl: 64, from: address, rttMs: ((index * 13 + port + run) % 900) / 1000, attempts: 1 };
      const fact = { type: 'port', n: ++n, host: address, protocol: 'tcp', port, technique: 'syn' };
      return line({ ...fact, ...verdict, ...seen, at });
    });
    return host + ports.join('');
  },
  tail(hosts, run) {
    const count = hosts * this.ports.length;
    const spent = {
      packets: { sent: count, received: count, retransmitted: 0 },
      bytes: { sent: 0, received: 0 },
    };
    const totals = {
      hosts: { up: hosts, down: 0, unknown: 0, total: hosts },
      ...spent,
      ports: { closed: count },
    };
    const loss = { estimate: 0, low: 0, high: 0.001, missedOpenExpected: 0 };
    const ended = { finishedAt: timeAt(hosts, run), elapsedMs: hosts, ...totals, loss };
    return line({ type: 'summary', n: ++n, ...ended, complete: true, exit: 'done' });
  },
};

function line(fact: object): string {
  return `${JSON.stringify(fact)}\n`;
}

function timeAt(index: number, run: number): string {
  return new Date((startS + 3600 * run) * 1000 + index).toISOString();
}

/** 2026-11-21 10:00 UTC. */
const startS = 1_795_255_200;
const blockLength = 2 ** 20;
