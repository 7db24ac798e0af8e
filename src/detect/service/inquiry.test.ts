/** Which moves are made, and what follows from what came of each. */

import { describe, expect, test } from 'vitest';
import { inquire } from './inquiry.ts';
import type { Move, Outcome } from './moves.ts';
import { databasesSamples } from './protocols/databases/samples.laws.ts';
import { filesSamples } from './protocols/files/samples.laws.ts';
import { samples } from './samples.laws.ts';
import type { Service } from './service.ts';

/** What the other side does on each connection: its greeting, then an answer to each word; `undefined`: silence. */
interface Script {
  readonly greets?: string;
  /** By what the words begin with. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Hangs up at words that it has no answer for. */
  readonly hangsUp?: true;
  /** Before anything is said. */
  readonly isEnded?: true;
  /** After so many milliseconds. */
  readonly hangsUpMs?: number;
  /** Before all of it was said, after so many bytes. */
  readonly hangsUpAfter?: number;
  /** In which way; absent: by an end. */
  readonly how?: 'end' | 'reset';
  /** The same at a hello of TLS. */
  readonly hangsUpAtHello?: true;
  /** TLS comes about, and this is spoken inside. */
  readonly inside?: Script & { readonly alpn?: string };
  readonly isUncertified?: true;
  readonly alert?: number;
  /** The connection is refused. */
  readonly isGone?: true;
}

interface Held {
  readonly service: Service;
  readonly moves: readonly Move[];
  readonly connections: number;
}

/** Plays the other side; `scripts` are those of the connections, the last one stays. */
function hold(port: number, scripts: readonly Script[], intensity = 7): Held {
  const inquiry = inquire({ host: '10.0.0.5', port }, intensity);
  const moves: Move[] = [];
  let connections = 0;
  let now: Script = {};
  let told = '';
  let step = inquiry.next();
  while (step.done !== true) {
    const move = step.value;
    moves.push(move);
    if (moves.length > 100) throw new Error('it does not come to an end');
    if (move.does === 'open') {
      told = '';
      now = scripts[Math.min(connections, scripts.length - 1)] as Script;
      if (now.isGone !== true) connections++;
    }
    if (move.does === 'say') told += Buffer.from(move.bytes).toString('latin1');
    const outcome = answer(move, now, told);
    if (outcome.was === 'heard' && outcome.bytes.length > 0) told = '';
    if (outcome.was === 'secured') now = now.inside as Script;
    step = inquiry.next(outcome);
  }
  return { service: step.value, moves, connections };
}

function answer(move: Move, script: Script, told: string): Outcome {
  const heard = (text: string, end: 'quiet' | 'end' | 'reset' = 'quiet'): Outcome => ({
    was: 'heard',
    afterMs: script.hangsUpMs ?? 0,
    bytes: Buffer.from(text, 'latin1'),
    end,
  });
  if (move.does === 'open') return script.isGone === true ? { was: 'over' } : { was: 'opened', rttMs: 1 };
  if (move.does === 'listen') return heard(script.greets ?? '', script.isEnded === true ? 'end' : 'quiet');
  if (move.does === 'say') {
    const words = Buffer.from(move.bytes).toString('latin1');
    const found = Object.entries(script.answers ?? {}).find(
      ([begin]) => words.startsWith(begin) || told.startsWith(begin),
    )?.[1];
    if (found !== undefined) return heard(found);
    // What may still become words that it knows is waited for.
    const isPiece = Object.keys(script.answers ?? {}).some((begin) => begin.startsWith(told));
    const isOver = script.hangsUp === true && !isPiece && told.length >= (script.hangsUpAfter ?? 3);
    return heard('', isOver ? (script.how ?? 'end') : 'quiet');
  }
  if (script.alert !== undefined)
    return { was: 'not-secured', reason: 'alert', alert: script.alert, heard: new Uint8Array(0) };
  if (script.inside === undefined) {
    const plain = script.answers?.['hello'] ?? '';
    return {
      was: 'not-secured',
      reason: plain !== '' ? 'plain' : script.hangsUpAtHello === true ? 'end' : 'timeout',
      heard: Buffer.from(plain, 'latin1'),
    };
  }
  const { alpn } = script.inside;
  return {
    was: 'secured',
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    certificates: script.isUncertified === true ? [] : [Uint8Array.of(1)],
    ...(alpn !== undefined && { alpn }),
  };
}

