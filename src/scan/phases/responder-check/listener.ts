/**
 * Listens to what hosts do with connections: each is a short dialogue that says its words, waits for the first
 * answer or the end, and is reset.
 *
 * @module
 */

import type { Dial, Dialogue, Opened, PeerFacts, Read } from '../../../dial/dial.ts';
import type { Host } from '../../../engine/hosts/host.ts';
import type { Address } from '../../../model/address.ts';
import { type Heard, mostHeardBytes } from './heard.ts';

/** A connection to be listened to. */
export interface Hearing {
  readonly host: Host;
  readonly address: Address;
  readonly scopeId: number;
  readonly port: number;
  /** What is said on it; nothing for a port that may hold a service. */
  readonly words: Uint8Array;
  /** How long to listen at most, from the first packet on, and as long for the connection; microseconds. */
  readonly waitUs: number;
  readonly tell: (heard: Heard) => void;
  /** Goes before the others: more depends on it than one port. */
  readonly isUrgent: boolean;
}

/** The hearings of a shard. */
export class Listener {
  /** Connections begun. */
  started = 0;
  readonly #dial: Dial;
  readonly #open = new Map<Hearing, Dialogue | undefined>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** Begins when it is its turn, and tells what was heard. */
  listen(hearing: Hearing): void {
    this.#open.set(hearing, undefined);
    void this.#hear(hearing);
  }

  /** Ends what is still open or waits for a host, and tells what was heard until now. */
  drop(host: Host): void {
    for (const [hearing, dialogue] of [...this.#open]) {
      if (hearing.host !== host) continue;
      const heard = dialogue === undefined ? unheard : stands(dialogue.peer());
      dialogue?.close('reset');
      this.#tell(hearing, heard);
    }
    this.#dial.drop(host);
  }

  async #hear(hearing: Hearing): Promise<void> {
    const { words, waitUs } = hearing;
    const opened = await this.#connect(hearing);
    if (opened.outcome !== 'connected') {
      this.#tell(hearing, notOpened(opened));
      return;
    }
    const { dialogue } = opened;
    if (this.#open.has(hearing)) {
      this.#open.set(hearing, dialogue);
      if (words.length > 0) dialogue.send(words);
      const read = await dialogue.read(mostHeardBytes, dialogue.begunUs + waitUs);
      this.#tell(hearing, heardOf(read, dialogue.peer()));
    }
    dialogue.close('reset');
  }

  /** A lost SYN is sent again by the kernel after a second: another connection says sooner who is there. */
  async #connect(hearing: Hearing): Promise<Opened> {
    const { host: owner, address: host, waitUs: timeoutUs, scopeId, port, isUrgent } = hearing;
    for (let tries = 1; ; tries++) {
      const target = { host, scopeId, port, transport: 'tcp', timeoutUs, owner, isUrgent } as const;
      const opened = await this.#dial.open(target);
      this.started += opened.outcome === 'connected' ? 1 : opened.cost.connections;
      const isLost = opened.outcome === 'timeout' && this.#open.has(hearing);
      if (!isLost || tries === mostTries) return opened;
    }
  }

  #tell(hearing: Hearing, heard: Heard): void {
    if (this.#open.delete(hearing)) hearing.tell(heard);
  }
}

/** Nobody can be blamed for trouble on this side, nor for what we gave up: then nothing was heard. */
function notOpened({ outcome }: Opened): Heard {
  const isSaid =
    outcome !== 'timeout' && outcome !== 'local' && outcome !== 'unknown' && outcome !== 'dropped';
  return isSaid ? { state: 'refused', bytes: none } : unheard;
}

function heardOf(read: Read, peer: PeerFacts): Heard {
  switch (read.kind) {
    case 'bytes':
      return { ...stands(peer), bytes: read.bytes };
    case 'end':
      return { ...stands(peer), state: 'closed' };
    case 'reset':
      return { ...stands(peer), state: 'reset' };
    case 'failed':
    case 'timeout':
    case 'limit':
    case 'dropped':
      return stands(peer);
  }
}

function stands(peer: PeerFacts): Heard {
  return { state: 'open', bytes: none, ...peer };
}

const mostTries = 3;
const none = new Uint8Array(0);
const unheard: Heard = { state: 'unheard', bytes: none };
