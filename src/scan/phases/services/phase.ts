/**
 * What listens on open ports: each is talked to, several at once, and what is known of it is told at once.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import type { Opened } from '../../../dial/dial.ts';
import type { Question } from '../../../engine/questions/questions.ts';
import { formatAddress } from '../../../model/address.ts';
import {
  fromTarget,
  observationKind as kind,
  mostDataBytes,
  Observation,
} from '../../../model/observation.ts';
import type { CertificateFact } from '../../../model/service-fact.ts';
import { portTechniques } from '../../../techniques/index.ts';
import type { PhaseService } from '../../records/service-record.ts';
import type { ShardConfig } from '../../shard/config.ts';
import { sourcePort } from '../capabilities.ts';
import type { Phase, PhaseHost } from '../phase.ts';
import { type Conversation, converse } from './conversation.ts';

/** What is kept of a host. */
interface Services {
  readonly config: ShardConfig;
  /** Ports that are still to be asked, and how many are being asked. */
  readonly waiting: number[];
  asking: number;
  /** Ports that will not be asked. */
  readonly left: readonly number[];
  /** What was found out and not told yet. */
  news: PhaseService[];
}

/** A question, and what was found out by it. */
interface PortQuestion extends Question {
  readonly services: Services;
  found?: PhaseService;
}

/** Services. */
export const services: Phase<Services> = {
  name: 'services',
  number: 7,
  wants: ({ services: wish }) => wish !== undefined,
  needs: sourcePort,
  cost: () => ({ packets: usualPorts * usualPackets, bytes: usualPorts * usualBytes, assumes: usualWords }),
  async prepare() {
    detection ??= await import('../../../detect/service/index.ts');
  },
  begin(host, config) {
    const told = config.told?.get(host.id);
    const ports = host.openPorts.flatMap(({ protocol, port }) =>
      protocol === 'tcp' && told?.has(port) !== true ? [port] : [],
    );
    const most = host.isTimedOut
      ? 0
      : host.pretence === undefined
        ? ports.length
        : Math.max(0, mostOfPretender - (told?.size ?? 0));
    const ordered = host.pretence === undefined ? ports : likelyFirst(ports);
    return { config, waiting: ordered.slice(0, most), asking: 0, left: ordered.slice(most), news: [] };
  },
  agenda(_, state) {
    const ports = state.waiting.splice(0, mostAtOnce - state.asking);
    state.asking += ports.length;
    return ports.map(
      (port): PortQuestion => ({ technique: portTechniques.connect, port, variant: 0, services: state }),
    );
  },
  via: () => 'dial',
  async talk(host: PhaseHost, question, dial) {
    const asked = question as PortQuestion;
    const { config } = asked.services;
    const { intensity = 7, timeoutUs = 8_000_000 } = config.services ?? {};
    const { port } = question;
    const text = formatAddress(host.address);
    const serverName = config.services?.names[text]?.[0];
    const conversation = await converse(
      detect().inquire(
        { host: serverName ?? (host.address.family === 6 ? `[${text}]` : text), port },
        intensity,
      ),
      {
        target: { host: host.address, scopeId: host.scopeId, port },
        timeoutUs,
        closes: (config.variants[0]?.sourcePort ?? -1) >= 0 ? 'reset' : 'fin',
        ...(serverName !== undefined && { serverName }),
      },
      dial,
    );
    asked.found = serviceOf(port, conversation);
    return lookOf(conversation);
  },
  fold(_, state, question) {
    const { found = untried(question.port) } = question as PortQuestion;
    state.asking--;
    state.news.push(found);
  },
  news(_, state) {
    const { news } = state;
    state.news = [];
    return news;
  },
  facts: ({ isTimedOut }, { left }) =>
    left.map((port) => ({
      ...unknown(port),
      stopped: isTimedOut ? 'timeout' : 'flagged',
      connections: 0,
      bytes: 0,
    })),
};

/** All protocols, which no other scan need load. */
let detection: typeof import('../../../detect/service/index.ts') | undefined;

function detect(): NonNullable<typeof detection> {
  if (detection === undefined) throw new Error('the phase "services" has not been prepared');
  return detection;
}

/** Ports that protocols are expected on come first. */
function likelyFirst(ports: readonly number[]): readonly number[] {
  const isLikely = (port: number) => detect().expectedAt(port, true).length > 0;
  return [...ports.filter(isLikely), ...ports.filter((port) => !isLikely(port))];
}

function serviceOf(port: number, { service, connections, bytes, opened }: Conversation): PhaseService {
  if (opened.outcome === 'local' || opened.outcome === 'dropped') return untried(port);
  const { certificates, ...found } = service;
  const certificate = certificates?.[0] && certificateOf(certificates[0]);
  return { protocol: 'tcp', port, ...found, ...(certificate && { certificate }), connections, bytes };
}

function certificateOf(der: Uint8Array): CertificateFact | undefined {
  const read = detect().readCertificate(der);
  return read && { ...read, fingerprint: createHash('sha256').update(der).digest('hex') };
}

function unknown(port: number): PhaseService {
  return { protocol: 'tcp', port, name: null, cpe: [], tls: false, confidence: 3 };
}

function untried(port: number): PhaseService {
  return { ...unknown(port), isUntried: true };
}

/** The first connection, as what was seen of a question. */
function lookOf({ opened, heard }: Conversation): Observation {
  const seen = new Observation();
  seen.begin(kindOf(opened));
  seen.attempt = seen.attempts = 1;
  if (opened.outcome === 'connected' || opened.outcome === 'refused') seen.sender = fromTarget;
  if (opened.outcome === 'connected') seen.data = heard.slice(0, mostDataBytes);
  return seen;
}

function kindOf({ outcome }: Opened): number {
  if (outcome === 'connected') return kind.connected;
  if (outcome === 'refused') return kind.refused;
  return outcome === 'local' || outcome === 'dropped' ? kind.local : kind.silence;
}

/** Of a host that says open everywhere. */
const mostOfPretender = 32;
/** Conversations with one host at once, each with another port of it. */
const mostAtOnce = 100;
/** What is supposed of a host: nobody knows beforehand how many ports are open. */
const usualPorts = 5;
/** Packets of this side, two connections of which bring what is known of most. */
const usualPackets = 14;
const usualBytes = 900;
const usualWords = `${usualPorts} services a host, of two connections and half a second each, up to ${mostAtOnce} of a host at once`;
