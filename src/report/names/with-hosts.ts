/** A format that tells names, and the hosts that were scanned for them. @module */

import { parseAddress } from '../../model/parse-address.ts';
import type { Writer } from '../writer.ts';

/** Joins the two writers of a format: what is about names goes to the first, hosts to the second. */
export function withHosts(names: Writer, hosts: Writer): Writer {
  return {
    name: names.name,
    mediaType: names.mediaType,
    begin: (scan, out) => names.begin?.(scan, out),
    fact(fact, out) {
      if (fact.type !== 'finding' || !isAddress(fact.host)) names.fact?.(fact, out);
    },
    host(report, out) {
      if (isAddress(report.host.host)) hosts.host?.(report, out);
    },
    end(summary, scan, out) {
      names.end?.(summary, scan, out);
    },
  };
}

function isAddress(host: string): boolean {
  return parseAddress(host.replace(/%.*/, '')) !== undefined;
}
