/** What printers, machines and a server that keeps a log hear of a scan, on real sockets. */

import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protocols } from '../../../detect/service/protocols/index.ts';
import { heardFrom, wordsOf } from '../../../detect/service/said.laws.ts';
import { samples } from '../../../detect/service/samples.laws.ts';
import { Loopback } from '../../../dial/loopback.laws.ts';
import { type Host, talkWithAll } from './loopback-talks.laws.ts';

const loopback = new Loopback();
const logs = new Map<string, Buffer[]>();
const hosts: Record<string, Host> = {};

/** A host that keeps what it hears, and answers once. */
function add(
  name: string,
  asked: Host['asked'],
  intensity: number,
  answer: Uint8Array,
  greeting?: string,
): void {
  const log: Buffer[] = [];
  logs.set(name, log);
  hosts[name] = {
    ...(asked && { asked }),
    intensity,
    serve: (socket: Socket) => {
      if (greeting !== undefined) socket.write(greeting, 'latin1');
      socket.once('end', () => socket.end());
      socket.on('data', (bytes) => {
        log.push(bytes as Buffer);
        socket.end(answer);
      });
    },
  };
}

const nothing = new Uint8Array(0);
const printers = Array.from({ length: 8 }, (_, i) => 9100 + i);
const greetings = ['', '220 mail.lab ESMTP Exim 4.96\r\n', 'SSH-2.0-OpenSSH_9.2p1\r\n', '@PJL USTATUS\r\n'];
for (const port of printers)
  for (const [i, greeting] of greetings.entries())
    add(`printer ${port} ${i}`, { port }, 9, nothing, greeting);

const machines = [
  'modbus',
  's7comm',
  'EtherNetIP-2',
  'opc-ua',
  'iec-104',
  'dnp3',
  'niagara-fox',
  'atg',
  'melsec',
];
for (const name of machines) {
  const protocol = protocols.find((one) => one.name === name);
  const port = protocol?.ports[0] ?? 0;
  const answer =
    samples.find((one) => one.protocol === name && one.transport !== 'udp' && one.name === undefined)
      ?.bytes ?? nothing;
  add(`plant ${name}`, { port }, 7, answer);
}
for (const intensity of [0, 1, 2, 7, 9]) add(`log ${intensity}`, {}, intensity, nothing);

let found: Awaited<ReturnType<typeof talkWithAll>>;
beforeAll(async () => {
  found = await talkWithAll(loopback, hosts);
});
afterAll(() => loopback.close());

const heardBy = (name: string) => (logs.get(name) ?? []).map((bytes) => bytes.toString('latin1'));

test.each(printers)('a printer on %d prints nothing, whatever it says first', (port) => {
  for (const i of greetings.keys()) expect(heardBy(`printer ${port} ${i}`)).toEqual([]);
});

describe('a plant', () => {
  test.each(machines)('that speaks %s hears its own words and nothing else', (name) => {
    const protocol = protocols.find((one) => one.name === name) as (typeof protocols)[number];
    expect(found.get(`plant ${name}`)?.result.name).toBe(name);
    const asked = { host: '10.0.0.5', port: protocol.ports[0] as number };
    const words = wordsOf(protocol, asked, heardFrom(protocol)).map(({ bytes }) =>
      Buffer.from(bytes).toString('latin1'),
    );
    const heard = heardBy(`plant ${name}`);
    expect(heard.length).toBeGreaterThan(0);
    for (const each of heard) expect(words).toContain(each);
  });
});

describe('a server that keeps a log', () => {
  test('hears nothing with intensity 0', () => expect(heardBy('log 0')).toEqual([]));

  test.each([1, 2, 7, 9])('hears with intensity %d what the page prints, and hellos of TLS', (intensity) => {
    const asked = { host: '10.0.0.5', port: 7777 };
    const words = protocols.flatMap((protocol) =>
      wordsOf(protocol, asked, heardFrom(protocol))
        .filter(({ cost }) => cost <= intensity)
        .map(({ bytes }) => Buffer.from(bytes).toString('latin1')),
    );
    const heard = heardBy(`log ${intensity}`).filter((each) => !each.startsWith('\x16\x03'));
    expect(heard.length).toBeGreaterThan(0);
    for (const each of heard) expect(words).toContain(each);
  });
});
