/**
 * All hosts and ports of the report, in columns: a million ports are searched while one types.
 *
 * @module
 */

import type { HostBlock, Look, PageHost } from '../data.ts';
import { type Query, type Word, wordsIn } from './query.ts';

/** Hosts that match, and of each the rows that do. */
export interface Found {
  /** Places of hosts. */
  readonly hosts: Uint32Array;
  /** Which rows match; all of a host whose own text does. */
  readonly rows: Uint8Array;
  readonly rowCount: number;
}

/** A finding by its place: whose, and which of his. */
export interface PlacedFinding {
  readonly host: number;
  readonly place: number;
}

/** Where a word occurs. */
interface Places {
  readonly inHost: Uint8Array;
  readonly inLook: Uint8Array;
  /** Rows of whose service more is known, and in that it occurs. */
  readonly inRow: ReadonlySet<number>;
  readonly ports: ((port: number) => boolean) | undefined;
}

/** The report's hosts and ports. */
export class ReportData {
  readonly hosts: readonly PageHost[];
  readonly looks: readonly Look[];
  /** The first row of each host, and behind the last one the number of all. */
  readonly starts: Uint32Array;
  readonly ports: Uint16Array;
  /** The place of what was said of each row's port. */
  readonly lookOf: Uint32Array;
  #hostTexts: readonly string[] | undefined;
  #rowDetails: readonly (readonly [row: number, text: string])[] | undefined;

  constructor(blocks: readonly HostBlock[]) {
    this.hosts = blocks.flatMap(({ hosts }) => hosts);
    this.looks = blocks.flatMap(({ looks }) => looks);
    this.starts = new Uint32Array(this.hosts.length + 1);
    this.hosts.forEach(({ ports = [] }, place) => {
      this.starts[place + 1] = (this.starts[place] as number) + ports.length / 2;
    });
    const rowCount = this.starts[this.hosts.length] as number;
    this.ports = new Uint16Array(rowCount);
    this.lookOf = new Uint32Array(rowCount);
    let row = 0;
    for (const { ports = [] } of this.hosts) {
      let port = 0;
      for (let i = 0; i < ports.length; i += 2) {
        port += ports[i] as number;
        this.ports[row] = port;
        this.lookOf[row] = ports[i + 1] as number;
        row++;
      }
    }
  }

  /** The findings of all hosts, the gravest first. */
  get findings(): readonly PlacedFinding[] {
    const all = this.hosts.flatMap(({ findings = [] }, host) =>
      findings.map((_finding, place) => ({ host, place })),
    );
    const rankOf = ({ host, place }: PlacedFinding) =>
      severities.indexOf(this.hosts[host]?.findings?.[place]?.severity ?? '');
    return all.sort((a, b) => rankOf(b) - rankOf(a) || a.host - b.host);
  }

  /** The hosts and rows that hold every word of the query. */
  search(query: Query): Found {
    const words = wordsIn(query.text).map((word) => this.#placesOf(word));
    const narrows = query.state !== '' || query.protocol !== '';
    const isLookWanted = Uint8Array.from(this.looks, (look) => Number(isOf(look, query)));
    const { starts, lookOf, ports } = this;
    const rows = new Uint8Array(ports.length);
    const hosts = new Uint32Array(this.hosts.length);
    /** The words that a host itself does not have; what it says is said of all its ports. */
    const left: Places[] = [];
    let hostCount = 0;
    let rowCount = 0;
    for (let host = 0; host < hosts.length; host++) {
      left.length = 0;
      for (const places of words) if (places.inHost[host] !== 1) left.push(places);
      const start = starts[host] as number;
      const end = starts[host + 1] as number;
      let count = 0;
      if (left.length === 0 && !narrows) {
        rows.fill(1, start, end);
        count = end - start;
      } else {
        for (let row = start; row < end; row++) {
          const look = lookOf[row] as number;
          if (isLookWanted[look] !== 1) continue;
          if (left.length > 0 && !isSaid(left, row, look, ports[row] as number)) continue;
          rows[row] = 1;
          count++;
        }
      }
      const isFound = count > 0 || (left.length === 0 && (!narrows || this.#hasGroup(host, query)));
      if (isFound) hosts[hostCount++] = host;
      rowCount += count;
    }
    return { hosts: hosts.slice(0, hostCount), rows, rowCount };
  }

  /** Where a word occurs: in what is said of hosts, in what is said of ports, or as a port's number. */
  #placesOf({ field, text, ports }: Word): Places {
    const isOfHost = field === '' || field === 'host';
    const isOfLook = field !== 'host' && field !== 'port';
    const texts = isOfHost ? this.#textsOfHosts() : [];
    return {
      inHost: isOfHost
        ? Uint8Array.from(texts, (one) => Number(one.includes(text)))
        : new Uint8Array(this.hosts.length),
      inLook: Uint8Array.from(this.looks, (look) => Number(isOfLook && holds(look, field, text))),
      inRow: new Set(
        field === '' ? this.#detailsOfRows().flatMap(([row, one]) => (one.includes(text) ? [row] : [])) : [],
      ),
      ports: field === '' || field === 'port' ? ports : undefined,
    };
  }

  /** Ports that are only counted are found by state and protocol. */
  #hasGroup(host: number, query: Query): boolean {
    return (this.hosts[host]?.groups ?? []).some(({ look }) => {
      const said = this.looks[look];
      return said !== undefined && isOf(said, query);
    });
  }

  /** All that is searched of each host; made before it is asked for, so that the first letter finds it ready. */
  prepare(): void {
    this.#textsOfHosts();
    this.#detailsOfRows();
  }

  #textsOfHosts(): readonly string[] {
    this.#hostTexts ??= this.hosts.map((host) =>
      [
        host.title,
        ...host.notes,
        host.os ?? '',
        host.device ?? '',
        host.policyText ?? '',
        ...(host.findings ?? []).map(({ rule, claim }) => `${rule} ${claim}`),
      ]
        .join('\n')
        .toLowerCase(),
    );
    return this.#hostTexts;
  }

  #detailsOfRows(): readonly (readonly [row: number, text: string])[] {
    this.#rowDetails ??= this.hosts.flatMap(({ services = [] }, host) =>
      services.flatMap(({ port, protocol, details }) => {
        for (let row = this.starts[host] as number; row < (this.starts[host + 1] as number); row++) {
          if (this.ports[row] !== port || this.looks[this.lookOf[row] as number]?.protocol !== protocol)
            continue;
          return [[row, details.flat().join('\n').toLowerCase()] as const];
        }
        return [];
      }),
    );
    return this.#rowDetails;
  }
}

/** Whether every word occurs in what is said of a port. */
function isSaid(words: readonly Places[], row: number, look: number, port: number): boolean {
  for (const { inLook, inRow, ports } of words) {
    if (inLook[look] !== 1 && ports?.(port) !== true && (inRow.size === 0 || !inRow.has(row))) return false;
  }
  return true;
}

function isOf(look: Look, { state, protocol }: Query): boolean {
  return (state === '' || look.state === state) && (protocol === '' || look.protocol === protocol);
}

function holds(look: Look, field: string, text: string): boolean {
  const said = field === '' ? Object.values(look) : [look[field as keyof Look] ?? ''];
  return said.some((one) => one.toLowerCase().includes(text));
}

const severities = ['', 'info', 'low', 'medium', 'high'];