/** An empty frame of HTTP/2. */
const settings = '\0\0\0\x04\0\0\0\0\0';
const page = 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n';
const web: Script = { answers: { 'GET /': page } };

describe('a server that greets', () => {
  test('is told apart by its greeting, and asked what tells more on the same connection', () => {
    const held = hold(2222, [
      { greets: '220 mail.lab ESMTP Exim 4.96\r\n', answers: { EHLO: '250-mail.lab\r\n250 STARTTLS\r\n' } },
    ]);
    expect(held.service).toMatchObject({
      name: 'smtp',
      version: '4.96',
      starttls: true,
      tls: false,
      via: 'greeting',
    });
    expect(held.connections).toBe(1);
  });

  test('with a word that many say is what it tells when asked for more, and nothing without that', () => {
    const help = 'exit   disconnect\r\nhelp   this help message\r\nlogin  log in\r\n';
    const held = hold(12_345, [{ greets: 'ok\r\n', answers: { help } }]);
    expect(held.service).toMatchObject({ name: 'conserver', confidence: 10 });
    expect(held.connections).toBe(1);
    expect(hold(12_345, [{ greets: 'ok\r\n' }]).service.name).toBeNull();
    expect(hold(12_345, [{ greets: 'ok\r\n', answers: { help: 'ok\r\n' } }]).service.name).toBeNull();
    expect(hold(12_345, [{ answers: { GET: 'ok\r\n' } }]).service.name).toBeNull();
  });

  test('is heard and asked nothing with intensity 0', () => {
    const held = hold(22, [{ greets: 'SSH-2.0-OpenSSH_9.2p1\r\n' }], 0);
    expect(held.service).toMatchObject({ name: 'ssh', version: '9.2p1' });
    expect(held.moves.map(({ does }) => does)).toEqual(['open', 'listen']);
    expect(hold(80, [web], 0).service.name).toBeNull();
  });

  test('in words that nobody knows is asked nothing else', () => {
    const held = hold(7777, [{ greets: 'hello \x1b[31m\r\n' }]);
    expect(held.service).toMatchObject({ name: null, banner: 'hello \\x1b[31m\\r\\n', asked: ['greeting'] });
    expect(held.connections).toBe(1);
  });

  test('without a name is believed where its port and what it answers agree', () => {
    const held = hold(25, [{ greets: '220 welcome\r\n', answers: { EHLO: '250-x\r\n250 SIZE 5\r\n' } }]);
    expect(held.service).toMatchObject({ name: 'smtp', extra: { extensions: ['SIZE 5'] } });
  });

  test('begins TLS on a connection of its own where that must be asked for first: PostgreSQL', () => {
    const error = 'E\0\0\0\x3bSFATAL\0C0A000\0Munsupported\0RProcessStartupPacket\0\0';
    const answers = { '\0\0\0\x08\xff\xff': error, '\0\0\0\x08\x04\xd2': 'S' };
    const held = hold(5432, [{ answers }, { answers, inside: {} }]);
    expect(held.service).toMatchObject({ name: 'postgresql', starttls: true, tls: false });
    expect(held.service.certificates).toHaveLength(1);
    expect(held.connections).toBe(2);
    const refused = hold(5432, [{ answers: { ...answers, '\0\0\0\x08\x04\xd2': 'N' } }]);
    expect(refused.service.name).toBe('postgresql');
    expect(refused.service.starttls).toBeUndefined();
  });

  test('begins TLS in a directory that agrees', () => {
    const root = samples.find(({ protocol, transport }) => protocol === 'ldap' && transport === undefined);
    const agreed = '0\x0c\x02\x01\x02x\x07\x0a\x01\0\x04\0\x04\0';
    const answers = {
      '0\x1d\x02\x01\x02w': agreed,
      '0\x81': Buffer.from(root?.bytes ?? []).toString('latin1'),
    };
    const { service, connections } = hold(389, [{ answers, inside: {} }]);
    expect(service).toMatchObject({ name: 'ldap', starttls: true });
    expect(connections).toBe(1);
  });

  test('begins TLS where it offers it, and shows its certificate', () => {
    const inside = {};
    const { service } = hold(110, [
      {
        greets: '+OK Dovecot ready.\r\n',
        answers: { CAPA: '+OK\r\nSTLS\r\n.\r\n', STLS: '+OK begin\r\n' },
        inside,
      },
    ]);
    expect(service).toMatchObject({
      name: 'pop3',
      starttls: true,
      tls: false,
      certificates: [Uint8Array.of(1)],
    });
  });
});

