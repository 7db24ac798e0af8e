/** TLS in the simulator: a hello and an answer in words, no cryptography. What follows is passed on as it is. @module */

import type { Read } from '../../src/dial/dial.ts';
import type { Carrier, SecureStream } from '../../src/dial/secure-stream.ts';
import { answerMark, helloMark } from '../../src/dial/talk.laws.ts';
import type { TlsFailure, TlsSession, TlsWish } from '../../src/dial/tls-session.ts';

/** Begins it as a client: what the host's script gives is the session. */
export function secureByScript(carrier: Carrier, wish: TlsWish): SecureStream {
  carrier.put(Buffer.from(`${helloMark}${JSON.stringify(wish)}\n`));
  return new ScriptedTls(carrier);
}

class ScriptedTls implements SecureStream {
  result: TlsSession | TlsFailure | undefined;
  readonly #carrier: Carrier;
  #heard = '';

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  giveUp(reason: 'timeout' | 'dropped'): TlsFailure {
    this.result = this.#failure(reason);
    return this.result;
  }

  look(): void {
    while (this.result === undefined) {
      const read = this.#carrier.take(4096);
      if (read === undefined) return;
      if (read.kind === 'bytes') this.#take(read.bytes);
      else this.result = this.#failure(read.kind === 'reset' ? 'reset' : 'end');
    }
  }

  take(most: number): Read | undefined {
    return this.#carrier.take(most);
  }

  put(bytes: Uint8Array): boolean {
    return this.#carrier.put(bytes);
  }

  close(): void {}

  #take(bytes: Uint8Array): void {
    this.#heard += Buffer.from(bytes).toString('latin1');
    if (!answerMark.startsWith(this.#heard.slice(0, answerMark.length))) {
      this.result = this.#failure(bytes[0] === 0x16 ? 'protocol' : 'plain');
      return;
    }
    if (!this.#heard.endsWith('\n')) return;
    const answer = JSON.parse(this.#heard.slice(answerMark.length)) as
      | (Omit<TlsSession, 'kind' | 'certificates'> & { certificates: number[][] })
      | { alert: number };
    this.result =
      'alert' in answer
        ? { ...this.#failure('alert'), alert: answer.alert }
        : {
            ...answer,
            kind: 'session',
            certificates: answer.certificates.map((der) => Uint8Array.from(der)),
          };
  }

  #failure(reason: TlsFailure['reason']): TlsFailure {
    const heard = Buffer.from(this.#heard, 'latin1');
    const isPlain = reason === 'timeout' && heard.length > 0 && heard[0] !== 0x16;
    return { kind: 'failure', reason: isPlain ? 'plain' : reason, heard };
  }
}
