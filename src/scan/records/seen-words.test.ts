import { expect, test } from 'vitest';
import { Observation, observationKind } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import { seenOf } from './seen-words.ts';

const names = { senderOf: () => '10.0.0.9', optionsOf: () => undefined };
/** A SYN with DSCP 10, ECN 1, DF, an MSS of 1300 and a window scale of 7. */
const quoted = Uint8Array.from([
  ...[0x45, 0x29, 0, 48, 0, 1, 0x40, 0, 1, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
  ...[0xc0, 0, 0, 22, 0, 0, 0, 1, 0, 0, 0, 0, 0x70, 2, 0xff, 0xff, 0, 0, 0, 0],
  ...[2, 4, 0x05, 0x14, 1, 3, 3, 7],
]);

const expired = (data: Uint8Array, kind = observationKind.icmp) => {
  const seen = new Observation();
  seen.begin(kind);
  seen.meaning = icmpErrors.indexOf('time-exceeded');
  seen.data = data;
  return seenOf(seen, names).quote;
};

test('an ICMP error shows how the packet looked that it quotes', () => {
  const ip = { dscp: 10, ecn: 1, dontFragment: true };
  const options = { options: 'mss,nop,wscale', mss: 1300, windowScale: 7 };
  expect(expired(quoted)).toEqual({ ...ip, ...options });
  const v6 = Uint8Array.from([
    0x62,
    0x90,
    0,
    0,
    0,
    28,
    6,
    1,
    ...new Array<number>(32).fill(1),
    ...quoted.subarray(20),
  ]);
  expect(expired(v6)).toEqual({ ...ip, dontFragment: false, ...options });
});

test('where a quote stops in the options none of them is missing, and what is no packet is none', () => {
  for (let end = 20; end < quoted.length; end++)
    expect(expired(quoted.subarray(0, end))).toEqual({ dscp: 10, ecn: 1, dontFragment: true });
  for (let end = 0; end < 20; end++) expect(expired(quoted.subarray(0, end))).toBeUndefined();
  expect(expired(quoted, observationKind.udp)).toBeUndefined();
});