describe('a server that waits', () => {
  test('on any port is found by one request when it speaks HTTP', () => {
    const held = hold(12_345, [web]);
    expect(held.service).toMatchObject({
      name: 'http',
      product: 'nginx',
      version: '1.22.1',
      tls: false,
      via: 'http',
    });
    expect(held.connections).toBe(1);
  });

  test('and answers in words of another protocol is asked in those', () => {
    const { service, connections } = hold(12_345, [
      { answers: { 'GET /': 'AMQP\0\0\x09\x01' } },
      { answers: { AMQP: '\x01\0\0\0\0\0\x0a\0\x0a\0\x0a\0\x09\0\0\0\0' } },
    ]);
    expect(service).toMatchObject({ name: 'amqp', via: 'amqp', extra: { protocol: '0-9' } });
    expect(connections).toBe(2);
  });

  test('and repeats any version that it hears is what answers a request of the web', () => {
    const repeats = {
      answers: {
        OPTIONS: 'RTSP/1.0 400 Bad Request\r\nServer: thing\r\n\r\n',
        'GET /': 'HTTP/1.1 400 Bad Request\r\nServer: thing\r\n\r\n',
      },
    };
    expect(hold(554, [repeats]).service).toMatchObject({ name: 'http', product: 'thing' });
    const streams = { answers: { OPTIONS: 'RTSP/1.0 200 OK\r\nCSeq: 4711\r\n\r\n', 'GET /': page } };
    expect(hold(554, [streams])).toMatchObject({ service: { name: 'rtsp' }, connections: 1 });
  });

  test('and says that it wants TLS gets it', () => {
    const refusal = 'HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port</title>';
    const held = hold(12_345, [{ answers: { 'GET /': refusal } }, { inside: { ...web, alpn: 'http/1.1' } }]);
    expect(held.service).toMatchObject({ name: 'http', tls: true, alpn: 'http/1.1', product: 'nginx' });
    expect(hold(12_345, [{ answers: { 'GET /': refusal } }, { isGone: true }]).service).toMatchObject({
      name: 'http',
      tls: false,
    });
  });

  test('and answers with an alert gets a hello', () => {
    const held = hold(12_345, [{ answers: { 'GET /': '\x15\x03\x01\0\x02\x02\x0a' } }, { inside: web }]);
    expect(held.service).toMatchObject({ name: 'http', tls: true });
    expect(held.connections).toBe(2);
  });

  test('and hangs up is asked what others do who hang up, and no more connections than are allowed', () => {
    const held = hold(12_345, [{ hangsUp: true }]);
    expect(held.service).toMatchObject({ name: null });
    expect(held.service.asked?.slice(0, 3)).toEqual(['greeting', 'http', 'tls']);
    expect(held.service.asked).not.toContain('domain');
    expect(held.connections).toBeLessThanOrEqual(16);
    expect(hold(12_345, [{ hangsUp: true }], 2).connections).toBeLessThanOrEqual(3);
  });

  test('is asked first what fits to what it did at a hello', () => {
    const info = '$40\r\n# Server\r\nredis_version:7.0.15\r\n\r\n';
    // It hangs up on a request of the web, and takes a hello for a line.
    const redis = hold(12_345, [{ hangsUp: true }, {}, { answers: { INFO: info } }]);
    expect([redis.service.version, redis.connections]).toEqual(['7.0.15', 3]);
    expect(hold(12_345, [{ hangsUp: true, hangsUpAtHello: true }]).service.asked).not.toContain('redis');
  });

  test('and whose TLS hangs up where nothing was agreed on is offered HTTP/2', () => {
    const closing = { hangsUp: true, inside: { isEnded: true } } as const;
    const held = hold(12_345, [closing, closing, { inside: { alpn: 'h2', answers: { 'PRI ': settings } } }]);
    expect(held.service).toMatchObject({ tls: true, alpn: 'h2' });
    expect(held.connections).toBe(3);
  });

  test('and whose TLS hangs up only when it is asked, where nothing was agreed on, is offered HTTP/2 after all else', () => {
    const second = { alpn: 'h2', answers: { 'PRI ': '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d' } } as const;
    const busy = { hangsUp: true, inside: { hangsUp: true } } as const;
    const scripts = [busy, busy, busy, busy, busy, { inside: second }];
    expect(hold(12_345, scripts).service).toMatchObject({ name: 'http', tls: true, alpn: 'h2' });
  });

  test('and has agreed on HTTP/2 is waited for as long as on a port of its own', () => {
    const held = hold(12_345, [{ hangsUp: true }, { inside: { alpn: 'h2' } }]);
    const said = held.moves.find((move) => move.does === 'say' && move.word === 'http2');
    expect(said).toMatchObject({ waitMs: expect.toSatisfy((waitMs: number) => waitMs >= 3000) });
  });

  test('and hangs up after a while has waited like others', () => {
    const { service } = hold(12_345, [{ hangsUp: true, hangsUpMs: 1000 }]);
    expect(service.asked?.slice(0, 3)).toEqual(['greeting', 'http', 'domain']);
  });

  test('after a line that said nothing to it is told what others hear who wait then', () => {
    const closes = { hangsUp: true, hangsUpAtHello: true } as const;
    const waiting = hold(12_345, [closes, closes, closes, {}, closes]).service.asked;
    expect(waiting?.slice(0, 5)).toEqual(['greeting', 'http', 'tls', 'postgresql', 'zookeeper']);
    expect(waiting).toContain('X11');
    expect(waiting).not.toContain('firebird');
    const closing = hold(12_345, [closes]).service.asked;
    expect(closing).toContain('firebird');
    expect(closing).not.toContain('X11');
  });

  test('and whose TLS says nothing to the web is asked other words inside', () => {
    const entry = '\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00';
    // A busy one hangs up late, or not before it is asked anew.
    for (const manner of [{ hangsUp: true }, { hangsUp: true, hangsUpMs: 900 }, {}] as const) {
      const directory = { hangsUp: true, inside: { ...manner, answers: { '0': entry } } } as const;
      const held = hold(12_345, [directory]);
      expect(held.service).toMatchObject({ name: 'ldap', tls: true });
      expect(held.connections).toBeLessThanOrEqual(5);
      // A hello to who has spoken TLS before is waited for longer.
      const [first, ...later] = held.moves.flatMap((move) => (move.does === 'secure' ? [move.waitMs] : []));
      expect(Math.min(...later)).toBeGreaterThan(first ?? 0);
    }
  });

  test('for the end of a line is told what is no line, on a connection of its own', () => {
    const answer =
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP x\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: portolan\r\nCSeq: 1 OPTIONS\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\n\r\n';
    const held = hold(12_345, [{ hangsUp: true }, {}, {}, { answers: { OPTIONS: answer } }]);
    expect(held.service.name).toBe('sip');
    expect(held.connections).toBeLessThanOrEqual(5);
  });

  test('for ever costs six connections, and is no TLS', () => {
    const held = hold(12_345, [{}]);
    expect(held.service).toEqual({
      name: null,
      cpe: [],
      tls: false,
      confidence: 3,
      asked: ['greeting', 'http', 'domain', 'microsoft-ds', 'rpc', 'iscsi', 'msrpc'],
      fingerprint:
        'portolan1 tcp/12345 greeting=quiet;http=quiet;domain=quiet;microsoft-ds=quiet;rpc=quiet;iscsi=quiet;msrpc=quiet',
    });
    expect(held.connections).toBe(6);
    expect(hold(12_345, [{}], 9).service.asked).toContain('tls');
  });

  test('on the port of a protocol is asked in its words first', () => {
    const held = hold(11_211, [{ answers: { version: 'VERSION 1.6.18\r\n' } }]);
    expect([held.service.name, held.service.version, held.connections]).toEqual(['memcached', '1.6.18', 1]);
  });

  test.each([0, 7, 9])('and prints what it hears is told nothing, with intensity %d', (intensity) => {
    for (let port = 9100; port <= 9107; port++) {
      const { moves, service } = hold(port, [{}], intensity);
      expect(moves.map(({ does }) => does)).toEqual(['open', 'listen']);
      expect(service).toMatchObject({ name: null, asked: ['greeting'] });
    }
  });

  test('and answers what nobody understands is asked nothing else', () => {
    const held = hold(12_345, [{ answers: { 'GET /': '\0\x01garbage' } }]);
    expect(held.service).toMatchObject({
      name: null,
      banner: '\\x00\\x01garbage',
      asked: ['greeting', 'http'],
    });
    expect(held.connections).toBe(1);
  });
});

