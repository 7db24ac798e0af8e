/**
 * Comma-separated values (RFC 4180) for spreadsheets and databases. A row is a host, a port under one
 * technique, or a group of ports; `type` says which, in the words of NDJSON.
 *
 * @module
 */

import { csvCell } from './escape.ts';
import type { HostReport, ShowOptions, Writer } from './writer.ts';

/** A writer of CSV (`-oC`). */
export function csv(_show: ShowOptions): Writer {
  return {
    name: 'csv',
    mediaType: 'text/csv',
    begin: (_scan, out) => out(`${columns.join(',')}\r\n`),
    host: (report, out) => out(hostRows(report).map(record).join('')),
  };
}

function hostRows({ host, ports, groups, services }: HostReport): Row[] {
  const found = new Map(services.map((service) => [`${service.protocol} ${service.port}`, service]));
  const name = host.askedAs ?? host.name;
  return [
    {
      type: 'host',
      host: host.host,
      name,
      state: host.state,
      reason: host.reason,
      ttl: host.ttl,
      rttMs: host.rttMs,
      mac: host.mac,
      vendor: host.vendor ?? undefined,
      at: host.at,
    },
    ...ports.map((fact): Row => {
      const service = found.get(`${fact.protocol} ${fact.port}`);
      return {
        ...fact,
        name,
        count: 1,
        service: service?.name ?? fact.service,
        product: service?.product,
        version: service?.version,
        info: service?.info,
        cpe: service?.cpe.join(' '),
        tls: service === undefined ? undefined : String(service.tls),
      };
    }),
    ...groups.map((fact): Row => ({ ...fact, name, port: fact.ports })),
  ];
}

function record(row: Row): string {
  let text = '';
  for (const column of columns) {
    const value = row[column];
    text += `${text === '' ? '' : ','}${value === undefined ? '' : csvCell(value)}`;
  }
  return `${text}\r\n`;
}

type Row = { readonly [Column in (typeof columns)[number]]?: string | number | undefined };

const columns = [
  'type',
  'host',
  'name',
  'protocol',
  'port',
  'count',
  'technique',
  'state',
  'reason',
  'ttl',
  'from',
  'rttMs',
  'attempts',
  'service',
  'product',
  'version',
  'info',
  'cpe',
  'tls',
  'mac',
  'vendor',
  'at',
] as const;
