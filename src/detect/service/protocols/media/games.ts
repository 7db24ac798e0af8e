/**
 * Servers of games: Valve's queries (A2S_INFO), Quake III's and its heirs', Minecraft's in both editions (the list of
 * servers, as clients show it before anybody joins).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { DatagramProtocol, Facts, Parsed, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, bytesOf, holds, textOf } from '../../text.ts';

/** What is played, on which map; or that a number has to be shown first. */
export const valve: DatagramProtocol = {
  name: 'source-engine',
  transport: 'udp',
  ports: [27015, 27016, 27017, 27018, 27019, 27020, 2303],
  request: { cost: 8, bytes: questionOf('a2s-info') },
  parse: parseValve,
  products: [
    { when: { game: /^(.{1,60})$/, version: /^(\d[\w.]*)$/ }, product: '$1', version: '$2' },
    { when: { game: /^(.{1,60})$/ }, product: '$1' },
  ],
};

/** Keys and values between backslashes. */
export const quake3: DatagramProtocol = {
  name: 'quake3',
  transport: 'udp',
  ports: [27950, 27960, 27961, 28960, 29070],
  request: { cost: 8, bytes: questionOf('quake3') },
  parse: (bytes) => {
    const isInfo = beginsWith(bytes, '\xff\xff\xff\xffinfoResponse\n\\');
    if (!isInfo) return undefined;
    const [, ...parts] = textOf(bytes.subarray(17)).split('\\');
    const facts: Record<string, string> = {};
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const name = quakeKeys[parts[i]?.toLowerCase() ?? ''];
      const value = parts[i + 1]?.trim() ?? '';
      if (name !== undefined && value !== '') facts[name] = value.slice(0, 100);
    }
    return { facts };
  },
  products: [{ when: { game: /^(\w[\w .-]{0,40})$/ }, product: '$1' }],
};

/** The Java edition: a handshake that asks for the status. */
export const minecraft: Protocol = {
  name: 'minecraft',
  transport: 'tcp',
  ports: [25565],
  request: {
    cost: 8,
    toStrangers: 'closes',
    bytes: ({ host, port }) => {
      const name = host.slice(0, 100);
      // Protocol 47 (1.8), which newer ones answer as well; then the request itself.
      const hello = bytesFrom(0, 47, name.length, name, u16(port), 1);
      return bytesFrom(hello.length, hello, 1, 0);
    },
  },
  parse: parseMinecraft,
  isWhole: (bytes) => holds(bytes, '"protocol":') && bytes.at(-1) === 0x7d,
  products: [
    {
      when: { version: /^(?:(\w[A-Za-z ]{1,30}) )?(\d[\w.]*)$/ },
      product: 'Minecraft',
      version: '$2',
      info: '$1',
    },
    { when: { version: /^(\w[\w ./-]{0,60})$/ }, product: 'Minecraft', info: '$1' },
  ],
};

/** The Bedrock edition: a pong with fields between semicolons. */
export const bedrock: DatagramProtocol = {
  name: 'minecraft',
  transport: 'udp',
  ports: [19132, 19133, 25565],
  request: { cost: 8, bytes: questionOf('minecraft-bedrock') },
  parse: (bytes) => parseBedrock(bytes) ?? parseQuery(bytes),
  products: [{ when: { version: /^(\d[\w.]*)$/ }, product: 'Minecraft Bedrock', version: '$1' }],
};

function parseValve(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isPlain = reader.u32() === 0xffff_ffff;
  const kind = reader.u8();
  if (!isPlain) return undefined;
  if (kind === 0x41) return bytes.length === 9 ? { facts: { answer: 'challenge' } } : undefined;
  if (kind !== 0x49) return undefined;
  const protocol = reader.u8();
  const [server, map, folder, game] = [0, 1, 2, 3].map(() => textOf(reader.untilZero()).trim());
  reader.u16();
  const [players, most] = [reader.u8(), reader.u8()];
  reader.take(5);
  const version = textOf(reader.untilZero());
  if (reader.isShort || players > most || !/^[\w.-]{1,40}$/.test(version)) return undefined;
  const texts = { server, map, folder, game };
  const told = Object.entries(texts).filter(([, text]) => text !== undefined && text !== '') as [
    string,
    string,
  ][];
  const facts: Facts = {
    ...Object.fromEntries(told),
    protocol: `${protocol}`,
    players: `${players}/${most}`,
    version,
  };
  return { facts };
}

/** BZFlag: whatever is said to its server, it names the version of its protocol (its `bzfs`, "BZFS" and four digits). */
export const bzflag: Protocol = {
  name: 'bzfs',
  transport: 'tcp',
  ports: [5154],
  request: { cost: 8, bytes: () => bytesOf('BZFLAG\r\n\r\n') },
  parse: (bytes) => {
    const protocol = /^BZFS(\d{4})(?:\r\n\r\n)?/.exec(textOf(bytes.subarray(0, 12)))?.[1];
    return protocol === undefined ? undefined : { facts: { protocol } };
  },
  isWhole: (bytes) => bytes.length >= 8,
  products: [{ when: {}, product: 'BZFlag game server', cpe: 'a:bzflag:bzflag' }],
};

function parseMinecraft(bytes: Uint8Array): Parsed | undefined {
  const start = bytes.indexOf(0x7b);
  // Two lengths of up to three bytes each, and the number of the message between them.
  if (start < 3 || start > 8 || !bytes.subarray(1, start).includes(0)) return undefined;
  const text = Buffer.from(bytes.subarray(start)).toString('utf8');
  const [said = ''] = /"version":\{[^{}]{1,300}\}/.exec(text) ?? [];
  const version = /"name":"([^"\\]{1,80})"/.exec(said)?.[1];
  const protocol = /"protocol":(-?\d{1,9})/.exec(said)?.[1];
  if (version === undefined || protocol === undefined) return undefined;
  const description = /"(?:description":(?:\{"text":)?|text":)"([^"\\]{1,120})"/.exec(text)?.[1];
  return { facts: { version, protocol, ...(description !== undefined && { description }) } };
}

function parseBedrock(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isPong = reader.u8() === 0x1c;
  reader.take(16);
  const isMarked = reader.u32() === 0x00ff_ff00 && reader.u32() === 0xfefe_fefe;
  reader.take(8);
  const text = textOf(reader.take(reader.u16()));
  const [edition = '', description = '', protocol = '', version = ''] = text.split(';');
  if (!isPong || !isMarked) return undefined;
  const isTold = /^MC[PE]E$/.test(edition) && /^\d{1,6}$/.test(protocol);
  return { facts: isTold ? { edition, description, protocol, version } : {} };
}

/** The handshake of Minecraft's query: our number, then one in digits. */
function parseQuery(bytes: Uint8Array): Parsed | undefined {
  const isOne = bytes[0] === 9 && /^-?\d{1,11}\0$/.test(textOf(bytes.subarray(5)));
  return isOne ? { facts: { answer: 'query' }, confidence: 7 } : undefined;
}

const quakeKeys: Readonly<Record<string, string>> = {
  hostname: 'server',
  mapname: 'map',
  gamename: 'game',
  game: 'mod',
  protocol: 'protocol',
};