describe('TLS', () => {
  test('begins on the first connection where the port is one of its own', () => {
    const held = hold(993, [{ inside: { greets: '* OK Dovecot ready.\r\n' } }]);
    expect(held.service).toMatchObject({ name: 'imap', tls: true, via: 'greeting' });
    expect(held.connections).toBe(1);
  });

  test('inside which nothing is understood is told as it is', () => {
    expect(hold(443, [{ inside: {} }]).service).toMatchObject({
      name: 'ssl',
      tls: true,
      via: 'tls',
      extra: { tlsVersion: 'TLSv1.3' },
    });
  });

  test('that is refused by name is asked without', () => {
    const held = hold(443, [{ alert: 112 }, { inside: web }]);
    expect(held.service).toMatchObject({ name: 'http', tls: true });
    expect(held.moves.filter(({ does }) => does === 'secure')).toMatchObject([
      { isNamed: true },
      { isNamed: false },
    ]);
  });

  test('that wants another protocol than HTTP/1.1 is asked for HTTP/2, then for none', () => {
    const settings = '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d';
    const held = hold(443, [{ alert: 120 }, { inside: { alpn: 'h2', answers: { PRI: settings } } }]);
    expect(held.service).toMatchObject({ name: 'http', tls: true, alpn: 'h2', extra: { version: '2' } });
    const alone = hold(443, [{ alert: 120 }, { alert: 120 }, { inside: web }]);
    expect(alone.service).toMatchObject({ name: 'http', product: 'nginx', tls: true });
    const asked = alone.moves.flatMap((move) => (move.does === 'secure' ? [move.alpn] : []));
    expect(asked).toEqual([['http/1.1'], ['h2'], []]);
  });

  test('that is refused for good is still TLS', () => {
    expect(hold(443, [{ alert: 40 }]).service).toMatchObject({ name: 'ssl', tls: true });
  });

  test('that lets nobody in without a certificate shows its own, and that it wants one', () => {
    const inquiry = () => {
      const steps = inquire({ host: 'x', port: 443 }, 7);
      steps.next();
      steps.next({ was: 'opened', rttMs: 1 });
      steps.next({ was: 'heard', bytes: new Uint8Array(0), end: 'quiet' });
      return steps;
    };
    const told = { name: 'ssl', tls: true, certificates: [Uint8Array.of(1)] };
    // TLS 1.2: while shaking hands.
    const refused = { was: 'not-secured', reason: 'alert', alert: 40, heard: new Uint8Array(0) } as const;
    const shown = { certificates: [Uint8Array.of(1)], wantsCertificate: true } as const;
    expect(inquiry().next({ ...refused, ...shown }).value).toMatchObject({
      ...told,
      extra: { clientCertificate: 'required' },
    });
    expect(inquiry().next({ ...refused, certificates: shown.certificates }).value).toEqual({
      ...told,
      cpe: [],
      confidence: 10,
      via: 'tls',
    });
    const hungUp = { was: 'not-secured', reason: 'reset', heard: Uint8Array.of(0x16, 3, 3, 0, 65) } as const;
    expect(inquiry().next({ ...hungUp, ...shown }).value).toMatchObject(told);
    // TLS 1.3: afterwards, at the first words.
    const later = inquiry();
    const session = { version: 'TLSv1.3', cipher: 'X', certificates: shown.certificates, alpn: 'http/1.1' };
    later.next({ was: 'secured', ...session });
    const { value } = later.next({ was: 'heard', bytes: new Uint8Array(0), end: 'reset', alert: 116 });
    expect(value).toMatchObject({ ...told, extra: { tlsVersion: 'TLSv1.3', clientCertificate: 'required' } });
  });

  test('is no more expected where a server answers in plain text', () => {
    const { service } = hold(443, [
      { answers: { hello: 'HTTP/1.1 400 Bad Request\r\nServer: thing\r\n\r\n' } },
    ]);
    expect(service).toMatchObject({ name: 'http', tls: false, product: 'thing' });
  });

  test('is no more expected where a server answers a hello in plain text, and it is asked in its own words', () => {
    const { service, connections } = hold(443, [
      { answers: { hello: 'HTTP/1.1 400 Bad Request\r\n\r\n', 'GET /': page } },
    ]);
    expect(service).toMatchObject({ name: 'http', tls: false, product: 'nginx', extra: { status: '200' } });
    expect(connections).toBe(2);
  });
});

