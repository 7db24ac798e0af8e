/**
 * What stands behind the same port besides: a multiplexer (such as sslh), or a server that looks at the first bytes, gives
 * each who comes what he asks for. Asked, from a high intensity on, of whoever has answered to words: TLS where plain text
 * was proven, the web in plain text where TLS or SSH was, and SSH; a connection each.
 *
 * @module
 */

import { joined } from '../../wire/bytes.ts';
import { identify } from './candidates.ts';
import type { Asked, Protocol, Request } from './contract.ts';
import { nothing } from './heard.ts';
import { type Steps, waits } from './moves.ts';
import { machinesProtocols } from './protocols/machines/index.ts';
import { ssh } from './protocols/remote/ssh.ts';
import { http } from './protocols/web/http.ts';
import { bareTls, provenService, type Service } from './service.ts';

/** A service that is known of a port, with the others behind it. */
export function* withOthers(first: Service, asked: Asked, intensity: number): Steps<Service> {
  if (intensity < costOfOthers || !isAsked(first)) return first;
  const other = yield* first.tls ? askPlain(first, asked) : askTls(asked);
  const another = yield* first.name === ssh.name && !first.tls
    ? askPlain(first, asked)
    : askShell(asked, intensity);
  const beside = [other, another].filter((one) => one !== undefined);
  return beside.length === 0 ? first : { ...first, beside };
}

/** Who greets does so before he knows who comes; a machine hears no words but its own. */
function isAsked({ name, via, stopped }: Service): boolean {
  const isProven = name !== null && via !== 'greeting' && stopped === undefined;
  return isProven && machinesProtocols.every((machine) => machine.name !== name);
}

/** TLS with the web inside, or with whoever greets there. An alert is TLS as well. */
function* askTls(asked: Asked): Steps<Service | undefined> {
  const waitMs = yield* open();
  if (waitMs === undefined) return undefined;
  const secured = yield { does: 'secure', alpn: ['http/1.1'], isNamed: true, waitMs };
  if (secured.was === 'not-secured' && secured.alert !== undefined) return bareTls(undefined);
  if (secured.was !== 'secured') return undefined;
  const found = identify(yield* say(http, http.request, asked, waitMs, http.isWhole), [http]);
  return found === undefined ? bareTls(secured) : provenService({ ...found, via: http.name }, secured, true);
}

/** The web in plain text. Servers of TLS know such a request and refuse it in words of the web, or send elsewhere. */
function* askPlain(first: Service, asked: Asked): Steps<Service | undefined> {
  const waitMs = yield* open();
  if (waitMs === undefined) return undefined;
  const found = identify(yield* say(http, http.request, asked, waitMs, http.isWhole), [http]);
  if (found?.protocol !== http || found.parsed.wantsTls === true) return undefined;
  const service = provenService({ ...found, via: http.name });
  const { status } = found.parsed.facts;
  const isOwn = service.name === first.name ? `${status}`.startsWith('2') : status !== '400';
  return isOwn ? service : undefined;
}

/** SSH, up to a key by which it is known. Who repeats our own words has none. */
function* askShell(asked: Asked, intensity: number): Steps<Service | undefined> {
  const waitMs = yield* open();
  if (waitMs === undefined) return undefined;
  let heard: Uint8Array = nothing;
  for (let words = ssh.more; words !== undefined && words.cost <= intensity; words = words.next) {
    const before = heard;
    const { isAnswered = ssh.isWhole } = words;
    const isEnough = (bytes: Uint8Array) => isAnswered?.(joined(before, bytes)) === true;
    const more = yield* say(ssh, words, asked, waitMs, isEnough, before);
    if (more.length === 0) break;
    heard = joined(before, more);
    if (ssh.parse(heard) === undefined) return undefined;
  }
  const parsed = ssh.parse(heard);
  const isEcho = parsed?.facts['software'] === 'Portolan';
  return parsed === undefined || isEcho ? undefined : provenService({ protocol: ssh, parsed, via: ssh.name });
}

/** A new connection: how long is waited on it. */
function* open(): Steps<number | undefined> {
  const opened = yield { does: 'open' };
  return opened.was === 'opened' ? waits.furtherMs + roundTrips * opened.rttMs : undefined;
}

function* say(
  { name: word }: Protocol,
  words: Request | undefined,
  asked: Asked,
  waitMs: number,
  isEnough: ((bytes: Uint8Array) => boolean) | undefined,
  before: Uint8Array = nothing,
): Steps<Uint8Array> {
  const bytes = words?.bytes(asked, before) ?? nothing;
  if (bytes.length === 0) return nothing;
  const outcome = yield { does: 'say', word, bytes, waitMs, ...(isEnough && { isEnough }) };
  return outcome.was === 'heard' ? outcome.bytes : nothing;
}

/** What is costly. */
const costOfOthers = 8;
/** There and back for TLS and for words, and once more for what is lost. */
const roundTrips = 4;
