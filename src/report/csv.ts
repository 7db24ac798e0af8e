/**
 * Comma-separated values (RFC 4180) for spreadsheets and databases. A row is a host, a port under one
 * technique, or a group of ports; `type` says which, in the words of NDJSON.
 *
 * @module
 */

import type { HostFact, PortFact, PortsFact, ServiceFact } from '../model/fact.ts';
import { csvCell } from './escape.ts';
import { otherNames } from './phrases.ts';
import type { HostReport, ShowOptions, Writer } from './writer.ts';

/** A writer of CSV (`-oC`). */
export function csv(_show: ShowOptions): Writer {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (_scan, out) => out(`${columns.map(([title]) => title).join(',')}\r\n`),
    host: (report, out) => out(hostRecords(report)),
  };
}

function hostRecords({ host, ports, groups, services }: HostReport): string {
  const found = new Map(services.map((service) => [`${service.protocol} ${service.port}`, service]));
  const name = host.askedAs ?? host.name;
  // Ports have the first name; the host's own row has all, which hold no space.
  const all = [name, ...otherNames(host)].filter((one) => one !== undefined).join(' ');
  const rows = [record({ name: all, host })];
  for (const port of ports) {
    rows.push(record({ name, port, service: found.get(`${port.protocol} ${port.port}`) }));
  }
  for (const group of groups) rows.push(record({ name, group }));
  return rows.join('');
}

// Joined, not added up: a string that grows by small pieces is a tree, and 65,536 of them kept the collector busy.
function record(source: Source): string {
  const cells = columns.map(([, read]) => {
    const value = read(source);
    return value === undefined || value === null ? '' : csvCell(value);
  });
  return `${cells.join(',')}\r\n`;
}

/** What one row is about: a host, or a port or group of ports with its service. */
interface Source {
  readonly name: string | undefined;
  readonly host?: HostFact;
  readonly port?: PortFact;
  readonly group?: PortsFact;
  readonly service?: ServiceFact | undefined;
}

type Column = readonly [title: string, read: (source: Source) => string | number | null | undefined];

/** Titles with what stands under them; a group has its range list for a port. */
const columns: readonly Column[] = [
  ['type', ({ host, port, group }) => (host ?? port ?? group)?.type],
  ['host', ({ host, port, group }) => (host ?? port ?? group)?.host],
  ['name', ({ name }) => name],
  ['protocol', ({ port, group }) => (port ?? group)?.protocol],
  ['port', ({ port, group }) => port?.port ?? group?.ports],
  ['count', ({ port, group }) => (port === undefined ? group?.count : 1)],
  ['technique', ({ port, group }) => (port ?? group)?.technique],
  ['state', ({ host, port, group }) => (host ?? port ?? group)?.state],
  ['reason', ({ host, port, group }) => (host ?? port ?? group)?.reason],
  ['ttl', ({ host, port }) => (host ?? port)?.ttl],
  ['from', ({ port }) => port?.from],
  ['rttMs', ({ host, port }) => (host ?? port)?.rttMs],
  ['attempts', ({ port }) => port?.attempts],
  ['service', ({ port, service }) => service?.name ?? port?.service],
  ['product', ({ service }) => service?.product],
  ['version', ({ service }) => service?.version],
  ['info', ({ service }) => service?.info],
  ['cpe', ({ service }) => service?.cpe.join(' ')],
  ['tls', ({ service }) => service && String(service.tls)],
  ['mac', ({ host }) => host?.mac],
  ['vendor', ({ host }) => host?.vendor],
  ['at', ({ host, port, group }) => (host ?? port ?? group)?.at],
];
