/**
 * TLS by Node over bytes that are not Node's: any server of TLS 1.0 and later, whatever its ciphers and certificates.
 * Nothing is verified, all is described. Node's TLS is taken with the first handshake, so that a scan without one
 * does not pay for it.
 *
 * @module
 */

import { Duplex } from 'node:stream';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { parseAddress } from '../model/parse-address.ts';
import type { Read } from './dial.ts';
import type { Carrier, SecureStream } from './secure-stream.ts';
import { alertIn, looksLikeTls, shownIn } from './tls-records.ts';
import type { TlsFailure, TlsSession, TlsWish } from './tls-session.ts';

/** Begins TLS as a client. */
export function secureByNode(carrier: Carrier, wish: TlsWish): SecureStream {
  return new TlsStream(carrier, wish);
}

class TlsStream implements SecureStream {
  result: TlsSession | TlsFailure | undefined;
  readonly #carrier: Carrier;
  readonly #wire: Wire;
  readonly #socket: TLSSocket;
  #end: Read | undefined;

  constructor(carrier: Carrier, { serverName, alpn }: TlsWish) {
    this.#carrier = carrier;
    this.#wire = new Wire(carrier);
    // Errors of the wire are told by what came over it.
    this.#wire.on('error', () => undefined);
    const { connect } = process.getBuiltinModule('node:tls');
    this.#socket = connect({
      socket: this.#wire,
      // RFC 6066, 3: an address is no name, and Node says so on standard error.
      ...(serverName !== undefined && parseAddress(serverName) === undefined && { servername: serverName }),
      ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
      ...anyServer,
    });
    this.#socket.once('secureConnect', () => {
      this.result = sessionOf(this.#socket);
      this.#wire.forget();
      carrier.news();
    });
    this.#socket.on('readable', () => carrier.news());
    this.#socket.once('end', () => {
      this.#end ??= { kind: 'end' };
      this.#hungUp('end');
    });
    this.#socket.on('error', (error: Error) => {
      const alert = alertOf(error);
      this.#end ??= alert === undefined ? (this.#wire.ended ?? { kind: 'reset' }) : { kind: 'reset', alert };
      this.#hungUp('protocol', error);
    });
  }

  giveUp(reason: 'timeout' | 'dropped'): TlsFailure {
    const { heard } = this.#wire;
    // Who says something short in plain text and waits for us has answered as well.
    const isPlain = reason === 'timeout' && heard.length > 0 && !looksLikeTls(heard);
    this.result = { kind: 'failure', reason: isPlain ? 'plain' : reason, heard };
    return this.result;
  }

  look(): void {
    this.#wire.pull();
  }

  take(most: number): Read | undefined {
    const socket = this.#socket;
    if (socket.readableLength === 0) socket.read(0);
    const bytes: Uint8Array | null =
      socket.readableLength > 0 ? socket.read(Math.min(most, socket.readableLength)) : null;
    if (bytes !== null) return { kind: 'bytes', bytes };
    return this.#end;
  }

  put(bytes: Uint8Array): boolean {
    if (this.#end !== undefined || this.#socket.writableLength > mostUnsentBytes) return false;
    this.#socket.write(bytes.slice());
    return true;
  }

  close(): void {
    this.#wire.leave();
    this.#socket.destroy();
  }

  /** The handshake, if it still goes on, has failed. */
  #hungUp(reason: 'end' | 'protocol', error?: Error): void {
    if (this.result === undefined) {
      const { heard, ended } = this.#wire;
      const alert = alertIn(heard) ?? alertOf(error);
      const how =
        alert !== undefined
          ? 'alert'
          : heard.length > 0 && !looksLikeTls(heard)
            ? 'plain'
            : ended?.kind === 'reset' || ended?.kind === 'end'
              ? ended.kind
              : reason;
      const { certificates, wantsCertificate } = shownIn(heard);
      this.result = {
        kind: 'failure',
        reason: how,
        heard,
        ...(alert !== undefined && { alert }),
        ...(certificates.length > 0 && { certificates }),
        ...(wantsCertificate && { wantsCertificate }),
      };
    }
    this.#carrier.news();
  }
}

/** The carrier as a stream. What comes first is kept until it is known whether it is TLS. */
class Wire extends Duplex {
  /** How the carrier ended. */
  ended: Read | undefined;
  readonly #carrier: Carrier;
  #wants = false;
  #isLeft = false;
  #heard: Uint8Array[] = [];
  #heardBytes = 0;

  constructor(carrier: Carrier) {
    super({ allowHalfOpen: true });
    this.#carrier = carrier;
  }

  get heard(): Uint8Array {
    return Buffer.concat(this.#heard);
  }

  /** It was TLS. */
  forget(): void {
    this.#heard = [];
    this.#heardBytes = mostHeardBytes;
  }

  /** The dialogue takes its carrier back. */
  leave(): void {
    this.#isLeft = true;
    this.destroy();
  }

  /** Passes on what has come, as far as TLS wants it. */
  pull(): void {
    while (this.#wants && !this.#isLeft) {
      const read = this.#carrier.take(chunkBytes);
      if (read === undefined) return;
      this.#wants = false;
      if (read.kind === 'bytes') {
        this.#keep(read.bytes);
        this.push(read.bytes);
      } else {
        this.ended = read;
        if (read.kind === 'end') this.push(null);
        else this.destroy(new Error(read.kind));
        return;
      }
    }
  }

  override _read(): void {
    this.#wants = true;
    this.pull();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    // After the end of a handshake there may be an alert left to say, which nobody waits for any more.
    if (this.#isLeft || this.#carrier.put(bytes)) done();
    else done(new Error('the connection takes no more'));
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  #keep(bytes: Uint8Array): void {
    const room = mostHeardBytes - this.#heardBytes;
    if (room <= 0) return;
    const kept = bytes.subarray(0, room);
    this.#heard.push(kept);
    this.#heardBytes += kept.length;
  }
}

function sessionOf(socket: TLSSocket): TlsSession {
  const { alpnProtocol } = socket;
  return {
    kind: 'session',
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    certificates: chainOf(socket.getPeerCertificate(true)),
  };
}

/** A chain's end names itself as its issuer. */
function chainOf(first: DetailedPeerCertificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  for (let each = first; each?.raw !== undefined && !seen.has(each); each = each.issuerCertificate) {
    if (chain.length === mostCertificates) break;
    seen.add(each);
    chain.push(Uint8Array.from(each.raw));
  }
  return chain;
}

/** An alert that came encrypted is only in OpenSSL's words. */
function alertOf(error: Error | undefined): number | undefined {
  const number = /SSL alert number (\d+)/.exec(error?.message ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
}

/** OpenSSL refuses old versions, ciphers and keys unless it is told that nothing depends on their strength. */
const anyServer = {
  rejectUnauthorized: false,
  checkServerIdentity: () => undefined,
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.3',
  ciphers: 'ALL:@SECLEVEL=0',
  /** SSL_OP_LEGACY_SERVER_CONNECT, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION. */
  secureOptions: 0x4 | 0x40000,
} as const;
const chunkBytes = 16_384;
const mostHeardBytes = 16_384;
const mostUnsentBytes = 1 << 20;
const mostCertificates = 32;
