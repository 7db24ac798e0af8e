/**
 * SOCKS4 with names (SOCKS4a) and SOCKS5 (RFC 1928, RFC 1929).
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import type { ProxyUser } from '../model/proxy.ts';
import type { ProxyDialogue, ProxyResult, ProxyTarget } from './proxy-dialogue.ts';

/** SOCKS4a. It carries IPv4 and names; its one word for failure does not tell refused from unreached. */
export function* socks4(target: ProxyTarget, user?: ProxyUser): ProxyDialogue {
  const { host, port } = target;
  if (typeof host !== 'string' && host.length !== 4) {
    throw badRequest('Cannot reach an IPv6 target through a SOCKS4 proxy: it carries IPv4 only', 'socks5://');
  }
  // 0.0.0.x with x > 0 says that a name follows.
  const address = typeof host === 'string' ? [0, 0, 0, 1] : [...host];
  const name = typeof host === 'string' ? [...text(host, 255, 'host name'), 0] : [];
  const id = text(user?.name ?? '', 255, 'SOCKS user');
  if (id.includes(0) || name.slice(0, -1).includes(0)) throw badRequest('SOCKS4 cannot carry a NUL byte');
  const send = Uint8Array.from([4, connectCommand, port >> 8, port & 255, ...address, ...id, 0, ...name]);
  const [version, status] = yield { send, expect: 8 };
  if (version !== 0) return failed(`the proxy does not speak SOCKS4: it began with ${version}`);
  switch (status) {
    case 90:
      return { kind: 'connected' };
    case 91:
      return { kind: 'unreached', reason: 'the SOCKS4 proxy rejected the request or failed to connect' };
    case 92:
    case 93:
      return failed('the SOCKS4 proxy wants an identd user');
    default:
      return failed(`the SOCKS4 proxy answered ${status}`);
  }
}

/** SOCKS5 with no authentication or, with a user, name and password. */
export function* socks5(target: ProxyTarget, user?: ProxyUser): ProxyDialogue {
  const methods = user === undefined ? [noAuthentication] : [noAuthentication, byPassword];
  const [version, method] = yield {
    send: Uint8Array.from([5, methods.length, ...methods]),
    expect: 2,
  };
  if (version !== 5) return failed(`the proxy does not speak SOCKS5: it began with ${version}`);
  if (method === byPassword && user !== undefined) {
    const name = text(user.name, 255, 'SOCKS user');
    const password = text(user.password, 255, 'SOCKS password');
    // RFC 1929, 2: a status of 0 is success.
    const send = Uint8Array.from([1, name.length, ...name, password.length, ...password]);
    const [, status] = yield { send, expect: 2 };
    if (status !== 0) return failed('the SOCKS5 proxy refused the user or the password');
  } else if (method !== noAuthentication) {
    return failed(
      method === noMethod
        ? `the SOCKS5 proxy wants authentication${user === undefined ? '' : ' of another kind'}`
        : `the SOCKS5 proxy chose method ${method}, which was not offered`,
    );
  }
  const { port } = target;
  const send = Uint8Array.from([5, connectCommand, 0, ...hostField(target.host), port >> 8, port & 255]);
  const [reply5, reply, , kind] = yield { send, expect: 4 };
  if (reply5 !== 5) return failed(`the SOCKS5 proxy answered in version ${reply5}`);
  const outcome = resultOf(reply as number);
  // The bound address is of no use, but must be out of the way before the target's bytes.
  if (outcome.kind !== 'connected') return outcome;
  if (kind === ipv4Host) yield { expect: 4 + 2 };
  else if (kind === ipv6Host) yield { expect: 16 + 2 };
  else if (kind === nameHost) yield { expect: ((yield { expect: 1 })[0] as number) + 2 };
  else return failed(`the SOCKS5 proxy answered with address type ${kind}`);
  return outcome;
}

/** RFC 1928, 6. */
function resultOf(reply: number): ProxyResult {
  switch (reply) {
    case 0:
      return { kind: 'connected' };
    case 1:
      return { kind: 'unreached', reason: 'the SOCKS5 proxy failed without saying why' };
    case 2:
      return failed('the SOCKS5 proxy’s rules forbid it');
    case 3:
      return { kind: 'unreached', cause: 'net-unreach', reason: 'the proxy finds the network unreachable' };
    case 4:
      return { kind: 'unreached', cause: 'host-unreach', reason: 'the proxy finds the host unreachable' };
    case 5:
      return { kind: 'refused' };
    case 6:
      return { kind: 'unreached', cause: 'time-exceeded', reason: 'the TTL expired behind the proxy' };
    default:
      return failed(`the SOCKS5 proxy answered ${reply}`);
  }
}

/** RFC 1928, 5. */
function hostField(host: Uint8Array | string): number[] {
  if (typeof host !== 'string') return [host.length === 4 ? ipv4Host : ipv6Host, ...host];
  const name = text(host, 255, 'host name');
  return [nameHost, name.length, ...name];
}

function text(value: string, longest: number, what: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  if (bytes.length > longest) {
    throw badRequest(`Cannot tell a proxy a ${what} of ${bytes.length} bytes: wanted at most ${longest}`);
  }
  return bytes;
}

function failed(reason: string): ProxyResult {
  return { kind: 'failed', reason };
}

const connectCommand = 1;
const noAuthentication = 0;
const byPassword = 2;
const noMethod = 255;
const ipv4Host = 1;
const nameHost = 3;
const ipv6Host = 4;