test('when the time is up nothing more is done, and it is told', () => {
  const inquiry = inquire({ host: 'x', port: 12_345 }, 7);
  expect(inquiry.next().value).toEqual({ does: 'open' });
  inquiry.next({ was: 'opened', rttMs: 1 });
  const step = inquiry.next({ was: 'over', stopped: 'timeout' });
  expect(step).toMatchObject({ done: true, value: { name: null, stopped: 'timeout' } });
});

test('bytes without end are told as that', () => {
  const inquiry = inquire({ host: 'x', port: 12_345 }, 7);
  inquiry.next();
  inquiry.next({ was: 'opened', rttMs: 1 });
  const step = inquiry.next({ was: 'heard', bytes: new Uint8Array(4096).fill(65), end: 'limit' });
  expect(step).toMatchObject({ done: true, value: { name: null, stopped: 'bytes' } });
});

describe('a server that hangs up', () => {
  const asked = (how: 'end' | 'reset') =>
    hold(40_000, [{ hangsUp: true, hangsUpAtHello: true, how }]).service.asked ?? [];

  test('is asked first what is asked of those that do it in the same way', () => {
    const [afterEnd, afterReset] = [asked('end'), asked('reset')];
    expect(afterEnd).toContain('firebird');
    expect(afterEnd).not.toContain('mqtt');
    expect(afterReset.slice(0, 5)).toEqual(['greeting', 'http', 'tls', 'mqtt', 'git']);
    expect(afterReset).toContain('rpc');
    expect(afterReset).not.toContain('firebird');
  });
});

