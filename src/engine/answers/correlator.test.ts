/** Which answers are believed, and to which transmission. */

import { describe, expect, test } from 'vitest';
import { fromTarget, observationKind } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import type { UdpPayload } from '../../techniques/payloads/contract.ts';
import { payloadsFor } from '../../techniques/payloads/index.ts';
import { plainVariant } from '../probes/variant.ts';
import type { Question } from '../questions/questions.ts';
import {
  ask,
  mirror,
  own,
  reset,
  sourcePort,
  synAck,
  synFlag,
  unreachable,
  withPayload,
} from './correlator.laws.ts';

describe('datagrams', () => {
  test('the answer of the asked port that echoes the id is believed, with its round-trip time', () => {
    const bed = ask(53);
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([{ state: 'open', reason: 'udp-response', attempts: 1, rttUs: 5000 }]);
  });

  test('a service that speaks another protocol than its port’s is open all the same', () => {
    const bed = ask(53);
    bed.answer(withPayload(bed.probes[0] as Uint8Array, 'what do you want'), 5000);
    expect(bed.verdicts).toMatchObject([{ state: 'open' }]);
  });

  test('with one source port for all, the echoed id tells which transmission was answered', () => {
    const bed = ask(53, { sourcePort: 4000 });
    bed.untilSilence();
    const [first, second] = bed.probes as [Uint8Array, Uint8Array];
    expect(first.subarray(20, 22)).toEqual(second.subarray(20, 22));
    bed.answer(first, bed.nowUs + 10);
    // An answer to an earlier transmission measures no time.
    expect(bed.verdicts).toMatchObject([{ state: 'open', rttUs: -1 }]);
    const other = ask(53, { sourcePort: 4000 });
    other.untilSilence();
    other.answer(other.probes[1] as Uint8Array, other.nowUs + 10);
    expect(other.verdicts[0]?.rttUs).toBeGreaterThan(0);
  });

  test('an answer from another port counts for services known to do that, and for no other', () => {
    for (const [port, believed] of [
      [69, 1],
      [53, 0],
    ] as const) {
      const bed = ask(port);
      const reply = bed.replyTo(bed.probes[0] as Uint8Array);
      reply.set([0xc0, 0x01], 20);
      bed.take(reply, 5000);
      expect(bed.verdicts.length, `port ${port}`).toBe(believed);
    }
  });

  test('a service that answers from another port must echo the id where its protocol has one', () => {
    const stray: UdpPayload = { ...(payloadsFor(53)[0] as UdpPayload), repliesFromOtherPort: true };
    for (const isGenuine of [true, false]) {
      const bed = ask(53, { payloads: [stray], strayPorts: [53] });
      const probe = bed.probes[0] as Uint8Array;
      const reply = bed.replyTo(isGenuine ? probe : withPayload(probe, 'something else'));
      reply.set([0xc0, 0x01], 20);
      bed.take(reply, 5000);
      expect(bed.verdicts.length).toBe(isGenuine ? 1 : 0);
    }
  });

  test('a datagram to a port we did not send from is nothing', () => {
    const bed = ask(53);
    const reply = bed.replyTo(bed.probes[0] as Uint8Array);
    reply[23] = (reply[23] as number) ^ 1;
    bed.take(reply, 5000);
    expect(bed.verdicts).toEqual([]);
  });
});

test('an answer is told with all that stands in it', () => {
  const bed = ask(80, { technique: portTechniques.syn });
  const reply = mirror(bed.probes[0]!);
  const view = new DataView(reply.buffer);
  const options = reply.subarray(40);
  view.setUint32(28, view.getUint32(24) + 1);
  view.setUint8(33, 0x12);
  view.setUint16(34, 65_160);
  view.setUint16(4, 4711);
  view.setUint16(6, 0x4000);
  view.setUint8(8, 61);
  bed.answer(mirror(reply), 5000);
  const [seen] = bed.seen;
  expect(seen).toMatchObject({ kind: observationKind.tcp, code: verdictCode('open', 'syn-ack') });
  expect(seen).toMatchObject({ flags: 0x12, window: 65_160, ipId: 4711, dontFragment: 1, ttl: 61 });
  expect(seen).toMatchObject({ sender: fromTarget, attempt: 1, attempts: 1, rttUs: 5000, atUs: 5000 });
  expect(seen).toMatchObject({ options: 1, timestamp: new DataView(options.slice().buffer).getUint32(8) });
  expect(bed.options[0]).toHaveLength(20);
});

