/**
 * The library door's verb for the inside: which probes of a scan with the same key arrive here. It hears what comes in
 * before any filter of this machine, opens no port and sends nothing.
 *
 * @module
 */

import { badRequest, PortolanError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { named } from '../../base/words.ts';
import { monotonicUs } from '../../link/link.ts';
import { PacketRing } from '../../link/packet-ring.ts';
import { assembleProbeFilter, type PortSpan } from '../../link/probe-filter.ts';
import { addressFromBytes, formatAddress } from '../../model/address.ts';
import type { WarningFact } from '../../model/fact.ts';
import type { ArrivedFact, ListeningFact } from '../../model/listener-facts.ts';
import { formatPorts } from '../../model/ports.ts';
import { nearest } from '../../plan/nearest.ts';
import { parsePorts, portsText } from '../../plan/parse-ports.ts';
import { quoted } from '../../plan/quoted.ts';
import type { PortList } from '../../plan/request.ts';
import { cutBoundingSet, keepCapabilities, keepCapabilitiesOfPool } from '../../system/capabilities.ts';
import { hasLibc } from '../../system/ffi.ts';
import type { NetworkInterface } from '../../system/interface.ts';
import { listInterfaces } from '../../system/interfaces.ts';
import { Poller } from '../../system/poller.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import { checkKey, keyCheckOf, markKeyOf } from '../mark-key.ts';
import { wordsOf } from '../shard/mark-codes.ts';
import { HeardBefore } from './heard-before.ts';
import { MarkReader, type ReadMark } from './mark-reader.ts';
import { Reassembly } from './reassembly.ts';
import { techniqueWithFlags } from './technique-with-flags.ts';

/** What is listened for. */
export interface ListenRequest {
  /** The text that the scan has as well. */
  readonly key: string;
  /** Absent: all of TCP and UDP. */
  readonly ports?: PortList;
  /** Absent: every interface. */
  readonly interface?: string;
  /** Absent: until it is told to end. Milliseconds. */
  readonly forMs?: number;
}

/** How it is listened. */
export interface ListenOptions {
  /** Aborting ends it. */
  readonly signal?: AbortSignal;
  /** The process is there for this alone: it gives up every capability once it hears. */
  readonly ownsProcess?: boolean;
}

/** What a listener tells. */
export type HeardFact = ListeningFact | ArrivedFact | WarningFact | WaitingFact;

/** Time to look whether anybody still reads: it comes at least every tenth of a second. */
export interface WaitingFact {
  readonly type: 'waiting';
}

/**
 * Listens. The first fact is `listening`; then comes one `arrived` for each probe. Throws a PortolanError where it may not
 * listen.
 */
export async function* listen(
  request: ListenRequest,
  { signal, ownsProcess = false }: ListenOptions = {},
): AsyncGenerator<HeardFact, void> {
  checkRequest(request);
  const ear = new Ear(request);
  try {
    if (ownsProcess) await giveUpAll();
    yield ear.begun;
    const untilUs = monotonicUs() + (request.forMs ?? Number.POSITIVE_INFINITY) * 1000;
    const poller = new Poller();
    const isOver = () => signal?.aborted === true || monotonicUs() >= untilUs;
    let toldUs = 0;
    while (!isOver()) {
      const isQuiet = ear.receive() === 0;
      // Also where strangers send without a pause.
      if (isQuiet || monotonicUs() - toldUs > longestTurnUs) {
        toldUs = monotonicUs();
        yield { type: 'waiting' };
      }
      if (isQuiet)
        poller.wait([ear.descriptor], Math.min(turnMs, Math.max(0, untilUs - monotonicUs()) / 1000));
      yield* ear.heard();
      // Signals and whoever reads have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    ear.receive();
    yield* ear.heard();
  } finally {
    ear.close();
  }
}

/** Hears marked probes. */
class Ear {
  readonly begun: ListeningFact;
  readonly #ring: PacketRing;
  readonly #marks: MarkReader;
  readonly #reader = new PacketReader();
  readonly #reassembly = new Reassembly();
  readonly #before = new HeardBefore();
  readonly #ports: Readonly<Record<'tcp' | 'udp', Uint8Array>>;
  #heard: HeardFact[] = [];
  #n = 1;
  #drops = 0;

  constructor({ key, ports = '0-', interface: name }: ListenRequest) {
    const { selection } = parsePorts(portsText(ports), ['tcp', 'udp']);
    const { tcp, udp } = selection;
    const way = name === undefined ? undefined : interfaceNamed(name);
    this.#ports = { tcp: flagged(tcp), udp: flagged(udp) };
    this.#marks = new MarkReader(markKeyOf(key));
    const spans = { tcp: spansOf(tcp), udp: spansOf(udp) };
    this.#ring = openRing({
      interfaceName: name ?? 'any',
      interfaceIndex: way?.index ?? 0,
      snapLength: longestProbe,
      filter: (snapLength) => assembleProbeFilter(spans, snapLength),
    });
    this.begun = {
      type: 'listening',
      n: 1,
      version,
      interface: name ?? null,
      addresses: addressesOf(way === undefined ? listInterfaces() : [way]),
      tcp: formatPorts(tcp),
      udp: formatPorts(udp),
      keyCheck: keyCheckOf(key),
      at: new Date().toISOString(),
    };
  }

  /** Can be read when something may have arrived. */
  get descriptor(): number {
    return this.#ring.fd;
  }

  /** Reads what has arrived, a bounded part at a time, and returns how many packets that were. */
  receive(): number {
    const count = this.#ring.receive(this.#take, mostAtOnce);
    const drops = count === 0 ? 0 : this.#ring.drops() - this.#drops;
    if (drops > 0) {
      this.#drops += drops;
      this.#heard.push({ type: 'warning', message: `${drops} packets came faster than they could be read` });
    }
    return count;
  }

  /** What has been heard since. */
  heard(): readonly HeardFact[] {
    const { length } = this.#heard;
    return length === 0 ? [] : this.#heard.splice(0, length);
  }

  close(): void {
    this.#ring.close();
  }

  readonly #take = (bytes: Uint8Array, start: number, end: number, atUs: number): void => {
    const reader = this.#reader;
    if (!reader.read(bytes, start, end)) return;
    if (!reader.isFragment) {
      this.#look(bytes, atUs);
      return;
    }
    const whole = this.#reassembly.take(reader, bytes, atUs);
    if (whole !== undefined && reader.read(whole, 0, whole.length)) this.#look(whole, atUs);
  };

  #look(bytes: Uint8Array, atUs: number): void {
    const reader = this.#reader;
    const mark = this.#marks.read(reader, bytes);
    if (mark === undefined || this.#ports[mark.flags < 0 ? 'udp' : 'tcp'][mark.port] !== 1) return;
    const to = addressAt(reader, bytes, reader.destinationOffset);
    if (this.#before.has(mark, to, atUs)) return;
    this.#heard.push(this.#arrived(mark, to, bytes, atUs));
  }

  #arrived(mark: ReadMark, to: string, bytes: Uint8Array, atUs: number): ArrivedFact {
    const reader = this.#reader;
    const technique = techniqueWithFlags(mark.flags);
    return {
      type: 'arrived',
      n: ++this.#n,
      from: addressAt(reader, bytes, reader.sourceOffset),
      to,
      protocol: mark.flags < 0 ? 'udp' : 'tcp',
      port: mark.port,
      ...(technique !== undefined && { technique }),
      variant: wordsOf(mark.code, mark.sourcePort),
      ttl: reader.ttl,
      ...(mark.counter >= 0 && { run: mark.counter >>> 5 }),
      at: new Date(Date.now() - (monotonicUs() - atUs) / 1000).toISOString(),
    };
  }
}

