/** What protocols read in real answers, and that nothing makes them fail. */

import { describe, expect, test } from 'vitest';
import { runsOf } from '../../../../test/runs.ts';
import { SeededRandom } from '../../../base/random.ts';
import { identify, identifyDatagram } from '../candidates.ts';
import { productOf } from '../products.ts';
import { samples } from '../samples.laws.ts';
import { provenService } from '../service.ts';
import { datagramProtocols, protocols } from './index.ts';

describe('an answer', () => {
  test.each(
    samples.map(
      (sample) =>
        [
          `${sample.protocol}${sample.transport === 'udp' ? ' over UDP' : ''}`,
          JSON.stringify(Buffer.from(sample.bytes).toString('latin1').slice(0, 50)),
          sample,
        ] as const,
    ),
  )('%s is read: %s', (_, __, { protocol: name, transport, bytes, facts = {}, ...known }) => {
    const found = transport === 'udp' ? readDatagram(name, bytes) : read(name, bytes);
    expect(found?.protocol.name).toBe(name);
    expect(found?.parsed.facts).toMatchObject(facts);
    const service = provenService({ ...(found as NonNullable<typeof found>), via: 'x' }, undefined, false);
    const { product, version, info, os } = service;
    expect({ name: service.name, product, version, os, cpe: service.cpe }).toEqual({
      name: known.name ?? name,
      product: known.product,
      version: known.version,
      os: known.os ?? os,
      cpe: known.cpe ?? service.cpe,
    });
    if (known.info !== undefined) expect(info).toBe(known.info);
  });

  test('every protocol has one here', () => {
    const key = (name: string, transport = 'tcp') => `${transport} ${name}`;
    expect(new Set(samples.map(({ protocol, transport }) => key(protocol, transport)))).toEqual(
      new Set([...protocols, ...datagramProtocols].map(({ name, transport }) => key(name, transport))),
    );
  });
});

/** Where it is at home, if only there it is believed; among all, else. */
function read(name: string, bytes: Uint8Array) {
  const home = protocols.filter((one) => one.name === name && one.isOnlyAtHome === true);
  return identify(bytes, home);
}

function readDatagram(name: string, bytes: Uint8Array) {
  const home = datagramProtocols.filter((one) => one.name === name && one.isOnlyAtHome === true);
  return identifyDatagram(bytes, home);
}

describe.each([...protocols, ...datagramProtocols])('$name over $transport', (protocol) => {
  const own = samples
    .filter(
      ({ protocol: name, transport = 'tcp' }) => name === protocol.name && transport === protocol.transport,
    )
    .map(({ bytes }) => bytes);

  test('10,000 mutated answers, 2500 every day, are read or not, and never fail', () => {
    const random = new SeededRandom(7);
    const nextInt = (end: number) => Math.floor(random.nextFloat() * end);
    const seen = { read: 0, unread: 0, tooLong: 0 };
    for (let i = 0; i < runsOf(10_000); i++) {
      const bytes = mutated(own[i % own.length] as Uint8Array, nextInt);
      const parsed = protocol.parse(bytes);
      if (protocol.transport === 'tcp') protocol.isWhole?.(bytes);
      if (parsed === undefined) seen.unread++;
      else {
        seen.read++;
        productOf(protocol.products, { ...parsed.hints, ...parsed.facts });
        if (Object.values(parsed.facts).some((fact) => fact.length > 600)) seen.tooLong++;
      }
    }
    expect(seen.tooLong).toBe(0);
    // Else the mutations say nothing.
    expect(seen.read).toBeGreaterThan(0);
    expect(seen.unread).toBeGreaterThan(0);
  });

  test('what is cut off anywhere does not fail', () => {
    for (const bytes of own)
      for (let end = 0; end <= bytes.length; end++) protocol.parse(bytes.subarray(0, end));
  });

  test('no expression can be made to try for ever: it has no repetition of a repetition', () => {
    for (const { when } of protocol.products)
      for (const { source } of Object.values(when)) expect(source).not.toMatch(/\([^()]*[*+][^()]*\)[*+]/);
  });
});

describe('a web server', () => {
  const answer = (text: string) => identify(Buffer.from(text, 'latin1'), []);

  test.each([
    'RTSP/1.0 400 Bad Request\r\n\r\n',
    'SIP/2.0 400 Bad Request\r\nCSeq: 1\r\n\r\n',
    'HTTP/1.1\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    '<xml>',
    '<htmlx>',
  ])('is not what says %j', (text) => {
    expect(answer(text)?.protocol.name).not.toBe('http');
  });

  test('wants TLS where it says so', () => {
    const text =
      'HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>';
    expect(answer(text)?.parsed.wantsTls).toBe(true);
    expect(answer(text.replace('400', '200'))?.parsed.wantsTls).toBeUndefined();
  });

  test('is whole when what it announced has come, or its title', () => {
    const http = protocols.find(({ name }) => name === 'http');
    const isWhole = (text: string) => http?.isWhole?.(Buffer.from(text, 'latin1'));
    expect(isWhole('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab')).toBe(false);
    expect(isWhole('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')).toBe(true);
    expect(isWhole('HTTP/1.1 200 OK\r\n\r\n<title>x</title>')).toBe(true);
    expect(isWhole('HTTP/1.1 200 OK\r\n\r\n5\r\nhello')).toBe(false);
    expect(isWhole('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n')).toBe(false);
  });
});

/** Bytes changed, left out, put in, repeated, cut off. */
function mutated(bytes: Uint8Array, nextInt: (end: number) => number): Uint8Array {
  const out = [...bytes];
  for (let count = 1 + nextInt(4); count > 0; count--) {
    const at = nextInt(out.length + 1);
    const kind = nextInt(5);
    if (kind === 0 && at < out.length) out[at] = nextInt(256);
    else if (kind === 1) out.splice(at, 1 + nextInt(8));
    else if (kind === 2) out.splice(at, 0, ...Array.from({ length: 1 + nextInt(8) }, () => nextInt(256)));
    else if (kind === 3) out.splice(at, 0, ...out.slice(at, at + nextInt(40)));
    else out.length = at;
  }
  return Uint8Array.from(out.slice(0, 4096));
}
