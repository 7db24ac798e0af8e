/**
 * A host whose ports have been asked, as whoever infers its filter sees it.
 *
 * @module
 */

import type { FilteredProtocol, FirewallView, Seen } from '../../../firewall/contract.ts';
import { formatAddress } from '../../../model/address.ts';
import type { QuestionList } from '../../shard/config.ts';
import type { PhaseHost, PlainScan } from '../phase.ts';

/** The view of a host. */
export function viewOf({ address, isNear }: PhaseHost, plain: PlainScan): FirewallView {
  const { asked, looks, isOwn, isHeard, echoTtl, limits, isBlocked, pretence, loss, isAvoided, sentPackets } =
    plain;
  const numbers = { tcp: numbersOf(asked, 'syn'), udp: numbersOf(asked, 'udp') };
  const lookAt = (protocol: FilteredProtocol, port: number) => {
    const question = numbers[protocol]?.[port] ?? -1;
    return question < 0 ? undefined : looks.looks[(looks.of[question] as number) - 1];
  };
  const told = (protocol: FilteredProtocol) =>
    portsOf(numbers[protocol]).filter((port) => lookAt(protocol, port) !== undefined);
  const ports = { tcp: told('tcp'), udp: told('udp') };
  return {
    host: formatAddress(address),
    family: address.family,
    ...(echoTtl !== undefined && { echoTtl }),
    hasAnswered: isHeard || looks.looks.some(isOfHost),
    isNear,
    isOwn,
    // What an earlier run has asked took a packet a port at least.
    sentPackets: () => Math.max(sentPackets(), ports.tcp.length + ports.udp.length),
    ports,
    plain: (protocol, port) => lookAt(protocol, port) ?? unasked,
    isExcluded: isAvoided,
    limits,
    isBlocked,
    ...(pretence !== undefined && pretence !== 'unnamed' && { pretence }),
    ...(loss !== undefined && { loss }),
  };
}

/** What the bare ACKs of a scan brought, by port; undefined where none was sent. */
export function acksOf({ asked, looks }: PlainScan): (port: number) => Seen | undefined {
  const numbers = numbersOf(asked, 'ack');
  return (port) => {
    const question = numbers?.[port] ?? -1;
    return question < 0 ? undefined : looks.looks[(looks.of[question] as number) - 1];
  };
}

/** Whether the host itself, or somebody in its name, sent what was seen. */
function isOfHost({ answer, from }: Seen): boolean {
  return from === undefined && (answer === 'tcp' || answer === 'udp' || answer === 'icmp');
}

/** The questions of a technique by port, -1 where there is none; the same for all hosts of a scan. */
function numbersOf(asked: QuestionList, technique: string): Int32Array | undefined {
  let known = ofLists.get(asked);
  if (known === undefined) {
    known = new Map();
    ofLists.set(asked, known);
  }
  if (!known.has(technique)) known.set(technique, indexed(asked, asked.techniques.indexOf(technique)));
  return known.get(technique);
}

function indexed({ techniqueOf, portOf }: QuestionList, technique: number): Int32Array | undefined {
  if (technique < 0) return undefined;
  const numbers = new Int32Array(65_536).fill(-1);
  for (const [question, port] of portOf.entries())
    if (techniqueOf[question] === technique) numbers[port] = question;
  return numbers;
}

function portsOf(numbers: Int32Array | undefined): readonly number[] {
  const ports: number[] = [];
  numbers?.forEach((question, port) => {
    if (question >= 0) ports.push(port);
  });
  return ports;
}

const ofLists = new WeakMap<QuestionList, Map<string, Int32Array | undefined>>();

/** What is known of a port that was not asked. */
const unasked: Seen = {
  answer: 'unknown',
  flags: 0,
  window: 0,
  options: '',
  ttl: 0,
  dontFragment: false,
  ipId: -1,
  rttUs: -1,
  attempts: 0,
};
