/**
 * A host as the page is given it. Ports are numbers that point at what was said of them, since the ports of a network
 * are many and what is said of them is little.
 *
 * @module
 */

import type { PolicyFact, ProbeFact, TraceFact } from '../../model/fact.ts';
import { deviceText } from '../device-words.ts';
import {
  besideText,
  bySeverity,
  hostTitle,
  milliseconds,
  osText,
  otherNames,
  serviceName,
  sureText,
  versionText,
} from '../phrases.ts';
import { inOrder, policyRows } from '../policy/rows.ts';
import { kindOf } from '../policy/space.ts';
import { policyWords } from '../policy-words.ts';
import { probeLines, probeText } from '../probe-words.ts';
import { type HiddenPorts, type PortRow, tabulate, techniquesText } from '../rows.ts';
import { serviceDetails } from '../service-words.ts';
import type { HostReport, ShowOptions } from '../writer.ts';
import type { HostBlock, Look, PageFilter, PageHost, PageProbe, PageService, PageTrace } from './data.ts';

/** Gathers hosts for one block after the other. */
export class HostPacker {
  readonly #show: ShowOptions;
  readonly #places = new Map<string, number>();
  #looks: Look[] = [];
  #hosts: PageHost[] = [];
  /** About how many characters the block will have. */
  #size = 0;

  constructor(show: ShowOptions) {
    this.#show = show;
  }

  /** Whether it is time to {@link take} what there is. */
  get isFull(): boolean {
    return this.#size > mostInBlock;
  }

  /** Adds a host. */
  add(report: HostReport): void {
    const { rows, hidden } = tabulate(report, this.#show);
    let last = 0;
    const ports = rows.flatMap((row) => {
      const step = row.port - last;
      last = row.port;
      return [step, this.#placeOf(lookOfRow(row))];
    });
    const groups = hidden.map((group) => ({
      ports: group.ports,
      count: group.count,
      look: this.#placeOf(lookOfGroup(group)),
    }));
    const { host, systems, device, policies, findings, probes, traces } = report;
    const os = systems.map(osText).filter(Boolean).join('; ');
    const packed: PageHost = {
      address: host.host,
      title: hostTitle(host),
      state: host.state,
      notes: notesOf(report),
      ...(os === '' ? {} : { os }),
      ...(device === undefined ? {} : { device: `${deviceText(device)} [${device.sources.join(', ')}]` }),
      ...some('ports', ports),
      ...some('groups', groups),
      ...some('services', rows.flatMap(servicesOf)),
      ...(policies.length === 0 ? {} : { policyText: policyWords(policies, findings) }),
      ...some('policies', policiesOf(policies)),
      ...some('filters', policies.flatMap(filterOf)),
      ...some(
        'findings',
        bySeverity(findings).map(
          ({ rule, severity = '', claim, evidence, refutedBy, facts, ...finding }) => ({
            rule,
            severity,
            claim,
            sure: sureText({ rule, claim, evidence, refutedBy, facts, ...finding }),
            evidence,
            refutedBy,
            facts,
          }),
        ),
      ),
      ...some('probes', probesOf(probes, this.#show)),
      ...some('traces', traces.map(traceOf)),
    };
    this.#hosts.push(packed);
    this.#size += usualHostSize + 4 * ports.length + 120 * (probes.length + findings.length);
  }

  /** What was added since the last time; undefined: nothing. */
  take(): HostBlock | undefined {
    if (this.#hosts.length === 0) return undefined;
    const block = { looks: this.#looks, hosts: this.#hosts };
    this.#looks = [];
    this.#hosts = [];
    this.#size = 0;
    return block;
  }

  #placeOf(look: Look): number {
    const key = Object.values(look).join('\n');
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(key, place);
      this.#looks.push(look);
    }
    return place;
  }
}

function lookOfRow({ protocol, headline, judgements, service, usualService }: PortRow): Look {
  const from =
    headline.type === 'port' && headline.from !== headline.host && headline.from !== undefined
      ? ` from ${headline.from}`
      : '';
  return {
    protocol,
    state: headline.state,
    reason: `${headline.reason}${from}`,
    technique: judgements.length > 1 ? techniquesText(judgements) : headline.technique,
    service: serviceName(service, usualService),
    version: versionText(service),
  };
}

function lookOfGroup({ protocol, state, reason, judgements }: HiddenPorts): Look {
  const technique = judgements.length > 1 ? techniquesText(judgements) : (judgements[0]?.technique ?? '');
  return { protocol, state, reason, technique, service: '', version: '' };
}

function notesOf({ host }: HostReport): readonly string[] {
  const rtt = host.rttMs === undefined ? '' : `, ${milliseconds(host.rttMs)} round trip`;
  const others = otherNames(host);
  return [
    `Host is ${host.state} (${host.reason})${rtt}`,
    ...(host.askedAs === undefined || host.name === undefined ? [] : [`Reverse name: ${host.name}`]),
    ...(others.length === 0 ? [] : [`Other names: ${others.join(', ')}`]),
    ...(host.mac === undefined
      ? []
      : [`MAC address: ${host.mac.toUpperCase()} (${host.vendor ?? 'Unknown'})`]),
  ];
}

function servicesOf({ protocol, port, service, beside }: PortRow): readonly PageService[] {
  const own = service === undefined ? [] : serviceDetails(service);
  const others = beside.flatMap((one) => [['besides', besideText(one)] as const, ...serviceDetails(one)]);
  const details = [...own, ...others];
  return details.length === 0 ? [] : [{ protocol, port, details }];
}

function policiesOf(policies: readonly PolicyFact[]): PageHost['policies'] {
  const facts = inOrder(policies);
  return policyRows(policies).map((row, place) => ({ ...row, kind: kindOf(facts[place] as PolicyFact) }));
}

function filterOf({ hop, hopRange, action, protocol, ports }: PolicyFact): readonly PageFilter[] {
  if (action === 'allow' || action === 'unknown') return [];
  const [low, high] = hop === null ? (hopRange ?? []) : [hop, hop];
  return low === undefined || high === undefined
    ? []
    : [{ low, high, action, ports: `${protocol} ${ports}` }];
}

function probesOf(probes: readonly ProbeFact[], show: ShowOptions): readonly PageProbe[] {
  if (probes.length <= mostProbes) return probes.map((probe) => ({ n: probe.n, text: probeText(probe) }));
  return probeLines(probes, { ...show, verbosity: Math.max(1, show.verbosity) }).map((text) => ({
    n: null,
    text,
  }));
}

function traceOf({ protocol, port, reached, hops }: TraceFact): PageTrace {
  return {
    by: port === undefined ? protocol : `${port}/${protocol}`,
    isReached: reached,
    hops: hops.map(({ ttl, address, name, rttMs }) => ({
      ttl,
      address,
      ...(name === undefined ? {} : { name }),
      ...(rttMs === undefined ? {} : { rtt: milliseconds(rttMs) }),
    })),
  };
}

function some<Name extends string, T>(
  name: Name,
  list: readonly T[] | undefined,
): { readonly [N in Name]?: readonly T[] } {
  return (list === undefined || list.length === 0 ? {} : { [name]: list }) as {
    readonly [N in Name]?: readonly T[];
  };
}

/** Blocks are unpacked one by one: large enough to pack well, small enough to be made while the scan runs. */
const mostInBlock = 1024 * 1024;
const usualHostSize = 150;
/** More of them are told together where they are alike. */
const mostProbes = 5000;
