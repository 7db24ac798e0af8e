import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProxy, proxyHandshake } from './proxies.ts';
import type { ProxyHandshake, ProxyResult, ProxyTarget } from './proxy-dialogue.ts';

const v4: ProxyTarget = { host: Uint8Array.of(10, 0, 0, 5), port: 8080 };
const v6: ProxyTarget = { host: Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0)), port: 443 };
const named: ProxyTarget = { host: 'db.lab', port: 22 };

describe('socks4', () => {
  const begin = (target: ProxyTarget, url = 'socks4://10.0.0.1') => proxyHandshake(parseProxy(url), target);

  test('asks with the address, the user and, for names, 0.0.0.1 and the name', () => {
    expect([...begin(v4).opening]).toEqual([4, 1, 0x1f, 0x90, 10, 0, 0, 5, 0]);
    expect([...begin(named, 'socks4://me@10.0.0.1').opening]).toEqual([
      ...[4, 1, 0, 22, 0, 0, 0, 1],
      ...Buffer.from('me\0db.lab\0'),
    ]);
  });

  test('an IPv6 target and a NUL byte are refused before anything is sent', () => {
    expect(() => begin(v6)).toThrow('carries IPv4 only');
    expect(() => begin({ host: 'a\0b', port: 1 })).toThrow('NUL');
    expect(() => begin(v4, 'socks4://a%00b@10.0.0.1')).toThrow('NUL');
  });

  test('90 connects; 91 does not say why; the rest is the proxy’s own trouble', () => {
    const answer = (status: number) => resultOf(begin(v4), [0, status, 0, 0, 0, 0, 0, 0]);
    expect(answer(90)).toEqual({ kind: 'connected' });
    expect(answer(91)).toMatchObject({ kind: 'unreached' });
    expect(answer(91)).not.toHaveProperty('cause');
    for (const status of [0, 92, 93, 255]) expect(answer(status).kind).toBe('failed');
    expect(resultOf(begin(v4), Buffer.from('HTTP/1.1 400'))).toMatchObject({ kind: 'failed' });
  });
});

describe('socks5', () => {
  const begin = (target: ProxyTarget, url = 'socks5://10.0.0.1') => proxyHandshake(parseProxy(url), target);

  test('offers what it can, then asks for IPv4, IPv6 and names', () => {
    expect([...begin(v4).opening]).toEqual([5, 1, 0]);
    expect([...begin(v4, 'socks5://u:p@10.0.0.1').opening]).toEqual([5, 2, 0, 2]);
    expect(sent(begin(v4), [5, 0])).toEqual([5, 1, 0, 1, 10, 0, 0, 5, 0x1f, 0x90]);
    expect(sent(begin(v6), [5, 0])).toEqual([5, 1, 0, 4, ...Array(15).fill(0), 1, 1, 0xbb]);
    expect(sent(begin(named), [5, 0])).toEqual([5, 1, 0, 3, 6, ...Buffer.from('db.lab'), 0, 22]);
  });

  test('tells user and password only when asked for them', () => {
    const url = 'socks5://us%3Aer:p%40ss@10.0.0.1';
    expect(sent(begin(v4, url), [5, 2])).toEqual([1, 5, ...Buffer.from('us:er'), 4, ...Buffer.from('p@ss')]);
    expect(sent(begin(v4, url), [5, 0])[0]).toBe(5);
    const accepted = [5, 2, 1, 0];
    expect(sent(begin(v4, url), accepted).slice(-10)).toEqual([5, 1, 0, 1, 10, 0, 0, 5, 0x1f, 0x90]);
    expect(resultOf(begin(v4, url), [5, 2, 1, 1])).toMatchObject({ kind: 'failed', reason: /password/ });
    expect(resultOf(begin(v4), [5, 255])).toMatchObject({ kind: 'failed', reason: /authentication/ });
    expect(resultOf(begin(v4), [5, 2])).toMatchObject({ kind: 'failed', reason: /not offered/ });
  });

  test('every reply has its meaning', () => {
    const answer = (reply: number) => resultOf(begin(v4), [5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(answer(0)).toEqual({ kind: 'connected' });
    expect(answer(5)).toEqual({ kind: 'refused' });
    expect(answer(3)).toMatchObject({ kind: 'unreached', cause: 'net-unreach' });
    expect(answer(4)).toMatchObject({ kind: 'unreached', cause: 'host-unreach' });
    expect(answer(6)).toMatchObject({ kind: 'unreached', cause: 'time-exceeded' });
    expect(answer(1)).not.toHaveProperty('cause');
    for (const reply of [2, 7, 8, 9, 255]) expect(answer(reply).kind).toBe('failed');
  });

  test('the target’s bytes begin right behind the bound address, whatever its kind', () => {
    for (const bound of [
      [1, 1, 2, 3, 4, 9, 9],
      [4, ...Array(16).fill(7), 9, 9],
      [3, 3, 1, 1, 1, 9, 9],
      [3, 0, 9, 9],
    ]) {
      const step = begin(v4).receive(Uint8Array.from([5, 0, 5, 0, 0, ...bound, ...Buffer.from('SSH-')]));
      expect(step).toMatchObject({ kind: 'done', result: { kind: 'connected' } });
      expect(step.kind === 'done' && Buffer.from(step.rest).toString()).toBe('SSH-');
    }
    expect(resultOf(begin(v4), [5, 0, 5, 0, 0, 2]).kind).toBe('failed');
  });
});

describe('http', () => {
  const begin = (target: ProxyTarget, url = 'http://10.0.0.1:3128') =>
    proxyHandshake(parseProxy(url), target);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

  test('asks for a tunnel', () => {
    expect(text(begin(v4).opening)).toBe('CONNECT 10.0.0.5:8080 HTTP/1.1\r\nHost: 10.0.0.5:8080\r\n\r\n');
    expect(text(begin(v6).opening)).toMatch(/^CONNECT \[::1\]:443 HTTP/);
    expect(text(begin(named, 'http://a:b@10.0.0.1').opening)).toBe(
      'CONNECT db.lab:22 HTTP/1.1\r\nHost: db.lab:22\r\nProxy-Authorization: Basic YTpi\r\n\r\n',
    );
  });

  test('a name cannot write headers', () => {
    for (const host of ['a\r\nX: y', 'a b', 'a/b', '', 'é'])
      expect(() => begin({ host, port: 1 }), host).toThrow('Cannot ask a proxy');
  });

  test('the status decides', () => {
    const answer = (line: string) => resultOf(begin(v4), Buffer.from(`${line}\r\nA: b\r\n\r\n`));
    expect(answer('HTTP/1.1 200 OK')).toEqual({ kind: 'connected' });
    expect(answer('HTTP/1.0 200')).toEqual({ kind: 'connected' });
    expect(answer('HTTP/1.1 504 Late')).toMatchObject({ kind: 'unreached', cause: 'no-response' });
    for (const status of [502, 503])
      expect(answer(`HTTP/1.1 ${status} No`)).toEqual({
        kind: 'unreached',
        reason: `the HTTP proxy answered ${status}`,
      });
    for (const line of [
      'HTTP/1.1 407 Who',
      'HTTP/1.1 403 No',
      'HTTP/1.1 302 There',
      'SSH-2.0-x',
      'HTTP/2 200',
    ])
      expect(answer(line).kind, line).toBe('failed');
  });

  test('a head without end is given up', () => {
    const talk = begin(v4);
    expect(talk.receive(new Uint8Array(16_000).fill(65)).kind).toBe('more');
    expect(talk.receive(new Uint8Array(400).fill(65))).toMatchObject({
      kind: 'done',
      result: { kind: 'failed', reason: /does not end/ },
    });
  });
});

test('how the bytes are cut makes no difference', () => {
  const talks: [string, Uint8Array][] = [
    ['socks4://p', Uint8Array.of(0, 90, 0, 0, 0, 0, 0, 0, 83, 83, 72)],
    ['socks5://u:p@p', Uint8Array.of(5, 2, 1, 0, 5, 0, 0, 3, 2, 65, 66, 0, 1, 83, 83, 72)],
    ['http://p', new TextEncoder().encode('HTTP/1.1 200 OK\r\nVia: x\r\n\r\nSSH')],
  ];
  for (const [url, bytes] of talks) {
    const whole = hear(proxyHandshake(parseProxy(url), v4), [bytes]);
    expect(whole).toMatchObject({ result: { kind: 'connected' }, rest: 'SSH' });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge));
        expect(hear(proxyHandshake(parseProxy(url), v4), pieces)).toEqual(whole);
      }),
    );
  }
});

