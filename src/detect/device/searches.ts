/**
 * What is asked of all on a link at once, where everybody there may be asked, and how answers are read: some listen to that
 * alone.
 *
 * @module
 */

import { dnsQuestions, recordTypes } from '../service/protocols/names/dns-message.ts';
import { mdns, questionId } from '../service/protocols/names/link-names.ts';
import { ssdp, wsDiscovery } from '../service/protocols/names/ssdp.ts';
import { claimsIn } from './ask.ts';
import type { AskedDevice, Learnt } from './contract.ts';
import { descriptionQuestions } from './ssdp.ts';
import { metadataQuestions, probes } from './wsd.ts';

/** A question to a group. */
export interface GroupQuestion {
  readonly name: string;
  readonly group: string;
  readonly port: number;
  readonly words: Uint8Array;
}

/** The searches of SSDP and WS-Discovery, and which services there are by multicast DNS, answered to the asker alone. */
export function groupQuestions(): readonly GroupQuestion[] {
  const asked = { host: '239.255.255.250', port: 0 };
  return [
    { name: ssdp.name, group: '239.255.255.250', port: 1900, words: wordsOf(ssdp, asked) },
    ...probes().map((words) => ({ name: wsDiscovery.name, group: '239.255.255.250', port: 3702, words })),
    {
      name: mdns.name,
      group: '224.0.0.251',
      port: 5353,
      words: dnsQuestions(questionId, ['_services._dns-sd._udp.local', recordTypes.ptr]),
    },
  ];
}

/** What an answer to one of them shows, and what it leads to on the device itself. */
export function readAnnounced(name: string, bytes: Uint8Array, device: AskedDevice): Learnt {
  const protocol = [ssdp, wsDiscovery, mdns].find((one) => one.name === name);
  if (protocol === undefined) return { claims: [] };
  const claims = claimsIn(protocol, bytes);
  const location = claims.find(({ field }) => field === 'location')?.value;
  if (name === ssdp.name && location !== undefined)
    return { claims, next: descriptionQuestions(location, device) };
  return name === wsDiscovery.name ? { claims, next: metadataQuestions(bytes, device) } : { claims };
}

function wordsOf(protocol: typeof ssdp, asked: { readonly host: string; readonly port: number }): Uint8Array {
  return protocol.request?.bytes(asked, nothing) ?? nothing;
}

const nothing = new Uint8Array(0);