describe('a server that answers its own words alone, on any port', () => {
  const answerOf = (name: string) =>
    Buffer.from(samples.find(({ protocol }) => protocol === name)?.bytes ?? []).toString('latin1');
  const found = (script: Script) => {
    const { service, connections } = hold(40_000, [script]);
    return [service.name, connections <= 16];
  };
  const closes = (how: 'end' | 'reset') => ({ hangsUp: true, hangsUpAtHello: true, how }) as const;

  test.each([
    ['java-rmi', 'JRMI', 'end'],
    ['ajp13', '\x12\x34', 'end'],
    ['epmd', '\0\x01n', 'end'],
    ['openvpn', '\0\x0e', 'end'],
    ['sane-port', '\0\0\0\0\x01\0\0\x03', 'end'],
    ['pptp', '\0\x9c', 'reset'],
    ['nrpe', '\0\x02\0\x01', 'reset'],
    ['ident', '6191', 'reset'],
    ['milter', '\0\0\0\x0dO', 'reset'],
  ] as const)('%s is found where it hangs up on all else', (name, words, how) => {
    expect(found({ answers: { [words]: answerOf(name) }, ...closes(how) })).toEqual([name, true]);
  });

  test.each([
    ['msrpc', '\x05\0\x0b'],
    ['iscsi', 'C'],
    ['rpc', '\x80\0\0\x28'],
  ] as const)('%s is found where it waits for ever at all else', (name, words) => {
    const told = name === 'rpc' ? 'nfs' : name;
    expect(found({ answers: { [words]: answerOf(name) } })).toEqual([told, true]);
  });

  test.each([
    ['socks5', '\x05\x03', 1],
    ['zabbix-agent', 'ZBXD', 1],
    ['ldap', '0', 2],
    ['openvpn', '\0\x0e', 2],
    ['epmd', '\0\x01n', 2],
    ['zookeeper', 'srvr', 4],
    ['firebird', '\0\0\0\x01', 4],
  ] as const)(
    '%s is found soon, as it hangs up on the piece of words that it does on',
    (name, words, after) => {
      const script = { answers: { [words]: answerOf(name) }, hangsUpAfter: after, ...closes('end') };
      const { service, connections } = hold(40_000, [script]);
      expect(service.name).toBe(name);
      expect(connections).toBeLessThanOrEqual(after === 2 ? 6 : 5);
    },
  );

  test('what is said in pieces is waited after for as long as it took to hang up before, within bounds', () => {
    const waitsOf = (hangsUpMs: number) =>
      hold(40_000, [{ ...closes('end'), hangsUpMs }]).moves.flatMap((move) =>
        move.does === 'say' && move.word === 'postgresql' && move.bytes.length === 1 ? [move.waitMs] : [],
      );
    expect(waitsOf(2)).toEqual([67, 67]);
    expect(waitsOf(80)).toEqual([223, 223]);
    expect(waitsOf(390)).toEqual([253, 253]);
  });

  test('a proxy before Redis is called Redis', () => {
    expect(found({ answers: { '*1': '+PONG\r\n' }, ...closes('end') })).toEqual(['redis', true]);
  });

  test('who wants the line of a proxy first is told it, whatever stands behind', () => {
    const { service } = hold(40_000, [{ answers: { PROXY: page }, ...closes('reset') }]);
    expect(service).toMatchObject({
      name: 'http',
      via: 'proxy-protocol',
      extra: { proxyProtocol: 'required' },
    });
    const mail = hold(40_000, [{ answers: { PROXY: '220 mx.lab ESMTP Postfix\r\n' }, ...closes('reset') }]);
    expect(mail.service).toMatchObject({ name: 'smtp', via: 'proxy-protocol' });
    const refusal = 'HTTP/1.1 400 Bad Request\r\nServer: thing\r\n\r\n';
    const refusing = hold(40_000, [{ answers: { PROXY: refusal }, ...closes('reset') }]);
    expect(refusing.service.extra).not.toHaveProperty('proxyProtocol');
  });

  test('NRPE is asked for first inside TLS that shows no certificate', () => {
    const inside = { hangsUp: true, answers: { '\0\x02\0\x01': answerOf('nrpe') } } as const;
    const { service, connections } = hold(40_000, [{ ...closes('reset'), inside, isUncertified: true }]);
    expect(service).toMatchObject({ name: 'nrpe', tls: true });
    expect(connections).toBe(3);
  });
});

