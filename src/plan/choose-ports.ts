/**
 * Which ports a run asks: what `-p`, `-F`, `--top-ports` and `--exclude-ports` say, for the protocols of its
 * techniques, and the same for a target with ports of its own.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Protocol } from '../model/verdict.ts';
import { type PortLists, parsePorts, portsText, toSelection } from './parse-ports.ts';
import { defaultCount, fastCount, popularPorts } from './popular-ports.ts';
import { quoted } from './quoted.ts';
import type { Request } from './request.ts';

/** The ports of a run. */
export interface PortChoice {
  readonly selection: PortLists;
  /** What `--exclude-ports` takes away. */
  readonly excluded: PortLists;
  /** The ports of a target such as `host:8080-8090`; its IP protocols stay those of the run. */
  readonly own: (ports: string) => PortLists;
  readonly warnings: readonly string[];
}

/**
 * Decides on the ports of a run. `protocols` are those its techniques ask, in order; `looked` those by which hosts are
 * looked for, to which exclusions apply as well.
 */
export function choosePorts(
  request: Request,
  protocols: readonly Protocol[],
  looked: readonly Protocol[] = [],
): PortChoice {
  refuseTwoWays(request, protocols);
  const warnings: string[] = [];
  const all = selected(request, protocols, warnings);
  const holes = portsToAvoid(request, [...new Set([...protocols, ...looked])], warnings);
  const selection = minus(all, holes);
  for (const protocol of protocols) {
    if (selection[protocol].length > 0) continue;
    const why =
      all[protocol].length > 0
        ? `${named('excludePorts')} takes all of them`
        : `${named('ports')} ${quoted(portsText(request.ports ?? ''))} names none`;
    throw badRequest(`No ${protocol} ${noun(protocol)} left to ask: ${why}`);
  }
  const own = (ports: string): PortLists => {
    const transports = protocols.filter((protocol) => protocol !== 'ip');
    const what = `Ports ${quoted(ports)} behind a target`;
    if (transports.length === 0) throw badRequest(`${what}: only IP protocols are asked`);
    const wanted = parsePorts(ports, transports, 'target with ports').selection;
    const left = minus({ ...wanted, ip: selection.ip }, holes);
    if (protocols.some((protocol) => left[protocol].length > 0)) return left;
    throw badRequest(`${what}: ${named('excludePorts')} takes all of them`);
  };
  return { selection, excluded: holes, own, warnings };
}

/** What either of two selections asks. */
export function unionOf(a: PortLists, b: PortLists): PortLists {
  const both = (protocol: Protocol) => new Set([...a[protocol], ...b[protocol]]);
  return toSelection({ tcp: both('tcp'), udp: both('udp'), sctp: both('sctp'), ip: both('ip') });
}

function selected(request: Request, protocols: readonly Protocol[], warnings: string[]): PortLists {
  if (request.ports !== undefined) {
    const { selection, unused } = parsePorts(portsText(request.ports), protocols);
    for (const protocol of unused)
      warnings.push(
        `${named('ports')} names ${protocol} ${noun(protocol)}s, but no ${protocol} technique is asked`,
      );
    return selection;
  }
  const chosen: Partial<Record<Protocol, Iterable<number>>> = {};
  for (const protocol of protocols) {
    if (protocol === 'ip') chosen.ip = Array.from({ length: 256 }, (_, number) => number);
    else
      chosen[protocol] = popularPorts(
        protocol,
        request.topPorts ?? (request.fast ? fastCount[protocol] : defaultCount),
      );
  }
  return toSelection(chosen);
}

/** What `--exclude-ports` takes away of what is asked by these protocols. */
export function portsToAvoid(
  request: Request,
  protocols: readonly Protocol[],
  warnings: string[],
): PortLists {
  if (request.excludePorts === undefined) return toSelection({});
  const { selection, unused } = parsePorts(portsText(request.excludePorts), protocols, named('excludePorts'));
  for (const protocol of unused) {
    warnings.push(
      `${named('excludePorts')} names ${protocol} ${noun(protocol)}s, but no ${protocol} technique is asked`,
    );
  }
  return selection;
}

function minus(all: PortLists, holes: PortLists): PortLists {
  const left = (protocol: Protocol) => {
    if (holes[protocol].length === 0) return all[protocol];
    const out = new Set(holes[protocol]);
    return all[protocol].filter((number) => !out.has(number));
  };
  return { tcp: left('tcp'), udp: left('udp'), sctp: left('sctp'), ip: left('ip') };
}

function refuseTwoWays(request: Request, protocols: readonly Protocol[]): void {
  const ways = [
    request.ports !== undefined ? named('ports') : undefined,
    request.fast ? named('fast') : undefined,
    request.topPorts !== undefined ? named('topPorts') : undefined,
  ].filter((way) => way !== undefined);
  if (ways.length > 1) throw badRequest(`${ways.join(' and ')} each choose the ports; wanted one of them`);
  const { topPorts } = request;
  if (topPorts !== undefined && !(Number.isInteger(topPorts) && topPorts >= 1 && topPorts <= 65536)) {
    throw badRequest(`${named('topPorts')} ${topPorts}: wanted a whole number from 1 to 65536`);
  }
  if (ways.length === 1 && ways[0] !== named('ports') && protocols.every((protocol) => protocol === 'ip')) {
    throw badRequest(
      `${ways[0]} chooses ports, and only IP protocols are asked; wanted ${named('ports')} with protocols`,
    );
  }
}

function noun(protocol: Protocol): string {
  return protocol === 'ip' ? 'protocol' : 'port';
}
