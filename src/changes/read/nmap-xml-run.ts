/**
 * What nmap's XML says of the scan as a whole: whom it asked, which ports, by which technique.
 *
 * @module
 */

import { keyOf, RangeCollector } from '../../base/range-set.ts';
import type { Address } from '../../model/address.ts';
import { parseAddress, parseDecimal } from '../../model/parse-address.ts';
import { isPortRanges } from '../../model/ports.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { portTechniqueNames } from '../../model/technique-name.ts';
import type { Protocol } from '../../model/verdict.ts';
import { parseOctets } from '../../plan/octet-ranges.ts';
import { packLook, protocols } from '../look.ts';
import { askedKey, type Snapshot } from '../snapshot.ts';
import { eachRange } from '../take-fact.ts';
import { inShort } from './reader.ts';
import type { Attributes } from './xml-block.ts';

/** Refuses what stands where the parser is. */
export type Refuse = (problem: string) => never;

/**
 * Takes the root element. Targets stand in the words of the command alone: those that are addresses, blocks or ranges are
 * understood. A host among them of which nothing is said was not up.
 */
export function takeRun({ about }: Snapshot, { args = '' }: Attributes): void {
  const words = args.split(/\s+/).slice(1);
  const collector = new RangeCollector();
  let count = 0;
  for (const [at, word] of words.entries()) {
    // What excludes or names a decoy is followed by addresses that are no targets.
    if (/^(?:--exclude|-S|-D|-sI|--dns-servers|--ip-options|-e|-g|-b|--proxies)$/.test(words[at - 1] ?? ''))
      continue;
    if (addTarget(collector, word)) count++;
  }
  const targets = collector.finish();
  // Left out or drawn by lot: who was asked is not known then.
  const isClear = count > 0 && !words.some((word) => /^(?:--exclude|--excludefile|-iR|--resume)/.test(word));
  about.isTarget = (host) => {
    const address = parseAddress(host);
    return address !== undefined && isClear && targets.has(keyOf(address.family, address.value));
  };
  about.leavesOutSilent = isClear && !words.includes('--open') && !words.includes('-sL');
}

/** Takes which ports a technique asked. */
export function takeScanInfo({ about }: Snapshot, attributes: Attributes, refuse: Refuse): void {
  const { type = '', protocol = '', services = '' } = attributes;
  if (!protocols.includes(protocol as Protocol))
    refuse(`scaninfo has the protocol ${inShort(protocol)}; wanted tcp, udp, sctp or ip`);
  if (services.length > mostText || !isPortRanges(services))
    refuse(`scaninfo has services ${inShort(services)}; wanted ranges of ports`);
  const look = packLook({
    protocol: protocol as Protocol,
    technique: techniqueOf(type),
    state: 'unknown',
    reason: undefined,
    attempts: 0,
  });
  about.asked.set(askedKey(look), [...eachRange(services)].flat());
}

/** nmap's name of a scan, and ours. */
function techniqueOf(type: string): PortTechniqueName | undefined {
  const name = { sctpinit: 'sctp-init', ipproto: 'ip-protocol' }[type] ?? type;
  return portTechniqueNames.find((one) => one === name);
}

/** `10.0.0.1`, `10.0.0.0/24`, `10.0.0-3.1,5`, `fe80::1`; false: it is none of these. */
function addTarget(collector: RangeCollector, word: string): boolean {
  const [text = '', bits, ...more] = word.split('/');
  if (more.length > 0) return false;
  const address = parseAddress(text);
  if (address !== undefined) return addBlock(collector, address, bits);
  if (bits !== undefined || !/^[\d.,*-]+$/.test(text) || !text.includes('.')) return false;
  try {
    for (const { first, last } of parseOctets(text)) collector.add(first, last);
    return true;
  } catch (problem) {
    if (typeof problem === 'string') return false;
    throw problem;
  }
}

function addBlock(collector: RangeCollector, { family, value }: Address, bits: string | undefined): boolean {
  const width = family === 4 ? 32 : 128;
  const length = bits === undefined ? width : parseDecimal(bits, width);
  if (length === undefined) return false;
  const span = 1n << BigInt(width - length);
  const first = value - (value % span);
  collector.add(keyOf(family, first), keyOf(family, first + span - 1n));
  return true;
}

/** A list of all ports, singly. */
const mostText = 2 ** 20;
