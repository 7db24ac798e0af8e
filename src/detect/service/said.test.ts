/** What is said to whom: no more than docs/requests.md prints, and nothing to printers. */

import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { udpPayloads } from '../../techniques/payloads/index.ts';
import type { Protocol } from './contract.ts';
import { inquire } from './inquiry.ts';
import type { Move, Outcome } from './moves.ts';
import { datagramProtocols, protocols } from './protocols/index.ts';
import { heardFrom, requestsPage, type Words, wordsOf } from './said.laws.ts';
import { samples } from './samples.laws.ts';
import { escaped } from './text.ts';

test('docs/requests.md prints every request', async () => {
  await expect(requestsPage()).toMatchFileSnapshot('../../../docs/requests.md');
});

/** What was said, all that was heard before it on its connection, and on all. */
interface Said {
  readonly bytes: Uint8Array;
  readonly before: Uint8Array;
  readonly known: readonly Uint8Array[];
}

/** Talks to somebody who answers each move as told; returns what was said, with all heard on its connection before. */
function talk(port: number, intensity: number, answer: (move: Move, before: Uint8Array) => Outcome) {
  const inquiry = inquire({ host: '10.0.0.5', port }, intensity);
  const said: Said[] = [];
  const known: Uint8Array[] = [];
  let secured = 0;
  let before: Uint8Array = nothing;
  let step = inquiry.next();
  for (let moves = 0; step.done !== true; moves++) {
    if (moves > 200) throw new Error('it does not come to an end');
    const move = step.value;
    if (move.does === 'say' && move.bytes.length > 0)
      said.push({ bytes: move.bytes, before, known: [...known] });
    if (move.does === 'secure') secured++;
    if (move.does === 'open') before = nothing;
    const outcome = move.does === 'open' ? ({ was: 'opened', rttMs: 1 } as const) : answer(move, before);
    if (outcome.was === 'heard') {
      before = Uint8Array.from([...before, ...outcome.bytes]);
      known.push(outcome.bytes, before);
    }
    step = inquiry.next(outcome);
  }
  return { said, secured };
}

const heard = (bytes: Uint8Array, end: 'quiet' | 'end' = 'quiet'): Outcome => ({ was: 'heard', bytes, end });
const nothing = new Uint8Array(0);
const unsecured: Outcome = { was: 'not-secured', reason: 'timeout', heard: nothing };
const answers = samples.filter(({ transport }) => transport !== 'udp').map(({ bytes }) => bytes);

describe('to a printer', () => {
  const printed = Array.from({ length: 8 }, (_, i) => 9100 + i);

  test.each([0, 7, 9])('nothing is said with intensity %d, whatever it says first', (intensity) => {
    for (const [i, greeting] of [nothing, ...answers].entries()) {
      const port = printed[i % printed.length] as number;
      const { said, secured } = talk(port, intensity, (move) =>
        move.does === 'listen' ? heard(greeting) : move.does === 'secure' ? unsecured : heard(nothing),
      );
      expect([port, said.length, secured]).toEqual([port, 0, 0]);
    }
  });

  test('no protocol is at home, over UDP neither', () => {
    const homes = [...protocols, ...datagramProtocols, ...udpPayloads].flatMap(({ ports }) => ports);
    expect(homes.filter((port) => printed.includes(port))).toEqual([]);
  });
});

/** What a protocol may say whoever answers, and to what its servers are known to answer. */
function usualWords(protocol: Protocol, port: number): readonly Words[] {
  const known = usual.get(protocol) ?? new Map<number, readonly Words[]>();
  usual.set(protocol, known);
  const words = known.get(port) ?? wordsOf(protocol, { host: '10.0.0.5', port }, heardFrom(protocol));
  known.set(port, words);
  return words;
}

const usual = new Map<Protocol, Map<number, readonly Words[]>>();

