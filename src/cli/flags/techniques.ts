/**
 * Options that say what is learnt: host discovery, techniques, detection, names. Those of discovery and of
 * port techniques are read off the technique tables.
 *
 * @module
 */

import type { HostTechniqueName, PortTechniqueName } from '../../model/technique-name.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import type { Technique } from '../../techniques/technique.ts';
import { type Draft, type Flag, Unacceptable } from './flag.ts';
import { readCount, readList, readTcpFlags, readTimeMs } from './values.ts';

/** Host discovery, techniques, detection and names. */
export const techniqueFlags: readonly Flag[] = [
  {
    name: 'sn',
    category: 'discovery',
    summary: 'Find hosts only, ask no ports',
    set: (_value, draft) => setGoal(draft, 'discover'),
  },
  {
    name: 'sL',
    category: 'discovery',
    summary: 'List targets only, send nothing to them',
    set: (_value, draft) => setGoal(draft, 'list'),
  },
  {
    name: 'Pn',
    category: 'discovery',
    summary: 'Take every target to be up',
    set(_value, { request }) {
      request.discovery = 'skip';
    },
  },
  ...discoveryFlags(),
  {
    name: 'disable-arp-ping',
    category: 'discovery',
    summary: 'Ask hosts on the own link as those behind routers',
    help: 'An answer to ARP or neighbour solicitation then proves nothing: where a proxy answers them for every address, hosts must answer a probe themselves.',
    set(_value, { request }) {
      request.disableArpPing = true;
    },
  },
  {
    name: 'discovery-ignore-rst',
    category: 'discovery',
    summary: 'Take no host to be up because of a reset',
    help: 'Some firewalls send resets for every address. A host must then answer otherwise: SYN+ACK, echo, datagram.',
    set(_value, { request }) {
      request.ignoreResets = true;
    },
  },
  ...portTechniqueFlags(),
  {
    name: 'scanflags',
    value: 'FLAGS',
    category: 'techniques',
    summary: 'TCP flags of the probes: names (SYNFIN) or a number',
    help: 'They replace the flags of the chosen technique; answers keep its meaning.',
    set(value, { request }) {
      request.scanFlags = readTcpFlags(value);
    },
  },
  {
    name: 'sV',
    category: 'detection',
    summary: 'Ask open ports what listens there',
    help: 'Protocols are proven by reading what services say; products and versions are told where a service tells them.',
    set(_value, { request }) {
      request.services ??= {};
    },
  },
  {
    name: 'version-intensity',
    value: '0-9',
    category: 'detection',
    summary: 'How much services are asked: 0 nothing, greetings are heard; 9 everything (7)',
    set: (value, draft) => setIntensity(draft, readCount(value, 0, 9)),
  },
  {
    name: 'version-light',
    category: 'detection',
    summary: 'Ask services little: intensity 2',
    set: (_value, draft) => setIntensity(draft, 2),
  },
  {
    name: 'version-all',
    category: 'detection',
    summary: 'Ask services everything: intensity 9',
    set: (_value, draft) => setIntensity(draft, 9),
  },
  {
    name: 'version-timeout',
    value: 'TIME',
    category: 'detection',
    summary: 'How long one service may take (8s)',
    set(value, { services }) {
      services.timeoutMs = readTimeMs(value, 1);
    },
  },
  {
    name: 'recog',
    value: 'DIR',
    category: 'detection',
    summary: 'Name products by the fingerprints of recog in this folder as well',
    help: 'They come after what Portolan itself knows, and are told as such: `recog` among the facts of a service. The folder is a checkout of https://github.com/rapid7/recog, or its xml.',
    set(value, { services }) {
      services.recog = value;
    },
  },
  {
    name: 'devices',
    category: 'detection',
    summary: 'Ask each host what device it is: mDNS, SSDP, NetBIOS, LLMNR, WS-Discovery, SNMP',
    help: 'By unicast, to targets alone, and without privileges. What a device announces (a description, a printer) is asked for on the device itself.',
    set(_value, { request }) {
      request.devices = true;
    },
  },
  {
    name: 'O',
    category: 'detection',
    summary: 'Ask hosts up to 30 packets more, to tell their system more surely',
    help: 'What raw scans see of open ports tells the system without it. Asked are one open, one closed TCP and one closed UDP port, as far as there are any.',
    set(_value, { request }) {
      request.systems = true;
    },
  },
  {
    name: 'A',
    category: 'detection',
    summary: 'Services, systems, devices and path: -sV -O --devices --traceroute',
    set(_value, { request }) {
      request.services ??= {};
      request.systems = true;
      request.devices = true;
      request.traceroute = true;
    },
  },
  {
    name: 'traceroute',
    category: 'detection',
    summary: 'The path to each host, hop by hop',
    set(_value, { request }) {
      request.traceroute = true;
    },
  },
  {
    name: 'n',
    category: 'names',
    summary: 'Never ask for reverse names',
    set: (_value, draft) => setReverseNames(draft, 'never'),
  },
  {
    name: 'R',
    category: 'names',
    summary: 'Ask for the reverse name of every target, up or not',
    set: (_value, draft) => setReverseNames(draft, 'all'),
  },
  {
    name: 'dns-servers',
    value: 'LIST',
    repeats: true,
    category: 'names',
    summary: 'Name servers to ask instead of the system’s',
    set(value, { request }) {
      request.dnsServers = [...(request.dnsServers ?? []), ...readList(value)];
    },
  },
];

function discoveryFlags(): readonly Flag[] {
  const all = Object.entries(hostTechniques) as [HostTechniqueName, Technique][];
  const replacements = new Set<string | undefined>(all.map(([, { withoutPrivilege }]) => withoutPrivilege));
  return (
    all
      // What takes another's place where there is no privilege has no letters of its own.
      .filter(([name]) => !replacements.has(name))
      .map(([technique, { flag, summary, probe, usualPorts }]): Flag => {
        const value = probe.transport === 'ip' ? 'PROTOCOLS' : 'PORTS';
        return {
          name: flag,
          ...(usualPorts !== undefined && { value, glued: /^[\w\-,*]+$/ }),
          repeats: true,
          category: 'discovery',
          summary,
          set(value, { probes }) {
            probes.push(value === '' ? { technique } : { technique, ports: value });
          },
        };
      })
  );
}

function portTechniqueFlags(): readonly Flag[] {
  return (Object.entries(portTechniques) as [PortTechniqueName, Technique][]).map(
    ([technique, { flag, summary }]): Flag => ({
      name: flag,
      category: 'techniques',
      summary: `${technique}: ${summary}`,
      set(_value, { techniques }) {
        if (!techniques.includes(technique)) techniques.push(technique);
      },
    }),
  );
}

function setGoal({ request }: Draft, goal: 'list' | 'discover'): void {
  if (request.goal !== undefined && request.goal !== goal) throw new Unacceptable('only one of -sn and -sL');
  request.goal = goal;
}

function setIntensity({ services }: Draft, intensity: number): void {
  if (services.intensity !== undefined && services.intensity !== intensity) {
    throw new Unacceptable('only one of --version-intensity, --version-light and --version-all');
  }
  services.intensity = intensity;
}

function setReverseNames({ request }: Draft, reverseNames: 'never' | 'all'): void {
  if (request.reverseNames !== undefined && request.reverseNames !== reverseNames) {
    throw new Unacceptable('only one of -n and -R');
  }
  request.reverseNames = reverseNames;
}
