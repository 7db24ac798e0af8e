/**
 * The simulator's dial: what hosts do with connections and datagrams is scripted, on the virtual clock. Only the
 * sockets are simulated: turns, deadlines and bounds are those of the real one.
 *
 * @module
 */

import { SeededRandom } from '../../src/base/random.ts';
import { Bulk } from '../../src/dial/bulk.ts';
import type { Dial, PeerFacts, Read } from '../../src/dial/dial.ts';
import type { DialogueBounds } from '../../src/dial/dialogues.ts';
import type { Endpoint, EndpointOpened, Endpoints, EndpointTarget } from '../../src/dial/endpoint.ts';
import { Pace } from '../../src/dial/pace.ts';
import { SocketDial } from '../../src/dial/socket-dial.ts';
import { type Talk, TalkRun } from '../../src/dial/talk.laws.ts';
import { Wake } from '../../src/dial/wake.ts';
import { addressBytes } from '../../src/model/address.ts';
import type { VirtualClock } from './clock.ts';
import type { FlowTables } from './flow-tables.ts';
import type { HostModel, PathModel } from './network.ts';
import { SimulatedConnector, SimulatedDatagrams } from './sim-attempts.ts';
import { secureByScript } from './sim-tls.ts';

/** What is dialled into. */
export interface SimulatedWorld {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly path: Pick<PathModel, 'rttUs' | 'loss' | 'routerIcmpPerSecond' | 'paysTwice'>;
  readonly hostOf: (address: number) => HostModel | undefined;
  /** What has room for so many flows; absent: nothing is short of it. */
  readonly flows?: FlowTables;
  /** How many connections this machine has room for; absent: for as many as it ever has. */
  readonly connections?: number | undefined;
}

/** A dial into a simulated world. */
export function simulatedDial(
  world: SimulatedWorld,
  { mostPps = Number.POSITIVE_INFINITY, ...bounds }: Partial<DialogueBounds & { mostPps: number }> = {},
): Dial {
  const random = new SeededRandom(world.seed);
  return new SocketDial({
    bulk: new Bulk(new SimulatedConnector(world, random), new SimulatedDatagrams(world, random), () => []),
    endpoints: new SimulatedEndpoints(world, random),
    secure: secureByScript,
    clock: () => world.clock.nowUs,
    pace: new Pace(mostPps),
    bounds: {
      mostOpen: 256,
      intervalUs: 0,
      isAllowed: () => true,
      proxies: [],
      complain: () => undefined,
      ...bounds,
    },
    wake: new Wake(),
  });
}

/** How long a handshake takes, the kernel's retransmissions included; undefined when it is never answered. */
function handshakeUs({ path }: SimulatedWorld, random: SeededRandom): number {
  let waitUs = 0;
  // The first SYN is repeated after 1, 3, 7… s.
  for (let tries = 0; tries < 6; tries++) {
    const isLost = random.nextFloat() < 1 - (1 - (path.loss ?? 0)) ** 2;
    if (!isLost) return waitUs + path.rttUs;
    waitUs += 1e6 * 2 ** tries;
  }
  return Number.POSITIVE_INFINITY;
}

/** The first four bytes of an address as the simulator's hosts are numbered. */
export function numberOf(address: Uint8Array): number {
  return new DataView(address.buffer, address.byteOffset).getUint32(0);
}

class SimulatedEndpoints implements Endpoints {
  readonly descriptor = undefined;
  readonly isAsync = false;
  readonly #world: SimulatedWorld;
  readonly #random: SeededRandom;
  readonly #open = new Set<SimulatedEndpoint>();

  constructor(world: SimulatedWorld, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
  }

