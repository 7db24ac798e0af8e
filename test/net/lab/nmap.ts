/**
 * Nmap as a second opinion: its states and reasons, port by port.
 *
 * @module
 */

import { parsePortRanges } from '../../../src/model/ports.ts';
import type { Lab } from './lab.ts';
import type { EnterOptions } from './namespace.ts';

/** State and reason of ports, by `address protocol/port`. */
export type PortTable = ReadonlyMap<string, { readonly state: string; readonly reason: string }>;

/** Runs nmap in the scanner's namespace and reads what it says of every port it was asked about. */
export async function nmap(lab: Lab, args: readonly string[], options?: EnterOptions): Promise<PortTable> {
  const argv = ['nmap', '-n', '-oX', '-', ...args];
  const { status, stdout, stderr } = await lab.scanner.namespace.run(argv, options);
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}`);
  return readNmapXml(stdout);
}

/** Every port in nmap's XML, those it only counts (`extraports`) included. */
export function readNmapXml(xml: string): PortTable {
  const table = new Map<string, { state: string; reason: string }>();
  for (const [, host] of xml.matchAll(/<host\b[^>]*>(.*?)<\/host>/gs)) {
    const address = /<address addr="([^"]+)" addrtype="ipv[46]"/.exec(host as string)?.[1];
    const ports = /<port protocol="(\w+)" portid="(\d+)"><state state="([^"]+)" reason="([^"]+)"/g;
    for (const [, protocol, port, state, reason] of (host as string).matchAll(ports)) {
      table.set(`${address} ${protocol}/${port}`, { state: state as string, reason: reason as string });
    }
    for (const [, state, extra] of (host as string).matchAll(
      /<extraports state="([^"]+)"[^>]*>(.*?)<\/extraports>/gs,
    )) {
      const reasons = /<extrareasons reason="([^"]+)" count="\d+" proto="(\w+)" ports="([^"]+)"/g;
      for (const [, reason, protocol, ranges] of (extra as string).matchAll(reasons)) {
        // Where nmap counts ports it uses plurals: `resets`, `port-unreaches`.
        const word = (reason as string).replace(/(?<=unreach)es$|s$/, '');
        for (const port of parsePortRanges(ranges as string)) {
          table.set(`${address} ${protocol}/${port}`, { state: state as string, reason: word });
        }
      }
    }
  }
  return table;
}
