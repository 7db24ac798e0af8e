/** What a UDP port is told, and what follows from what came of it. */

import { expect, test } from 'vitest';
import { inquireDatagrams } from './datagram-inquiry.ts';
import type { Move, Outcome } from './moves.ts';
import { datagramProtocols } from './protocols/index.ts';
import { samples } from './samples.laws.ts';
import type { Service } from './service.ts';

const version = samples.find(
  ({ protocol, transport, product }) => protocol === 'domain' && transport === 'udp' && product !== undefined,
)?.bytes as Uint8Array;
/** What a name server says of the servers of the root: that it is one. */
const refusal = Uint8Array.from([1, 2, 0x81, 0x05, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]);

interface Held {
  readonly service: Service;
  /** What was said, as text. */
  readonly said: readonly string[];
  readonly sockets: number;
}

/** Plays the other side: each datagram that is said is answered by the next of `answers`, `undefined`: silence. */
function hold(
  port: number,
  answer: Uint8Array | undefined,
  answers: readonly (Uint8Array | 'refused' | undefined)[] = [],
  intensity = 7,
): Held {
  const inquiry = inquireDatagrams({ host: '10.0.0.5', port }, intensity, answer);
  const said: string[] = [];
  let sockets = 0;
  let step = inquiry.next();
  while (step.done !== true) step = inquiry.next(play(step.value));
  return { service: step.value, said, sockets };

  function play(move: Move): Outcome {
    if (move.does === 'open') sockets++;
    if (move.does === 'open') return { was: 'opened', rttMs: 0 };
    if (move.does !== 'say') return { was: 'heard', bytes: new Uint8Array(0), end: 'quiet' };
    const now = answers[said.length];
    said.push(Buffer.from(move.bytes).toString('latin1'));
    const bytes = now === undefined || now === 'refused' ? new Uint8Array(0) : now;
    return { was: 'heard', bytes, end: now === 'refused' ? 'reset' : 'quiet' };
  }
}

test('what the scan of ports has heard is enough: nothing is sent', () => {
  const { service, sockets } = hold(5300, version);
  expect(service).toMatchObject({ name: 'domain', product: 'Unbound', version: '1.17.1', via: 'scan' });
  expect(sockets).toBe(0);
});

test('an answer that told little is asked into, in its own words alone', () => {
  const { service, said } = hold(53, refusal, [version]);
  expect(service).toMatchObject({ name: 'domain', version: '1.17.1', via: 'domain' });
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('\x07version\x04bind');
  // Nothing more than that is known where that is not answered.
  expect(hold(53, refusal, []).service).toMatchObject({ name: 'domain', via: 'scan' });
});

test('a port that was silent is told the words of others, and the answer says whose it is', () => {
  const { service, said } = hold(9953, undefined, [version]);
  expect(service).toMatchObject({ name: 'domain', via: 'domain' });
  expect(said).toHaveLength(1);
});

test.each(['sip', 'snmp', 'ntp', 'stun', 'memcached', 'tftp', 'openvpn', 'isakmp', 'dtls', 'quic', 'coap'])(
  "%s is found on a port that was silent and is nobody's",
  (name) => {
    const own = datagramProtocols.find((one) => one.name === name && (one.request?.cost ?? 9) <= 7);
    const words = Buffer.from(own?.request?.bytes({ host: '10.0.0.5', port: 9953 }, new Uint8Array(0)) ?? []);
    const at = hold(9953, undefined).said.indexOf(words.toString('latin1'));
    const answer = samples.find(({ protocol, transport }) => protocol === name && transport === 'udp')?.bytes;
    const { service } = hold(9953, undefined, [...Array.from({ length: at }, () => undefined), answer]);
    expect(service.name).toBe(name);
  },
);

test('one that stays silent after all of them has no name, and no more than a few were said', () => {
  const { service, said, sockets } = hold(9953, undefined);
  expect(service).toMatchObject({ name: null, confidence: 3 });
  expect(service.asked).toHaveLength(said.length);
  expect(said.length).toBeLessThanOrEqual(12);
  expect(sockets).toBe(1);
});

test('an ICMP error ends it', () => {
  expect(hold(9953, undefined, ['refused']).said).toHaveLength(1);
});

test('an answer that nobody understands is kept', () => {
  const { service } = hold(9953, Buffer.from('hello\x1b'));
  expect(service).toMatchObject({ name: null, banner: 'hello\\x1b' });
  expect(service.fingerprint).toMatch(/^portolan1 udp\/9953 scan=hello\\x1b;/);
});

test('nothing is said with intensity 0, nor to printers', () => {
  expect(hold(53, undefined, [], 0).sockets).toBe(0);
  expect(hold(9100, undefined, [], 9).sockets).toBe(0);
  expect(hold(53, refusal, [], 0)).toMatchObject({ sockets: 0, service: { name: 'domain' } });
});

test('what tells more of a service that is known is asked from its cost on, and kept where it is answered', () => {
  const [time, , variables] = samples
    .filter(({ protocol, transport }) => protocol === 'ntp' && transport === 'udp')
    .map(({ bytes }) => bytes) as [Uint8Array, Uint8Array, Uint8Array];
  expect(hold(123, time)).toMatchObject({ service: { name: 'ntp', via: 'scan' }, sockets: 0 });
  const { service, said } = hold(123, time, [variables], 8);
  expect(service).toMatchObject({ product: 'NTPsec ntpd', version: '1.2.2' });
  expect(said).toEqual([`\x16\x02\0\x01${'\0'.repeat(8)}`]);
  expect(hold(123, time, [], 8).service).toMatchObject({ info: 'v3, stratum 1', via: 'scan' });
});
