/**
 * What listens on open ports: each is talked to, several at once, and what is known of it is told at once. UDP ports that
 * were silent are asked in more words than their usual protocol's; who answers was open all along.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import type { Service } from '../../../detect/service/service.ts';
import type { Dial } from '../../../dial/dial.ts';
import type { Question } from '../../../engine/questions/questions.ts';
import { formatAddress } from '../../../model/address.ts';
import { observationKind as kind, type Observation } from '../../../model/observation.ts';
import type { CertificateFact, Exchange } from '../../../model/service-fact.ts';
import type { Protocol } from '../../../model/verdict.ts';
import { fastCount, popularPorts } from '../../../plan/popular-ports.ts';
import { portTechniques } from '../../../techniques/index.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import type { PhaseService } from '../../records/service-record.ts';
import type { ShardConfig } from '../../shard/config.ts';
import { portKey } from '../../shard/said-ports.ts';
import { sourcePort } from '../capabilities.ts';
import type { Phase, PhaseFact, PhaseHost } from '../phase.ts';
import { type Conversation, converse } from './conversation.ts';
import { answerBefore } from './exchange.ts';
import { forecastServices, mostAtOnce } from './forecast.ts';
import { lookOfConnection, lookOfDatagrams } from './looks.ts';

/** A port that is to be asked. */
interface Port {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** What it has answered to the scan of ports. */
  readonly answer?: Uint8Array;
  /** It was silent, when asked by this question. */
  readonly silent?: number;
}

/** What is kept of a host. */
export interface Services {
  readonly config: ShardConfig;
  /** Ports that are still to be asked, and how many are being asked. */
  readonly waiting: Port[];
  asking: number;
  /** Open ports that will not be asked. */
  readonly left: readonly Port[];
  /** What was found out and not told yet. */
  news: PhaseFact[];
}

/** A question, and what was found out by it. */
interface PortQuestion extends Question {
  readonly services: Services;
  readonly asked: Port;
  found?: readonly PhaseFact[];
}

