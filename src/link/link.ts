/**
 * Packets in and out. A link carries IP packets: it puts its own header in front of those it sends and takes
 * it off those it receives, so that what lies above is the same on Ethernet, loopback and tunnels.
 *
 * All methods are synchronous and never block unless told how long they may. No object is made per packet:
 * packets to be sent are written into the link's own buffer, received ones are shown where they lie.
 *
 * @module
 */

/** A way to a network. */
export interface Link {
  /** The interface's name. */
  readonly name: string;
  readonly mtu: number;
  /** The hardware address frames are sent from; null on links without any. */
  readonly mac: Uint8Array | null;
  /** Where packets to be sent are written: slots of `slotBytes` bytes, in one buffer. */
  readonly transmit: Uint8Array;
  readonly slotBytes: number;
  readonly slots: number;
  /**
   * Bytes at a slot's start that belong to the link; the IP packet begins right after them. So long a header stands in
   * front of received packets as well.
   */
  readonly headroom: number;
  /**
   * Makes the link-layer header for a neighbour and returns a handle for {@link Link.stage}. `mac` is its
   * hardware address, null on links without any. The same neighbour always gets the same handle.
   */
  neighbour(mac: Uint8Array | null, family: 4 | 6): number;
  /** Says that slot `slot` holds an IP packet of `length` bytes for this neighbour; sent by the next flush. */
  stage(slot: number, length: number, neighbour: number): void;
  /** The same for `count` slots from `slot` on. */
  stageRun(slot: number, count: number, length: number, neighbour: number): void;
  /**
   * Sends staged slots in order and returns how many the kernel took; 0 with `trouble` set when it took none.
   * Slots not taken stay staged.
   */
  flush(): number;
  /**
   * Forgets the first staged slot: for trouble that belongs to this packet alone (EMSGSIZE; EPERM from our own
   * firewall), which would otherwise stand before all others for ever.
   */
  discard(): void;
  /** The errno of the last flush that took nothing, 0 when all is well. */
  readonly trouble: number;
  /**
   * Sends one whole frame, link-layer header included, past the slots: ARP and neighbour solicitations. False
   * when the kernel did not take it, always on links without a link layer.
   */
  sendFrame(frame: Uint8Array): boolean;
  /**
   * Shows every packet that has arrived to `sink`, at most `limit`, and returns how many there were. ARP
   * messages, which are no IP packets, go to `arp` and count as well. What `taker` takes is not shown; links that
   * cannot read batches, or must see every packet, do not ask it.
   */
  receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number;
  /** The file descriptors that become readable when packets arrive. */
  readonly descriptors: readonly number[];
  /** Packets the kernel dropped because we read too slowly, since the link was opened. */
  drops(): number;
  /** Whether the interface is up with a carrier; false means that silence proves nothing. */
  isUp(): boolean;
  /** Nothing is sent or received any more. The kernel may take 20 ms to take everything back; nobody waits for it. */
  close(): void;
}

/**
 * Takes one received IP packet (or ARP message), at `bytes[start, end)`, in memory that is reused after the
 * call returns. `atUs` is the kernel's time stamp on the scale of {@link monotonicUs}. The packet may be cut
 * short at the snapshot length; `wireLength` is its true length. `isUnchecked` says that its checksums should be right,
 * and that nobody has looked: elsewhere the card or the kernel has, or they are not computed yet, as those of packets
 * that never left this machine.
 */
export type PacketSink = (
  bytes: Uint8Array,
  start: number,
  end: number,
  atUs: number,
  wireLength: number,
  isUnchecked?: boolean,
) => void;

/** Reads many frames of a receive ring at once (struct tpacket2_hdr, packet(7)) and finds the plain ones among them. */
interface FrameReader {
  /** Bytes of a frame, and how many there is room for. */
  readonly frameBytes: number;
  readonly mostFrames: number;
  /** Where the frames are put before {@link FrameReader.read}. */
  readonly frames: Uint8Array;
  /** Afterwards, by frame: 1 for a plain packet. */
  readonly plain: ArrayLike<number>;
  read(count: number): void;
}

/** Takes packets in batches, where a link can read them so. */
export interface BatchTaker {
  readonly reader: FrameReader;
  /**
   * Takes some of the first `count` packets, which have been read into the batch, and leaves only these marked as
   * plain: the others are shown one by one. The wall clock is `offsetUs` ahead of the links', which says `nowUs`.
   */
  take(count: number, offsetUs: number, nowUs: number): void;
}

/**
 * The clock of links: whole microseconds since the process started. When a probe left is reckoned back from its answer: with
 * fractions, probes that left together would seem to have left one after the other.
 */
export function monotonicUs(): number {
  return Math.floor(performance.now() * 1000);
}