function checkRequest(request: ListenRequest): void {
  if (typeof request !== 'object' || request === null)
    throw badRequest('No request: wanted an object with the field key');
  const { key, ports, interface: name, forMs } = request;
  const known = ['key', 'ports', 'interface', 'forMs'];
  const other = Object.keys(request).find((field) => !known.includes(field));
  if (other !== undefined)
    throw badRequest(`A listener has no field ${quoted(other)}`, nearest(other, known));
  checkKey(key);
  if (ports !== undefined && typeof ports !== 'string' && typeof ports !== 'number' && !Array.isArray(ports))
    throw badRequest(`${named('ports')}: wanted ports such as 1-1024`);
  if (name !== undefined && typeof name !== 'string') throw badRequest('interface: wanted the name of one');
  if (forMs !== undefined && !(typeof forMs === 'number' && forMs > 0))
    throw badRequest('forMs: wanted milliseconds');
}

function openRing(options: ConstructorParameters<typeof PacketRing>[0]): PacketRing {
  if (!hasLibc)
    throw new PortolanError('not-permitted', 'Cannot listen: needs a packet socket, which Linux alone has');
  try {
    return new PacketRing(options);
  } catch (error) {
    if (!(error instanceof PortolanError) || error.code !== 'not-permitted') throw error;
    throw new PortolanError(
      'not-permitted',
      'Cannot listen: needs CAP_NET_RAW, this process has none',
      'sudo portolan listen …',
    );
  }
}

/** What is open stays open; nothing else is opened any more. */
async function giveUpAll(): Promise<void> {
  cutBoundingSet([]);
  keepCapabilities([]);
  await keepCapabilitiesOfPool([]);
}

function interfaceNamed(name: string): NetworkInterface {
  const all = listInterfaces();
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  throw badRequest(`No interface ${quoted(name)}: found ${names.join(', ')}`, nearest(name, names));
}

function addressesOf(interfaces: readonly NetworkInterface[]): readonly string[] {
  const all = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  return [...new Set(all.map(({ family, value }) => formatAddress({ family, value })))].slice(
    0,
    mostAddresses,
  );
}

function addressAt({ family }: PacketReader, bytes: Uint8Array, at: number): string {
  return formatAddress(addressFromBytes(bytes.subarray(at, at + (family === 4 ? 4 : 16))));
}

function flagged(ports: Uint16Array): Uint8Array {
  const flags = new Uint8Array(65_536);
  for (const port of ports) flags[port] = 1;
  return flags;
}

function spansOf(ports: Uint16Array): readonly PortSpan[] {
  const spans: [number, number][] = [];
  for (const port of ports) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] === port - 1) last[1] = port;
    else spans.push([port, port]);
  }
  return spans;
}

/** How long nothing else has its turn. */
const turnMs = 20;
const longestTurnUs = 100_000;
const mostAtOnce = 4096;
/** With data and a mark behind it. */
const longestProbe = 2048;
/** One line must not grow without end. */
const mostAddresses = 256;