/** Whether a protocol may say this: at home, to strangers as far as the intensity goes, to whom it is known of. */
function isAllowed(
  protocol: Protocol,
  port: number,
  intensity: number,
  { bytes, before, known }: Said,
): boolean {
  const isHome = protocol.ports.includes(port) || protocol.tlsPorts?.includes(port) === true;
  const isSaid = (one: Words) => Buffer.compare(one.bytes, bytes) === 0;
  const found =
    usualWords(protocol, port).find(isSaid) ??
    (before.length > 0 ? wordsOf(protocol, { host: '10.0.0.5', port }, [before]).find(isSaid) : undefined);
  if (found === undefined) return false;
  if (found.cost <= intensity) return true;
  return found.when === 'asked' && (isHome || known.some((each) => protocol.parse(each) !== undefined));
}

describe('to a machine only reads of its identification are said', () => {
  // By function, where each protocol has it in its requests.
  test.each([
    // Modbus Application Protocol 1.1b3, 6.21: read device identification.
    [
      'tcp',
      'modbus',
      [
        [7, 0x2b],
        [8, 0x0e],
      ],
    ],
    // ODVA, Vol. 2, 2-4: list identity.
    [
      'tcp',
      'EtherNetIP-2',
      [
        [0, 0x63],
        [1, 0],
      ],
    ],
    [
      'udp',
      'EtherNetIP-2',
      [
        [0, 0x63],
        [1, 0],
      ],
    ],
    // ISO 8073: a connection is asked for.
    ['tcp', 's7comm', [[5, 0xe0]]],
    // IEC 60870-5-104, 5.3: a test of the link.
    ['tcp', 'iec-104', [[2, 0x43]]],
    // IEEE 1815, 9.2.4: the status of the link.
    ['tcp', 'dnp3', [[3, 0xc9]]],
    // MELSEC communication protocol: the name of the model.
    [
      'tcp',
      'melsec',
      [
        [11, 1],
        [12, 1],
      ],
    ],
    // Omron W342, 5-3: data of the controller.
    [
      'udp',
      'fins',
      [
        [10, 5],
        [11, 1],
      ],
    ],
    // ASHRAE 135, 15.7: several properties are read.
    ['udp', 'bacnet', [[9, 0x0e]]],
    // KNX 03.08.02: a description is asked for.
    [
      'udp',
      'knx',
      [
        [2, 2],
        [3, 3],
      ],
    ],
  ] as const)('%s %s', (transport, name, functions) => {
    const found = [...protocols, ...datagramProtocols].find(
      (one) => one.transport === transport && one.name === name,
    );
    const bytes = found?.request?.bytes({ host: '10.0.0.5', port: 1 }, nothing) ?? nothing;
    expect(functions.map(([at]) => [at, bytes[at]])).toEqual(functions);
  });
});

describe('to others', () => {
  const ports = [...new Set(protocols.flatMap((one) => [...one.ports, ...(one.tlsPorts ?? [])])), 7777];

  test.each([1, 2, 7, 9])('with intensity %d nothing is said but what the page prints', (intensity) => {
    const random = new SeededRandom(intensity);
    const any = <T>(list: readonly T[]): T => list[Math.floor(random.nextFloat() * list.length)] as T;
    for (let i = 0; i < 100; i++) {
      const port = any(ports);
      const greets = random.nextFloat() < 0.3;
      const { said } = talk(port, intensity, (move) => {
        if (move.does === 'secure') return unsecured;
        if (move.does === 'listen') return heard(greets ? any(answers) : nothing);
        const chance = random.nextFloat();
        if (chance < 0.3) return heard(nothing, 'end');
        if (chance < 0.6) return heard(nothing);
        if (chance < 0.7 && move.does === 'say') return heard(move.bytes);
        return heard(any(answers));
      });
      for (const each of said)
        expect(
          protocols.some((protocol) => isAllowed(protocol, port, intensity, each)),
          `${port}: ${escaped(each.bytes)}`,
        ).toBe(true);
    }
  });
});
