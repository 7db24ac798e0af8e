/** What stands behind one port besides, with a scripted multiplexer. */

import { describe, expect, test } from 'vitest';
import { inquire } from './inquiry.ts';
import type { Move, Outcome } from './moves.ts';
import type { Service } from './service.ts';

/** What it does with the first bytes of a connection; absent: nothing. */
interface Mux {
  readonly web?: string;
  readonly ssh?: string;
  /** TLS comes about, and this answers the web inside. */
  readonly inside?: string;
  readonly alert?: number;
  readonly greets?: string;
  /** All that comes goes back. */
  readonly echoes?: true;
  /** Words of its own port, and the answer to them. */
  readonly own?: string;
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

function hold(port: number, mux: Mux, intensity = 8) {
  const inquiry = inquire({ host: '10.0.0.5', port }, intensity);
  const asked: string[] = [];
  let connections = 0;
  let isInside = false;
  let step = inquiry.next();
  while (step.done !== true) {
    const move = step.value;
    if (asked.length > 100) throw new Error('it does not come to an end');
    if (move.does === 'open') {
      connections++;
      isInside = false;
    } else if (move.does === 'secure') asked.push('tls');
    else if (move.does === 'say') asked.push(latin1(move.bytes).split(/[ \r]/)[0] as string);
    const outcome = answer(move, mux, isInside);
    isInside ||= outcome.was === 'secured';
    step = inquiry.next(outcome);
  }
  return { service: step.value, asked, connections };
}

function answer(move: Move, mux: Mux, isInside: boolean): Outcome {
  const heard = (text = ''): Outcome => ({ was: 'heard', bytes: Buffer.from(text, 'latin1'), end: 'quiet' });
  if (move.does === 'open') return { was: 'opened', rttMs: 1 };
  if (move.does === 'listen') return heard(isInside ? '' : mux.greets);
  if (move.does === 'secure') {
    if (mux.inside !== undefined)
      return { was: 'secured', version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', certificates: [] };
    const { alert } = mux;
    const reason = alert === undefined ? 'timeout' : 'alert';
    return { was: 'not-secured', reason, heard: new Uint8Array(0), ...(alert !== undefined && { alert }) };
  }
  const words = latin1(move.bytes);
  if (words.startsWith('GET ')) return heard(isInside ? mux.inside : mux.web);
  if (words.startsWith('SSH-')) return heard(mux.echoes === true ? words : mux.ssh);
  return heard(mux.own);
}

const page = 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n';
const refusal = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
const shell = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n';
const named = ({ name, tls }: Service) => `${tls ? 'ssl/' : ''}${name}`;
const all = (service: Service) => [service, ...(service.beside ?? [])].map(named);

describe('behind one port', () => {
  test('the web, TLS and SSH are three services from intensity 8 on', () => {
    const { service } = hold(7777, { web: page, inside: page, ssh: shell });
    expect(all(service)).toEqual(['http', 'ssl/http', 'ssh']);
    expect(service.beside?.[1]).toMatchObject({ product: 'OpenSSH', version: '9.2p1', via: 'ssh' });
  });

  test('by default one is asked for, and nobody else', () => {
    const { service, asked, connections } = hold(7777, { web: page, inside: page, ssh: shell }, 7);
    expect(all(service)).toEqual(['http']);
    expect([asked, connections]).toEqual([['GET'], 1]);
  });

  test('where TLS came first, the web in plain text is asked for', () => {
    expect(all(hold(443, { web: page, inside: page, ssh: shell }).service)).toEqual([
      'ssl/http',
      'http',
      'ssh',
    ]);
    expect(all(hold(443, { web: page, inside: '', ssh: shell }).service)).toEqual(['ssl/ssl', 'http', 'ssh']);
  });

  test('where SSH came first, in answer to the web or late, the others are asked for', () => {
    const mux = { inside: page, web: shell };
    expect(all(hold(7777, mux).service)).toEqual(['ssh', 'ssl/http']);
    expect(hold(7777, mux).asked.slice(-3)).toEqual(['tls', 'GET', 'GET']);
  });

  test('what SSH says to a request of the web is told once', () => {
    const { service } = hold(443, { web: shell, inside: page, ssh: shell });
    expect(all(service)).toEqual(['ssl/http', 'ssh']);
  });

  test('an alert is TLS', () => {
    expect(all(hold(7777, { web: page, alert: 40 }).service)).toEqual(['http', 'ssl/ssl']);
  });
});

describe('no service besides is', () => {
  test.each<[string, number, Mux]>([
    ['a refusal of plain text by a server of TLS', 443, { web: refusal, inside: '' }],
    [
      'a page of a server of TLS that sends there',
      443,
      { web: 'HTTP/1.1 301 Moved\r\nLocation: https://10.0.0.5/\r\n\r\n', inside: page },
    ],
    [
      'a server of TLS that says so',
      443,
      { web: `${refusal}The plain HTTP request was sent to HTTPS port`, inside: page },
    ],
    [
      'a page that sends to TLS on its own port',
      443,
      { web: 'HTTP/1.1 301 Moved\r\nLocation: https://10.0.0.5:443/\r\n\r\n', inside: '' },
    ],
    ['our own line that comes back', 7777, { web: page, echoes: true }],
    ['a refusal of the web in answer to SSH', 7777, { web: page, ssh: refusal }],
    ['silence', 7777, { web: page }],
  ])('%s', (_, port, mux) => {
    const { service } = hold(port, mux, 9);
    expect(service.name).not.toBe(null);
    expect(service.beside).toBe(undefined);
  });
});

describe('nothing is asked besides', () => {
  test('of who greets', () => {
    const { asked } = hold(7777, { greets: '220 mail.lab ESMTP Exim 4.96\r\n', ssh: shell, inside: page });
    expect(asked).toEqual(['EHLO']);
  });

  test('of a machine', () => {
    // The answer to a status of the link, as in the samples of telecontrol.
    const { service, asked } = hold(2404, { own: '\x68\x04\x83\0\0\0', ssh: shell, inside: page }, 9);
    expect(service.name).toBe('iec-104');
    expect(asked).toHaveLength(1);
  });
});