/** Services. */
export const services: Phase<Services> = {
  name: 'services',
  number: phaseNumbers.services,
  wantsSilent: true,
  wants: ({ services: wish }) => wish !== undefined,
  needs: sourcePort,
  cost: forecastServices,
  async prepare() {
    detection ??= await import('../../../detect/service/index.ts');
  },
  begin(host, config) {
    const told = config.told?.get(host.id);
    const isLeft = ({ protocol, port }: Port) => told?.has(portKey(protocol, port)) !== true;
    const open = host.openPorts.flatMap(({ protocol, port, answer }) =>
      protocol === 'tcp' || protocol === 'udp'
        ? [{ protocol, port, ...(answer !== undefined && { answer }) }]
        : [],
    );
    const toAsk = open.filter(isLeft);
    const news: PhaseFact[] = [];
    const unread = toAsk.filter((port) => {
      const service = readAnswer(host, port, config);
      if (service !== undefined) news.push(service);
      return service === undefined;
    });
    const most = host.isTimedOut
      ? 0
      : host.pretence === undefined
        ? unread.length
        : Math.max(0, mostOfPretender - (told?.size ?? 0) - news.length);
    const ordered = likelyFirst(unread);
    const silent = host.silentPorts
      .map(({ port, question }): Port => ({ protocol: 'udp', port, silent: question }))
      .filter(isLeft);
    const isAsked = !host.isTimedOut && host.pretence === undefined && intensityOf(config) > 0;
    const waiting = [...ordered.slice(0, most), ...(isAsked ? silent : [])];
    return { config, waiting, asking: 0, left: ordered.slice(most), news };
  },
  agenda(_, state) {
    const ports = state.waiting.splice(0, mostAtOnce - state.asking);
    state.asking += ports.length;
    return ports.map((asked): PortQuestion => {
      const technique = asked.protocol === 'tcp' ? portTechniques.connect : portTechniques.udp;
      return { technique, port: asked.port, variant: 0, services: state, asked };
    });
  },
  via: () => 'dial',
  async talk(host, question, dial) {
    const { asked, services: state } = question as PortQuestion;
    const conversation = await talkWith(host, asked, state.config, dial);
    const { found, seen } = lookOf(conversation, host, asked, state.config, dial.nowUs);
    (question as PortQuestion).found = found;
    return seen;
  },
  fold(_, state, question) {
    const { asked, found = [untried(asked)] } = question as PortQuestion;
    state.asking--;
    state.news.push(...found);
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

/** What its answer to the scan of ports shows, where nothing need be asked besides. */
function readAnswer(host: PhaseHost, port: Port, config: ShardConfig): PhaseService | undefined {
  if (port.protocol !== 'udp') return undefined;
  const { done, value } = inquiryOf(host, port, config).next();
  return done === true ? { ...told(port, config, value), connections: 0, bytes: 0 } : undefined;
}

function inquiryOf(host: PhaseHost, { protocol, port, answer }: Port, config: ShardConfig) {
  const { inquire, inquireDatagrams } = detect();
  const name = serverNameOf(host, config);
  const text = formatAddress(host.address);
  const asked = { host: name ?? (host.address.family === 6 ? `[${text}]` : text), port };
  const intensity = intensityOf(config);
  return protocol === 'tcp' ? inquire(asked, intensity) : inquireDatagrams(asked, intensity, answer);
}

function talkWith(
  host: PhaseHost,
  port: Port,
  config: ShardConfig,
  dial: Dial,
): Promise<Conversation<Service>> {
  const serverName = serverNameOf(host, config);
  return converse(
    inquiryOf(host, port, config),
    {
      target: { host: host.address, scopeId: host.scopeId, port: port.port, transport: port.protocol },
      timeoutUs: config.services?.timeoutUs ?? usualTimeoutUs,
      untilUs: host.untilUs,
      keepsTalk: config.services?.keepsTalk === true,
      closes: (config.variants[0]?.sourcePort ?? -1) >= 0 ? 'reset' : 'fin',
      ...(serverName !== undefined && { serverName }),
    },
    dial,
  );
}

/** What a talk has brought: what is told of it, and what was seen. */
function lookOf(
  conversation: Conversation<Service>,
  { address }: PhaseHost,
  asked: Port,
  config: ShardConfig,
  nowUs: number,
): { readonly found: readonly PhaseFact[]; readonly seen: Observation } {
  const service = serviceOf(asked, config, conversation);
  if (asked.protocol === 'tcp') {
    // What they cost together stands with the first.
    const { beside = [] } = conversation.result;
    const others = service.isUntried === true ? [] : beside.map((one) => told(asked, config, one));
    return { found: [service, ...others], seen: lookOfConnection(conversation) };
  }
  const look = lookOfDatagrams(conversation, address, nowUs);
  const { seen } = look;
  if (asked.silent === undefined || seen.kind === kind.local) return { found: [service], seen };
  const revised = { question: asked.silent, ...look };
  return { found: seen.kind === kind.udp ? [revised, service] : [revised], seen };
}

function serverNameOf({ address }: PhaseHost, { services: wish }: ShardConfig): string | undefined {
  return wish?.names[formatAddress(address)]?.[0];
}

function intensityOf({ services: wish }: ShardConfig): number {
  return wish?.intensity ?? usualIntensity;
}

/** All protocols, which no other scan need load. */
let detection: typeof import('../../../detect/service/index.ts') | undefined;

/** What {@link services} has prepared. */
export function detect(): NonNullable<typeof detection> {
  if (detection === undefined) throw new Error('the phase "services" has not been prepared');
  return detection;
}

/**
 * Ports that protocols are expected on come first: they tell most, and are waited for longest where they say nothing. Of
 * them those that are used most: of a host that says open everywhere few are asked.
 */
function likelyFirst(ports: readonly Port[]): readonly Port[] {
  const { expectedAt, expectedDatagrams } = detect();
  const isLikely = ({ protocol, port }: Port) =>
    (protocol === 'tcp' ? expectedAt(port, true) : expectedDatagrams(port)).length > 0;
  const rankOf = ({ protocol, port }: Port) => ranks[protocol].get(port) ?? Number.POSITIVE_INFINITY;
  const likely = ports
    .filter(isLikely)
    .map((port) => ({ port, rank: rankOf(port) }))
    .sort((x, y) => (x.rank === y.rank ? 0 : x.rank - y.rank));
  return [...likely.map(({ port }) => port), ...ports.filter((port) => !isLikely(port))];
}

/** The place of each port that is used much, the most used at 0. */
function ranksOf(protocol: Port['protocol']): ReadonlyMap<number, number> {
  return new Map(popularPorts(protocol, fastCount[protocol]).map((port, rank) => [port, rank]));
}

const ranks = { tcp: ranksOf('tcp'), udp: ranksOf('udp') };

function serviceOf(
  port: Port,
  config: ShardConfig,
  { result: service, connections, bytes, opened, failed, talk }: Conversation<Service>,
): PhaseService {
  const isCut = service.stopped === 'timeout';
  const isLocal =
    !isCut && [opened?.outcome, failed?.outcome].some((one) => one === 'local' || one === 'dropped');
  return isLocal ? untried(port) : { ...told(port, config, service, talk), connections, bytes };
}

/** What is told of a service; where evidence is kept, also the talk and the rule that named the product. */
function told(
  port: Port,
  { services: wish }: ShardConfig,
  { certificates, rule, beside: _, ...found }: Service,
  talk: readonly Exchange[] = [],
): PhaseService {
  const certificate = certificates?.[0] && certificateOf(certificates[0]);
  const before = port.answer === undefined ? [] : [answerBefore(port.answer)];
  return {
    ...placeOf(port),
    ...found,
    ...(certificate && { certificate }),
    ...(wish?.keepsTalk === true && { talk: [...before, ...talk], ...(rule !== undefined && { rule }) }),
  };
}

function certificateOf(der: Uint8Array): CertificateFact | undefined {
  const read = detect().readCertificate(der);
  return read && { ...read, fingerprint: createHash('sha256').update(der).digest('hex') };
}

function placeOf({ protocol, port }: Port): { readonly protocol: Protocol; readonly port: number } {
  return { protocol, port };
}

function unknown(port: Port): PhaseService {
  return { ...placeOf(port), name: null, cpe: [], tls: false, confidence: 3 };
}

function untried(port: Port): PhaseService {
  return { ...unknown(port), isUntried: true };
}

/** Of a host that says open everywhere. */
const mostOfPretender = 32;
const usualIntensity = 7;
const usualTimeoutUs = 8_000_000;