test('no bytes make a talk throw, and a closed connection is the proxy’s failure', () => {
  for (const url of ['socks4://p', 'socks5://u:p@p', 'http://p']) {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        const talk = proxyHandshake(parseProxy(url), v4);
        for (const piece of pieces) talk.receive(piece);
        expect(['connected', 'refused', 'unreached', 'failed']).toContain(talk.end().kind);
      }),
    );
    expect(proxyHandshake(parseProxy(url), v4).end().kind).toBe('failed');
  }
});

test('proxies are named by URL', () => {
  const at = [{ family: 4, value: 0x0a000001n }];
  expect(parseProxy('socks5://[fd00::1]:9050')).toMatchObject({
    protocol: 'socks5',
    host: 'fd00::1',
    port: 9050,
  });
  expect(parseProxy('socks4://proxy.lab')).toEqual({
    protocol: 'socks4',
    host: 'proxy.lab',
    port: 1080,
    at: [],
  });
  expect(parseProxy('http://proxy.lab', ['10.0.0.1'])).toMatchObject({ host: 'proxy.lab', at });
  expect(parseProxy('http://10.0.0.1/')).toEqual({ protocol: 'http', host: '10.0.0.1', port: 80, at });
  expect(parseProxy('http://10.0.0.1:80')).toMatchObject({ port: 80 });
  expect(parseProxy('http://a%20b:c@10.0.0.1:8080').user).toEqual({ name: 'a b', password: 'c' });
  for (const text of [
    '',
    'proxy:1080',
    'ftp://proxy',
    'socks5://',
    'http://p/path',
    'http://p?x',
    'http://p:0',
  ])
    expect(() => parseProxy(text), text).toThrow(/proxies: the URL of a proxy: .*wanted socks4:/);
  expect(() => parseProxy('http://a%zz@p')).toThrow('broken % escape');
});

/** What a talk ends with after these bytes. */
function resultOf(talk: ProxyHandshake, bytes: Iterable<number>): ProxyResult {
  const step = talk.receive(Uint8Array.from(bytes));
  if (step.kind !== 'done') throw new Error('not done');
  return step.result;
}

/** What a talk sends after these bytes. */
function sent(talk: ProxyHandshake, bytes: Iterable<number>): number[] {
  const step = talk.receive(Uint8Array.from(bytes));
  if (step.kind !== 'more') throw new Error('done');
  return [...step.send];
}

function hear(talk: ProxyHandshake, pieces: readonly Uint8Array[]) {
  let rest = '';
  let result: ProxyResult | undefined;
  for (const piece of pieces) {
    if (result !== undefined) {
      rest += Buffer.from(piece).toString();
      continue;
    }
    const step = talk.receive(piece);
    if (step.kind === 'more') continue;
    result = step.result;
    rest += Buffer.from(step.rest).toString();
  }
  return { result, rest };
}
