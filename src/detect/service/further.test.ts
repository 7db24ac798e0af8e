/** What is asked besides, of whom, and what is made of it. */

import { describe, expect, test } from 'vitest';
import { askFurther } from './further.ts';
import { inquire } from './inquiry.ts';
import type { Move, Outcome } from './moves.ts';
import { faviconHash } from './protocols/web/further.ts';
import { http } from './protocols/web/http.ts';
import { samples } from './samples.laws.ts';

const asked = { host: '10.0.0.5', port: 8080 };
const ok = (body: string, fields = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`;

/** Asks besides, answering each path; returns the facts and what was done. */
function besides(first: string, answers: Readonly<Record<string, string>>, intensity = 9, isInside = false) {
  const parsed = http.parse(Buffer.from(first, 'latin1'));
  if (parsed === undefined) throw new Error('that is no answer');
  const steps = askFurther({ protocol: http, parsed, via: 'http' }, asked, intensity, isInside);
  const moves: Move[] = [];
  let step = steps.next();
  while (step.done !== true) {
    moves.push(step.value);
    step = steps.next(outcomeOf(step.value, answers));
  }
  return { facts: step.value.parsed.facts, moves, does: moves.map(({ does }) => does) };
}

function outcomeOf(move: Move, answers: Readonly<Record<string, string>>): Outcome {
  if (move.does === 'open') return { was: 'opened', rttMs: 1 };
  if (move.does === 'secure') {
    const [alpn] = move.alpn;
    return {
      was: 'secured',
      version: 'TLSv1.3',
      cipher: 'x',
      certificates: [],
      ...(alpn !== undefined && { alpn }),
    };
  }
  const words = move.does === 'say' ? Buffer.from(move.bytes).toString('latin1') : '';
  const found = Object.entries(answers).find(([begin]) => words.startsWith(begin))?.[1] ?? '';
  return { was: 'heard', bytes: Buffer.from(found, 'latin1'), end: 'end' };
}

describe('a web server', () => {
  test('is asked nothing besides by default', () => {
    expect(besides(ok(''), {}, 7).moves).toEqual([]);
  });

  test('shows its picture by the hash that others keep, and whether it speaks HTTP/2', () => {
    const settings = '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d';
    const { facts } = besides(ok(''), {
      'GET /favicon.ico': ok('\x89PNG', 'Content-Type: image/png\r\n'),
      PRI: settings,
    });
    expect(facts).toMatchObject({
      favicon: `${faviconHash(Buffer.from('\x89PNG', 'latin1'))}`,
      http2: 'h2c',
    });
  });

  test('inside TLS is asked there, by ALPN for HTTP/2', () => {
    const { facts, moves } = besides(ok(''), { PRI: '\0\0\0\x04\0\0\0\0\0' }, 9, true);
    expect(moves.filter(({ does }) => does === 'secure')).toMatchObject([{ alpn: [] }, { alpn: ['h2'] }]);
    expect(facts).toMatchObject({ http2: 'h2' });
  });

  test('whose picture is a page, or is cut off, has none', () => {
    const picture = (answer: string) => besides(ok(''), { 'GET /favicon.ico': answer }).facts['favicon'];
    expect(picture(ok('<html>', 'Content-Type: text/html\r\n'))).toBeUndefined();
    expect(picture('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')).toBeUndefined();
    expect(picture('HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnone')).toBeUndefined();
  });

  const moved = (to: string) => `HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ${to}\r\n\r\n`;

  test.each(['/login', 'http://10.0.0.5:8080/login'])('is followed to %s once, on its own host', (to) => {
    const { facts, moves } = besides(moved(to), { 'GET /login ': ok('<title>Grafana</title>') });
    expect(facts).toMatchObject({ redirect: to, redirectTitle: 'Grafana', application: 'Grafana' });
    expect(moves.filter(({ does }) => does === 'open')).toHaveLength(3);
  });

  test.each([
    'https://elsewhere.example/',
    '//elsewhere.example/x',
    'http://10.0.0.5/x',
    '/',
    '/logout',
    '/a b',
  ])('is not followed to %s', (to) => {
    const { moves } = besides(moved(to), {});
    const said = moves.flatMap((move) => (move.does === 'say' ? [Buffer.from(move.bytes).toString()] : []));
    expect(said.map((words) => words.split(' ').slice(0, 2).join(' '))).toEqual([
      'GET /favicon.ico',
      'PRI *',
    ]);
  });

  test('that takes no more connections ends it', () => {
    const parsed = http.parse(Buffer.from(ok('')));
    const steps = askFurther({ protocol: http, parsed: parsed as never, via: 'http' }, asked, 9, false);
    expect(steps.next().value).toEqual({ does: 'open' });
    expect(steps.next({ was: 'over', stopped: 'timeout' })).toMatchObject({ done: true });
  });
});

// `mmh3.hash(codecs.encode(picture, 'base64'))` of 100 zeros: two lines.
test('the hash of a picture is that of its base64 in lines', () => {
  expect(faviconHash(new Uint8Array(100))).toBe(-1140816753);
});

describe('an SSH server', () => {
  const whole = samples.find(
    ({ protocol, product, facts }) => protocol === 'ssh' && product === 'OpenSSH' && facts?.['hostKeys'],
  )?.bytes as Uint8Array;
  const line = Buffer.from(whole).indexOf('\n') + 1;
  const offer = line + 4 + Buffer.from(whole).readUInt32BE(line);
  const keys = (intensity: number) => {
    const inquiry = inquire({ host: '10.0.0.5', port: 22 }, intensity);
    const said: string[] = [];
    let connections = 0;
    let step = inquiry.next();
    while (step.done !== true) {
      const move = step.value;
      let outcome: Outcome = { was: 'opened', rttMs: 1 };
      if (move.does === 'open') connections++;
      else if (move.does === 'listen')
        outcome = { was: 'heard', bytes: whole.subarray(0, line), end: 'quiet' };
      else if (move.does === 'say') {
        said.push(Buffer.from(move.bytes).toString('latin1'));
        const isLine = move.bytes.length < 30;
        const bytes = connections > 1 ? whole : isLine ? whole.subarray(line, offer) : whole.subarray(offer);
        outcome = { was: 'heard', bytes, end: 'quiet' };
      }
      step = inquiry.next(outcome);
    }
    return { said, connections, hostKeys: step.value.extra?.['hostKeys'] };
  };

  test('shows the key that is asked for first on the connection that greets', () => {
    const { said, connections, hostKeys } = keys(7);
    expect(hostKeys).toEqual(['ssh-ed25519 256 SHA256:TielX3rrAWRNUwmf3LK9IviVzS0JEeJb2rqajNYNlqQ']);
    expect(connections).toBe(1);
    expect(said).toHaveLength(2);
    expect(said[1]).toContain('curve25519-sha256');
  });

  test('is asked for its other keys only where that is wanted', () => {
    expect(keys(4).said).toEqual(['SSH-2.0-Portolan\r\n']);
    const { connections, said } = keys(8);
    expect(connections).toBe(3);
    expect(said[2]).toContain('ecdsa-sha2-nistp256');
    expect(said[3]).toContain('rsa-sha2-512');
  });
});