test('what a server said aside names its product where its own answer does not: ngIRCd', () => {
  const { service } = hold(40_000, [
    { answers: { 'GET /': 'ERROR :"Oops, HTTP request received? This is IRC!"\r\n' } },
    { answers: { VERSION: ':irc.lab 451 * :Connection not registered\r\n' } },
  ]);
  expect(service).toMatchObject({ name: 'irc', hostname: 'irc.lab', product: 'ngircd' });
});

describe('a server that poses as one of the web', () => {
  const [told = '', posing = ''] = databasesSamples
    .filter(({ protocol }) => protocol === 'mongodb')
    .map(({ bytes }) => Buffer.from(bytes).toString('latin1'));

  test('to say that it is none is what it is, and asked in its own words', () => {
    const scripts = [{ answers: { GET: posing } }, { answers: { '': told } }];
    const { service, connections } = hold(40_000, scripts);
    expect(service).toMatchObject({ name: 'mongodb', product: 'MongoDB', version: '7.0.12' });
    expect(connections).toBe(2);
  });

  test('and where those bring nothing it is still what it said', () => {
    const { service } = hold(40_000, [{ answers: { GET: posing } }, {}]);
    expect(service).toMatchObject({ name: 'mongodb', product: 'MongoDB', via: 'http' });
  });
});