describe('an acknowledgement', () => {
  const { syn, fin, ack } = portTechniques;
  /** The answer with its acknowledgement moved on. */
  const moved = (answer: Uint8Array, by: number) => {
    const view = new DataView(answer.buffer);
    view.setUint32(28, view.getUint32(28) + by);
    return answer;
  };
  test.each([
    ['a SYN+ACK of it', syn, synAck, [0], 'open'],
    ['a reset of it, or of the own number', syn, reset, [-1, 0], 'closed'],
    ['a reset of a FIN', fin, reset, [-1, 0], 'closed'],
    ['a reset that acknowledges an ACK', ack, reset, [-1], 'unfiltered'],
  ])('%s is believed and no other', (_, technique, answer, exact, state) => {
    for (const by of [-2, -1, 0, 1, 2]) {
      const bed = ask(80, { technique });
      bed.take(moved(answer(bed.probes[0] as Uint8Array), by), 5000);
      expect(bed.told, `${by}`).toEqual(exact.includes(by) ? [[0, state]] : []);
    }
  });

  test('goes by the flags the user chose, and by the data', () => {
    const variant = { ...plainVariant, portBlock: 0xf000, portBlockSize: 4096 };
    for (const [change, exact] of [
      [{ flags: 3 }, [-1, 1]],
      [{ data: new Uint8Array(6) }, [-1, 6]],
    ] as const)
      for (let by = -1; by < 8; by++) {
        const bed = ask(80, { technique: syn, variants: [{ ...variant, ...change }] });
        bed.take(moved(reset(bed.probes[0] as Uint8Array), by), 5000);
        expect(bed.told.length, `${by}`).toBe((exact as readonly number[]).includes(by) ? 1 : 0);
      }
  });
});

test('what has a wrong checksum is counted as an anomaly and decides nothing', () => {
  const bed = ask(80, { technique: portTechniques.syn });
  const probe = bed.probes[0] as Uint8Array;
  for (const answer of [synAck(probe), reset(probe), unreachable(probe), mirror(probe)]) {
    bed.take(answer, 5000, true);
    expect(bed.told).toEqual([]);
  }
  expect(bed.correlator).toMatchObject({ received: 0, anomalies: 4, damaged: 4 });
  const stranger = synAck(probe);
  stranger[31]! ^= 0x40;
  bed.take(stranger, 5000, true);
  bed.take(reset(probe), 6000);
  expect(bed.correlator).toMatchObject({ received: 1, anomalies: 5, damaged: 4 });
  expect(bed.told).toEqual([[0, 'closed']]);
});

describe('questions in several variants', () => {
  const { syn } = portTechniques;
  const variants = [
    {},
    { sourcePort: 20 },
    { sourcePort: 53 },
    { sourcePort: 40_000 },
    { sourcePort: 53, ttl: 9 },
    { sourcePort: 53, badChecksum: true },
  ].map((change) => ({ ...plainVariant, portBlock: 0xf000, portBlockSize: 4096, ...change }));
  const about = (...numbers: number[]): Question[] =>
    numbers.map((variant) => ({ technique: syn, port: 80, variant }));

  test('from fixed source ports are told apart by port, and prove themselves by their numbers', () => {
    const bed = ask(80, { phases: [about(1, 2, 3)], variants });
    expect(bed.probes.map(sourcePort)).toEqual([20, 53, 40_000]);
    const [first, second, third] = bed.probes as [Uint8Array, Uint8Array, Uint8Array];
    const forged = synAck(second);
    forged[31] = (forged[31] as number) ^ 0x40;
    bed.take(forged, 4000);
    bed.take(unreachable(first), 5000);
    expect(bed.seen[0]?.data).toHaveLength(0);
    bed.take(synAck(third), 6000);
    bed.take(reset(second), 7000);
    expect(bed.told).toEqual([
      [0, 'filtered'],
      [2, 'open'],
      [1, 'closed'],
    ]);
  });

  test('that are to end on their way are answered by whoever says so, at once; others are asked again', () => {
    for (const [variant, told] of [
      [4, [[0, 'filtered']]],
      [2, []],
    ] as const) {
      const bed = ask(80, { phases: [[...about(variant), ...about(3)]], variants });
      const expired = unreachable(bed.probes[0] as Uint8Array);
      expired.set([11, 0], 20);
      bed.take(expired, 5000);
      expect(bed.told).toEqual(told);
      if (told.length > 0) expect(bed.seen[0]?.data).toEqual(bed.probes[0]?.subarray(0, 28));
      bed.take(reset(bed.probes[1] as Uint8Array), 6000);
      expect(bed.told.at(-1)).toEqual([1, 'closed']);
      bed.untilSent(variant === 2 ? 3 : 2);
    }
  });

  test('an error that quotes another number than the probe had is none', () => {
    const bed = ask(80, { phases: [about(2)], variants });
    const quote = unreachable(bed.probes[0] as Uint8Array);
    quote[20 + 8 + 20 + 7] = (quote[20 + 8 + 20 + 7] as number) ^ 1;
    bed.take(quote, 5000);
    expect(bed.told).toEqual([]);
  });

  test('from one port at the same time are refused, one after the other not, and hops not at all', () => {
    const bed = ask(80, { phases: [about(2)], variants });
    expect(() => bed.more(about(5)[0] as Question)).toThrow(
      'syn cannot ask port 80 from port 53 in two ways at the',
    );
    bed.more(about(4)[0] as Question);
    bed.untilSent(2);
    expect(bed.probes.map((probe) => [sourcePort(probe), probe[8]])).toEqual([
      [53, 64],
      [53, 9],
    ]);
    bed.take(synAck(bed.probes[1] as Uint8Array), 50_000);
    expect(bed.told).toEqual([[1, 'open']]);
    expect(() => bed.more(about(5)[0] as Question)).toThrow('at the same time');
    bed.more(about(3)[0] as Question);
    bed.take(reset(bed.probes[0] as Uint8Array), 51_000);
    bed.more(about(5)[0] as Question);
    bed.untilSent(4);
    // What comes late for the former is not taken for an answer to the latter.
    bed.take(synAck(bed.probes[0] as Uint8Array), 90_000);
    bed.take(synAck(bed.probes[3] as Uint8Array), 91_000);
    expect(bed.told).toEqual([
      [1, 'open'],
      [0, 'closed'],
      [3, 'open'],
    ]);
  });

  test('that nothing in the answers would tell apart are refused for good, in lists as well', () => {
    const udp = (variant: number, port = 9): Question => ({ technique: portTechniques.udp, port, variant });
    const bed = ask(9, { phases: [[udp(2)]], variants });
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.told).toEqual([[0, 'open']]);
    expect(() => ask(9, { list: [udp(2), udp(5)], variants })).toThrow(
      'nothing in the answers would tell which',
    );
    expect(() => ask(9, { list: [udp(2), udp(5, 53)], variants })).not.toThrow();
    expect(() => ask(9, { list: [udp(0), udp(3)], variants })).not.toThrow();
  });

  test('a list asks one port in several variants', () => {
    const bed = ask(80, { list: about(0, 1, 2, 3), variants });
    bed.untilSent(4);
    expect(bed.probes.map(sourcePort).slice(1)).toEqual([20, 53, 40_000]);
    for (const [i, probe] of bed.probes.toReversed().entries()) bed.take(synAck(probe), 100_000 + i);
    expect(bed.told).toEqual([3, 2, 1, 0].map((question) => [question, 'open']));
  });

  test('what a probe has no place for is refused', () => {
    const echo: Question = { technique: hostTechniques['ping-echo'], port: 0, variant: 1 };
    expect(() => ask(80, { phases: [[echo]], variants })).toThrow(
      'ping-echo over IPv4 has no place for sourcePort',
    );
    expect(() => ask(80, { phases: [about(9)], variants })).toThrow('there is no variant 9');
  });
});

