/**
 * What a server of TLS shows to those who ask for nobody by name (RFC 6066, 3): behind one address several may stand, and
 * the one that answers then is often another than the one that was asked for.
 *
 * @module
 */

import { readCertificate } from './certificate.ts';
import type { Asked } from './contract.ts';
import { type Steps, waits } from './moves.ts';
import type { Service } from './service.ts';

/** Asks a server that was asked by name once more without; another certificate, or a refusal, is told. */
export function* withUnnamed(service: Service, asked: Asked, intensity: number): Steps<Service> {
  const [own] = service.certificates ?? [];
  const isAsked = intensity >= costOfUnnamed && service.tls && service.stopped === undefined;
  if (!isAsked || own === undefined || isAddress(asked.host)) return service;
  const opened = yield { does: 'open' };
  if (opened.was !== 'opened') return service;
  const alpn = service.alpn === undefined ? [] : [service.alpn];
  const waitMs = waits.furtherMs + roundTrips * opened.rttMs;
  const secured = yield { does: 'secure', alpn, isNamed: false, waitMs };
  if (secured.was === 'not-secured' && secured.alert !== undefined) return withFact(service, 'refused');
  const other = secured.was === 'secured' ? secured.certificates[0] : undefined;
  if (other === undefined || Buffer.compare(other, own) === 0) return service;
  return withFact(service, readCertificate(other)?.subject || 'another certificate');
}

function withFact(service: Service, withoutName: string): Service {
  return { ...service, extra: { ...service.extra, withoutName } };
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

/** What is costly. */
const costOfUnnamed = 8;
/** There and back for TLS, and once more for what is lost. */
const roundTrips = 4;