describe('what a server tells once its protocol is known', () => {
  const talk = Buffer.from(filesSamples.find(({ protocol }) => protocol === 'microsoft-ds')?.bytes ?? []);
  const firstBytes = 4 + 0xca;
  const [negotiated, challenge] = [talk.subarray(0, firstBytes), talk.subarray(firstBytes)].map((part) =>
    part.toString('latin1'),
  ) as [string, string];

  test('is asked for on the same connection after an answer: SMB', () => {
    const answers = { '\0\0\0\x9e': negotiated, '\0\0\0\xa2': challenge };
    const { service, connections } = hold(445, [{ answers }]);
    expect(service).toMatchObject({ name: 'microsoft-ds', hostname: 'vm', product: 'Samba smbd' });
    expect(connections).toBe(1);
  });

  test('is missing where nothing comes, and what was said before stays', () => {
    const { service, moves } = hold(445, [{ answers: { '\0\0\0\x9e': negotiated } }]);
    expect(service.extra).not.toHaveProperty('osBuild');
    expect(moves.filter(({ does }) => does === 'say')).toHaveLength(2);
  });

  test('and one thing after the other: NetBIOS, then SMB', () => {
    const answers = {
      '\x81\0\0\x44': '\x82\0\0\0',
      '\0\0\0\x9e': negotiated,
      '\0\0\0\xa2': challenge,
    };
    const { service, connections } = hold(139, [{ answers }]);
    expect(service).toMatchObject({ name: 'netbios-ssn', hostname: 'vm' });
    expect(connections).toBe(1);
  });

  test('and inside TLS, which is begun without more words where the answer has agreed: RDP', () => {
    const names = challenge.slice(challenge.indexOf('NTLMSSP'));
    const agreed = '\x03\0\0\x13\x0e\xd0\0\0PO\0\x02\x0b\x08\0\x08\0\0\0';
    const script = { answers: { '\x03\0\0\x13': agreed }, inside: { answers: { '0': names } } };
    const { service, connections } = hold(3389, [script]);
    expect(service).toMatchObject({ name: 'ms-wbt-server', starttls: true, hostname: 'vm' });
    expect(service.extra).toMatchObject({ tlsVersion: 'TLSv1.3', netbiosName: 'LABHOST' });
    expect(connections).toBe(1);
  });
});
