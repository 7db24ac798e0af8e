/**
 * A policy from what a scan finds now: what is open stays allowed, everything else asked is denied.
 *
 * @module
 */

import type { Fact, HostFact } from '../model/fact.ts';
import { formatPorts, parsePortRanges } from '../model/ports.ts';
import type { PortState } from '../model/verdict.ts';
import { type AuditProtocol, auditProtocols } from './policy.ts';

/** Collects what is found, host by host. */
export class FirstPolicy {
  readonly #hosts = new Map<string, FoundHost>();

  /** Takes any fact of the scan. */
  take(fact: Fact): void {
    if (fact.type === 'host') this.#of(fact.host).host = fact;
    if (fact.type === 'port') this.#of(fact.host).note(fact.protocol, fact.state, [fact.port]);
    if (fact.type === 'ports')
      this.#of(fact.host).note(fact.protocol, fact.state, parsePortRanges(fact.ports));
  }

  /** The policy as YAML; `made` says in a comment where it came from. */
  text(made: string): string {
    const hosts = [...this.#hosts.entries()];
    const rules = hosts.flatMap(([host, found]) => found.rule(host));
    const left = hosts.flatMap(([host, found]) => found.leftOut(host));
    return [
      `# ${comment(made)}`,
      ...left.map((line) => `# ${comment(line)}`),
      'version: 1',
      ...(rules.length === 0 ? ['rules: []'] : ['rules:', ...rules]),
      '',
    ].join('\n');
  }

  #of(host: string): FoundHost {
    let found = this.#hosts.get(host);
    if (found === undefined) {
      found = new FoundHost();
      this.#hosts.set(host, found);
    }
    return found;
  }
}

/** What was found of one host. */
class FoundHost {
  host: HostFact | undefined;
  readonly #ports = new Map<string, number[]>();

  note(protocol: string, state: PortState, ports: readonly number[]): void {
    const key = `${protocol} ${state}`;
    this.#ports.set(key, [...(this.#ports.get(key) ?? []), ...ports]);
  }

  /** The lines of its rule; none where nothing was found that could be expected. */
  rule(host: string): readonly string[] {
    const allow = auditProtocols.flatMap((protocol) =>
      listed(this.#of(protocol, 'open')).map((ports) => `${protocol}/${ports}`),
    );
    const asked = auditProtocols.flatMap((protocol) => {
      const all = [...this.#of(protocol, 'open'), ...this.#denied(protocol)].sort((a, b) => a - b);
      return listed(all).map((ports, i) => (i === 0 ? `${letters[protocol]}:${ports}` : ports));
    });
    const [isFiltered, isClosed] = (['filtered', 'closed'] as const).map((state) =>
      auditProtocols.some((protocol) => this.#of(protocol, state).length > 0),
    );
    const isDenied = isFiltered || isClosed;
    if (allow.length === 0 && !isDenied) return [];
    const name = this.host?.askedAs ?? this.host?.name;
    const way = isFiltered !== isClosed && (isFiltered ? 'filtered' : 'closed');
    return [
      `  - name: ${text(name === undefined || name === host ? host : `${name} (${host})`)}`,
      `    targets: [${text(host)}]`,
      ...(isDenied ? [`    ports: [${asked.map(text).join(', ')}]`] : []),
      ...(allow.length > 0 ? [`    allow: [${allow.join(', ')}]`] : []),
      ...(isDenied ? ['    deny: rest'] : []),
      ...(isDenied && way ? [`    deny-as: ${way}`] : []),
    ];
  }

  /** What the policy cannot speak of. */
  leftOut(host: string): readonly string[] {
    if (this.#ports.size === 0) return [`Left out: ${host} (${this.host?.state ?? 'unknown'})`];
    return [...this.#ports].flatMap(([key, ports]) => {
      const [protocol, state] = key.split(' ') as [string, PortState];
      if (state === 'open' || state === 'closed' || state === 'filtered') return [];
      return [`Left out: ${host} ${protocol}/${formatPorts(ports.sort((a, b) => a - b))} (${state})`];
    });
  }

  #denied(protocol: AuditProtocol): readonly number[] {
    return [...this.#of(protocol, 'closed'), ...this.#of(protocol, 'filtered')];
  }

  #of(protocol: AuditProtocol, state: PortState): readonly number[] {
    return (this.#ports.get(`${protocol} ${state}`) ?? []).sort((a, b) => a - b);
  }
}

function listed(ports: readonly number[]): readonly string[] {
  return ports.length === 0 ? [] : formatPorts(ports).split(',');
}

/** A scalar in double quotes, which are JSON's; characters that cannot be seen as escapes. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One line, whatever a name server has said. */
function comment(line: string): string {
  return line.replaceAll(/[^\x20-\x7e]/g, '?');
}

const letters = { tcp: 'T', udp: 'U', sctp: 'S' } as const satisfies Record<AuditProtocol, string>;
