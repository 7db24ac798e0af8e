/** What the command line calls the fields of a request. @module */

import type { Words } from '../base/words.ts';
import type { FirewallOptions, PacketOptions, Request, ServiceOptions } from '../plan/request.ts';
import { hostTechniques, portTechniques } from '../techniques/index.ts';

/** The option of a field, or of one of its values. */
export const optionWords: Words = (field, value) => {
  const option = options[field] ?? field;
  if (value === undefined) return option;
  const own = ownOptions[field]?.[value];
  return own ?? `${option} ${value}`;
};

type Field =
  | Exclude<keyof Request, 'args' | 'autoJournal' | 'ungrouped'>
  | `packet.${keyof PacketOptions}`
  | `services.${keyof ServiceOptions}`
  | `firewall.${keyof FirewallOptions}`;

const options: Readonly<Record<string, string>> = {
  targets: 'another target',
  targetFiles: '-iL',
  exclude: '--exclude',
  excludeFiles: '--excludefile',
  family: '-4 or -6',
  goal: '-sn or -sL',
  ports: '-p',
  fast: '-F',
  topPorts: '--top-ports',
  excludePorts: '--exclude-ports',
  inOrder: '-r',
  techniques: 'a technique such as -sS',
  scanFlags: '--scanflags',
  discovery: '-Pn or a probe of host discovery',
  ignoreResets: '--discovery-ignore-rst',
  disableArpPing: '--disable-arp-ping',
  traceroute: '--traceroute',
  services: '-sV',
  systems: '-O',
  'services.intensity': '--version-intensity',
  'services.timeoutMs': '--version-timeout',
  'services.recog': '--recog',
  devices: '--devices',
  firewall: 'portolan firewall',
  'firewall.budget': '--budget',
  reverseNames: '-n or -R',
  dnsServers: '--dns-servers',
  timing: '-T',
  minRatePps: '--min-rate',
  maxRatePps: '--max-rate',
  maxRetries: '--max-retries',
  scanDelayMs: '--scan-delay',
  hostTimeoutMs: '--host-timeout',
  initialRttTimeoutMs: '--initial-rtt-timeout',
  minRttTimeoutMs: '--min-rtt-timeout',
  maxRttTimeoutMs: '--max-rtt-timeout',
  maxParallelism: '--max-parallelism',
  packet: 'an option for packets',
  'packet.fragmentBytes': '-f or --mtu',
  'packet.sourcePort': '-g',
  'packet.ttl': '--ttl',
  'packet.data': '--data',
  'packet.dataLength': '--data-length',
  'packet.badChecksum': '--badsum',
  'packet.ipOptions': '--ip-options',
  'packet.sourceAddress': '-S',
  'packet.interface': '-e',
  'packet.decoys': '-D',
  'packet.spoofMac': '--spoof-mac',
  proxies: '--proxies',
  shard: '--shard',
  seed: '--seed',
  sweep: '--sweep',
  cooldownMs: '--cooldown',
  engine: '--engine',
  journal: '--journal',
  resume: '--resume',
  scope: '--scope',
  scopeFile: '--scope',
  yes: '--yes',
  capture: '-oP',
  evidence: '--evidence',
  trace: '--packet-trace',
  key: '--key',
  arrived: '--arrived',
} satisfies Readonly<Record<Field | 'trace' | 'key' | 'arrived', string>>;

/** Values that have an option of their own. */
const ownOptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  family: { 4: '-4', 6: '-6' },
  goal: { list: '-sL', discover: '-sn' },
  reverseNames: { never: '-n', all: '-R' },
  discovery: { skip: '-Pn', ...flagsOf(hostTechniques) },
  techniques: flagsOf(portTechniques),
} satisfies Partial<Record<keyof Request, Readonly<Record<string, string>>>>;

function flagsOf(
  techniques: typeof hostTechniques | typeof portTechniques,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(techniques).map(([name, { flag }]) => [name, `-${flag}`]));
}