  begin(target: EndpointTarget, news: () => void): Endpoint {
    const endpoint = new SimulatedEndpoint(this.#world, target, this.#random, {
      news,
      closed: (one) => void this.#open.delete(one),
    });
    this.#open.add(endpoint);
    return endpoint;
  }

  /** News came with the clock. */
  poll(): void {}

  close(): void {
    for (const endpoint of [...this.#open]) endpoint.close();
  }
}

class SimulatedEndpoint implements Endpoint {
  opened: EndpointOpened | undefined;
  readonly #world: SimulatedWorld;
  readonly #events: { news(): void; closed(endpoint: SimulatedEndpoint): void };
  readonly #isDatagram: boolean;
  readonly #port: number;
  readonly #talk: Talk;
  #run: TalkRun | undefined;
  #inbox: Uint8Array[] = [];
  #end: Read | undefined;
  #isClosed = false;
  #out = 0;
  #in = 0;

  constructor(
    world: SimulatedWorld,
    { host, port, transport }: EndpointTarget,
    random: SeededRandom,
    events: { news(): void; closed(endpoint: SimulatedEndpoint): void },
  ) {
    if (!('family' in host)) throw new Error('nobody tries several addresses here');
    this.#world = world;
    this.#events = events;
    this.#isDatagram = transport === 'udp';
    this.#port = port;
    const model = world.hostOf(numberOf(addressBytes(host)));
    this.#talk = model?.talk?.(port) ?? {};
    const behaviour = model?.port(port) ?? 'drop';
    if (this.#isDatagram) {
      this.opened = { outcome: 'connected', errno: 0 };
      if (behaviour === 'closed') this.#end = { kind: 'failed', outcome: 'port-unreach', errno: 111 };
      return;
    }
    if (behaviour === 'drop') return;
    this.#later(handshakeUs(world, random), () => {
      this.#out = 2;
      this.#in = 1;
      this.opened =
        behaviour === 'open'
          ? { outcome: 'connected', errno: 0 }
          : behaviour === 'closed'
            ? { outcome: 'refused', errno: 111 }
            : { outcome: 'admin-prohibited', errno: 13 };
      if (behaviour === 'open') this.#later(world.path.rttUs / 2, () => this.#begin());
      events.news();
    });
  }

  send(bytes: Uint8Array): number {
    if (this.#isClosed || this.#end?.kind === 'reset') return -1;
    this.#out++;
    const copy = bytes.slice();
    this.#later(this.#world.path.rttUs / 2, () => {
      if (this.#isDatagram) this.#begin();
      this.#run?.hear(copy);
    });
    return bytes.length;
  }

  receive(most: number): Read | undefined {
    const [first] = this.#inbox;
    if (first === undefined) return this.#isDatagram && this.#out === 0 ? undefined : this.#end;
    const bytes = first.subarray(0, most);
    if (bytes.length === first.length || this.#isDatagram) this.#inbox.shift();
    else this.#inbox[0] = first.subarray(bytes.length);
    return { kind: 'bytes', bytes, ...(this.#isDatagram && { senderPort: this.#port }) };
  }

  peer(): PeerFacts {
    const { window = 64_240, acknowledges } = this.#talk;
    return {
      window,
      ...(acknowledges !== undefined && { acknowledges }),
    };
  }

  packets(): { readonly packetsOut: number; readonly packetsIn: number } {
    return { packetsOut: this.#out, packetsIn: this.#in };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#run?.stop();
    this.#events.closed(this);
  }

  #begin(): void {
    const { clock, path } = this.#world;
    this.#run ??= new TalkRun(this.#talk, clock, {
      say: (bytes) => this.#later(path.rttUs / 2, () => this.#arrive(() => this.#inbox.push(bytes))),
      end: (how) =>
        this.#later(path.rttUs / 2, () =>
          this.#arrive(() => {
            this.#end = { kind: how === 'fin' ? 'end' : 'reset' };
          }),
        ),
    });
  }

  #arrive(what: () => void): void {
    this.#in++;
    what();
    this.#events.news();
  }

  #later(us: number, run: () => void): void {
    if (us === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#world;
    clock.at(clock.nowUs + us, () => {
      if (!this.#isClosed) run();
    });
  }
}
