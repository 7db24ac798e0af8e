/**
 * What was found out about a port, and how it is put together from what a protocol was read to say.
 *
 * @module
 */

import type { ServiceFact, ServiceStop } from '../../model/service-fact.ts';
import type { DatagramProtocol, Facts, Parsed, Protocol } from './contract.ts';
import { productOf } from './products.ts';
import { escaped } from './text.ts';

/** What listens on a port: what is told of it, but for who, where, when and at what cost. */
export interface Service
  extends Omit<
    ServiceFact,
    'type' | 'n' | 'host' | 'protocol' | 'port' | 'guess' | 'certificate' | 'connections' | 'bytes' | 'at'
  > {
  /** The certificates that it showed, its own first, in DER. */
  readonly certificates?: readonly Uint8Array[];
  /** What else stands behind the same port. */
  readonly beside?: readonly Service[];
}

/** A protocol that was proven, and what it said. */
export interface Proof {
  readonly protocol: Protocol | DatagramProtocol;
  readonly parsed: Parsed;
  readonly via: string;
}

/** TLS that stands around or behind what was said. */
export interface Secured {
  readonly version: string;
  readonly cipher: string;
  readonly alpn?: string;
  readonly certificates: readonly Uint8Array[];
}

/** The service that a proof shows. `isInside`: TLS was there from the first byte on. */
export function provenService(
  { protocol, parsed, via }: Proof,
  secured?: Secured,
  isInside = false,
): Service {
  const { facts, name = protocol.name } = parsed;
  const { hostname, info, ...rest } = facts;
  const product = productOf(protocol.products, { ...parsed.hints, ...facts });
  const { cpe = [], confidence, ...fields } = product ?? {};
  const isOffered = protocol.transport === 'tcp' && protocol.starttls?.isOffered(facts) === true;
  return {
    name,
    ...(typeof info === 'string' && { info }),
    ...fields,
    ...(typeof hostname === 'string' && { hostname }),
    cpe,
    tls: isInside,
    ...(!isInside && (isOffered || secured !== undefined) && { starttls: true as const }),
    confidence: Math.min(parsed.confidence ?? certain, confidence ?? certain),
    via,
    ...extraOf({ ...rest, ...(secured && tlsFacts(secured)) }),
    ...(secured && shownBy(secured)),
  };
}

/** What a server of TLS showed that lets nobody in. */
export interface Refusal {
  readonly certificates: readonly Uint8Array[];
  /** Whoever has no certificate. */
  readonly wantsCertificate: boolean;
}

/** A port that speaks TLS, inside which nothing was understood. */
export function bareTls(secured: Secured | undefined, refusal?: Refusal): Service {
  const { certificates = [], wantsCertificate = false } = refusal ?? {};
  return {
    name: 'ssl',
    cpe: [],
    tls: true,
    confidence: certain,
    via: 'tls',
    ...extraOf({
      ...(secured && tlsFacts(secured)),
      ...(wantsCertificate && { clientCertificate: 'required' }),
    }),
    ...(secured ? shownBy(secured) : certificates.length > 0 && { certificates }),
  };
}

/** What was said, and what came of it, in short. */
export interface LoggedTalk {
  readonly said: string;
  readonly heard: string;
  /** It was still talking when nobody listened any more. */
  readonly isCut?: boolean;
}

/** A port of which nothing was proven: what was said there, what came of it, and both in short. */
export function unknownService(
  port: string,
  log: readonly LoggedTalk[],
  banner: Uint8Array | undefined,
  stopped: ServiceStop | undefined = log.some(({ isCut }) => isCut) ? 'timeout' : undefined,
): Service {
  const fingerprint = log.map(({ said, heard }) => `${said}=${heard}`).join(';');
  return {
    name: null,
    cpe: [],
    tls: false,
    confidence: 3,
    ...(banner !== undefined && banner.length > 0 && { banner: escaped(banner) }),
    ...(log.length > 0 && {
      asked: log.map(({ said }) => said),
      fingerprint: `portolan1 ${port} ${fingerprint}`,
    }),
    ...(stopped !== undefined && { stopped }),
  };
}

function extraOf(extra: Facts): Pick<Service, 'extra'> {
  return Object.keys(extra).length === 0 ? {} : { extra };
}

function tlsFacts({ version, cipher }: Secured): Facts {
  return { tlsVersion: version, cipher };
}

function shownBy({ alpn, certificates }: Secured): Pick<Service, 'alpn' | 'certificates'> {
  return {
    ...(alpn !== undefined && { alpn }),
    ...(certificates.length > 0 && { certificates }),
  };
}

const certain = 10;
