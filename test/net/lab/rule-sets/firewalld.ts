/**
 * firewalld as installed: every zone it comes with, on a host, and on a router whose other side it trusts and whose
 * own policy lets two services through.
 *
 * What passes is read from the zones' and services' own files. The daemon runs with a bus of its own.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fate, RuleSet } from './rule-set.ts';

/** Every predefined zone, at both places. */
export function firewalldSets(): readonly RuleSet[] {
  return zones().flatMap((zone) => [onHost(zone), onRouter(zone)]);
}

function onHost(zone: string): RuleSet {
  return {
    ...common,
    name: `firewalld, zone ${zone}, on the host`,
    on: 'host',
    script: `${defaultZone(zone)}\n${start}`,
    shows: new RegExp(`goto filter_IN_${zone}\\n`),
    fateOf: (port) => (portsOfZone(zone).has(port) ? 'pass' : fateOfRest(zone)),
  };
}

function onRouter(zone: string): RuleSet {
  const trusted = zone === 'trusted' ? 'internal' : 'trusted';
  const policy = [
    '<?xml version="1.0" encoding="utf-8"?><policy target="CONTINUE">',
    `<ingress-zone name="${zone}"/><egress-zone name="${trusted}"/>`,
    '<service name="ssh"/><service name="http"/></policy>',
  ].join('');
  return {
    ...common,
    name: `firewalld, zone ${zone}, on the router`,
    on: 'router',
    script: [
      defaultZone(zone),
      putInterface('near', zone),
      putInterface('far', trusted),
      `echo '${policy}' > /etc/firewalld/policies/lab.xml`,
      start,
    ].join('\n'),
    shows: new RegExp(`iifname "near" (jump|goto) filter_FWD_${zone}`),
    fateOf: (port) => (port === 22 || port === 80 ? 'pass' : fateOfRest(zone)),
  };
}

function defaultZone(zone: string): string {
  return `sed -i 's/^DefaultZone=.*/DefaultZone=${zone}/' /etc/firewalld/firewalld.conf`;
}

function putInterface(name: string, zone: string): string {
  return `sed 's|</zone>|<interface name="${name}"/></zone>|' ${folder}/zones/${zone}.xml > /etc/firewalld/zones/${zone}.xml`;
}

/** What becomes of what no service of the zone takes. */
function fateOfRest(zone: string): Fate {
  const target = /<zone[^>]* target="([^"]+)"/.exec(read(`zones/${zone}.xml`))?.[1] ?? 'default';
  return target === 'ACCEPT' ? 'pass' : target === 'DROP' ? 'drop' : 'admin-prohibited';
}

function portsOfZone(zone: string): ReadonlySet<number> {
  const known = openOf.get(zone);
  if (known !== undefined) return known;
  const ports = new Set(
    [...read(`zones/${zone}.xml`).matchAll(/<service name="([^"]+)"/g)].flatMap(([, service]) =>
      [...read(`services/${service}.xml`).matchAll(/<port [^>]*>/g)]
        .filter(([port]) => port.includes('protocol="tcp"'))
        .map(([port]) => Number(/port="(\d+)"/.exec(port)?.[1])),
    ),
  );
  openOf.set(zone, ports);
  return ports;
}

function zones(): readonly string[] {
  if (!existsSync(join(folder, 'zones'))) return ['public'];
  return readdirSync(join(folder, 'zones')).map((name) => name.replace('.xml', ''));
}

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

const folder = '/usr/lib/firewalld';
const openOf = new Map<string, ReadonlySet<number>>();

const common = {
  package: 'firewalld',
  program: '/usr/sbin/firewalld',
  copied: ['/etc/firewalld'],
} as const;

const start = `
mkdir -p /run/dbus
dbus-daemon --system --nofork --nopidfile &
await test -S /run/dbus/system_bus_socket
firewalld --nofork --nopid &
await firewall-cmd --state
`;