test('an error about a packet of any protocol is believed, also that of ICMP for the other family', () => {
  for (let protocol = 0; protocol < 256; protocol++) {
    const bed = ask(protocol, { technique: portTechniques['ip-protocol'] });
    bed.take(unreachable(bed.probes[0] as Uint8Array), 5000);
    expect(bed.verdicts, `protocol ${protocol}`).toMatchObject([{ reason: 'admin-prohibited' }]);
  }
});

describe('a host that two phases ask at the same time', () => {
  const protocol: Question = { technique: portTechniques['ip-protocol'], port: 6, variant: 0 };
  const syn: Question = { technique: portTechniques.syn, port: 80, variant: 0 };

  test('gives each its answers, and one that proves itself is not taken for a mere packet of its protocol', () => {
    for (const phases of [
      [[protocol], [syn]],
      [[syn], [protocol]],
    ]) {
      const bed = ask(80, { phases });
      const probe = bed.probes.find((packet) => packet[33] === synFlag) as Uint8Array;
      const answer = synAck(probe);
      bed.take(answer, 5000);
      expect(bed.verdicts).toMatchObject([{ state: 'open', reason: 'syn-ack' }]);
      // A segment that echoes nothing of ours still shows that the host speaks TCP.
      answer[31] = (answer[31] as number) ^ 0x80;
      bed.take(answer, 6000);
      expect(bed.verdicts[1]).toMatchObject({ state: 'open', reason: 'proto-response' });
    }
  });

  test('a SYN without ACK to a port of either is no guess', () => {
    const bed = ask(80, { phases: [[syn], [syn]] });
    const [first, second] = bed.probes as [Uint8Array, Uint8Array];
    bed.answer(second, 5000);
    bed.answer(first, 6000);
    expect(bed.verdicts).toMatchObject([{ reason: 'syn' }, { reason: 'syn' }]);
  });
});

describe('a SYN without ACK', () => {
  const technique = portTechniques.syn;

  test('to the port that the probe came from says open', () => {
    const bed = ask(80, { technique });
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([{ state: 'open', reason: 'syn', attempts: 1, rttUs: 5000 }]);
  });

  test('counts no more once one missed its port', () => {
    const bed = ask(80, { technique });
    const guess = bed.replyTo(bed.probes[0] as Uint8Array);
    guess[23] = (guess[23] as number) ^ 1;
    bed.take(guess, 5000);
    bed.answer(bed.probes[0] as Uint8Array, 5000);
    expect(bed.verdicts).toEqual([]);
  });

  test('says nothing where the user chose the port, and from ourselves', () => {
    for (const options of [{ sourcePort: 4000 }, { target: own }]) {
      const bed = ask(80, { technique, ...options });
      bed.answer(bed.probes[0] as Uint8Array, 5000);
      expect(bed.verdicts).toEqual([]);
    }
  });
});
