/**
 * Game servers and peers that share files.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { contains, echoAnywhere, echoAt, hex, join, stretch, u16, u32 } from './parts.ts';

/** A2S_INFO, Valve's "Server queries": the answer is the server's info, or a challenge before it. */
const source: UdpPayload = {
  name: 'a2s-info',
  service: 'source-engine',
  ports: [2303, 27015, 27016, 27017, 27018, 27019, 27020],
  build: () => join(outOfBand, 'TSource Engine Query', 0),
};

/** Unconnected ping of RakNet as Minecraft's Bedrock edition uses it; our time comes back. */
const bedrock: UdpPayload = {
  name: 'minecraft-bedrock',
  service: 'minecraft',
  ports: [19132, 19133],
  build: (id) => join(1, stretch(id, 8), rakNetMagic, stretch(~id, 8)),
  answers: echoAt(1, (id) => stretch(id, 8)),
};

/** Handshake of Minecraft's query protocol; it keeps only the low half of each byte of the session. */
const minecraftQuery: UdpPayload = {
  name: 'minecraft-query',
  service: 'minecraft',
  ports: [25565],
  note: 'answered when enable-query is set',
  build: (id) => join(0xfe, 0xfd, 9, u32(id & 0x0f0f0f0f)),
  answers: echoAt(1, (id) => u32(id & 0x0f0f0f0f)),
};

/** `getinfo` of Quake III and its heirs; the word after it comes back as the challenge. */
const quake3: UdpPayload = {
  name: 'quake3',
  service: 'quake3',
  ports: [27950, 27960, 27961, 28960, 29070],
  build: (id) => join(outOfBand, `getinfo ${hex(id)}`),
  answers: echoAnywhere(hex),
};

/** `status` of Quake II. */
const quake2: UdpPayload = {
  name: 'quake2',
  service: 'quake2',
  ports: [27910],
  build: () => join(outOfBand, 'status\n'),
};

/** `ping` of BitTorrent's table of peers, BEP 5. */
const bitTorrent: UdpPayload = {
  name: 'bittorrent-dht',
  service: 'bittorrent',
  ports: [6881, 51413],
  build: (id) => join('d1:ad2:id20:', stretch(~id, 20), 'e1:q4:ping1:t4:', u32(id), '1:y1:qe'),
  answers: (bytes, start, end, id) => contains(bytes, start, end, join('1:t4:', u32(id))),
};

/** Connect to a tracker, BEP 15. */
const tracker: UdpPayload = {
  name: 'bittorrent-tracker',
  service: 'bittorrent-tracker',
  ports: [6969],
  build: (id) => join(u16(0), u16(0x0417), u32(0x27101980), u32(0), u32(id)),
  answers: echoAt(4, u32),
};

/** The payloads of games and file sharing. */
export const games = [source, bedrock, minecraftQuery, quake3, quake2, bitTorrent, tracker] as const;

const outOfBand = u32(-1);
/** RakNet's mark of messages outside a connection. */
const rakNetMagic = join(
  join(0x00, 0xff, 0xff, 0x00),
  join(0xfe, 0xfe, 0xfe, 0xfe),
  join(0xfd, 0xfd, 0xfd, 0xfd),
  join(0x12, 0x34, 0x56, 0x78),
);
