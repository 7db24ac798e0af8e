/** Connections through small proxies written here, on the loopback. */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProxyAddress } from '../model/proxy.ts';
import { dialOutcomes } from './contract.ts';
import type { Dialogue } from './dial.ts';
import { driven, plainDial } from './plain-dial.laws.ts';
import { ProxiedDialer } from './proxied-dialer.ts';
import { parseProxy } from './proxies.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describe('connections through proxies', () => {
  for (const scheme of ['socks4', 'socks5', 'http'] as const) {
    it(`${scheme}: a port that takes connections is open`, async () => {
      const target = await listen((socket) => socket.destroy());
      const proxy = await startProxy(scheme);
      const { outcomes, complaints } = await dial([proxy.url], [target]);
      expect(outcomes).toEqual(['connected']);
      expect(complaints).toEqual([]);
      expect(proxy.asked).toEqual([`127.0.0.1:${target}`]);
    });
  }

  it('a chain asks each proxy for the next, by name where it has one, and the last for the target', async () => {
    const target = await listen((socket) => socket.destroy());
    const third = await startProxy('http');
    const second = await startProxy('socks4', { 'third.test': '127.0.0.1' });
    const first = await startProxy('socks5', { 'second.test': '127.0.0.1' });
    const named = (url: string, name: string) => url.replace('127.0.0.1', name);
    const chain = [first.url, named(second.url, 'second.test'), named(third.url, 'third.test')];
    const { outcomes } = await dial(chain, [target]);
    expect(outcomes).toEqual(['connected']);
    expect(first.asked).toEqual([`second.test:${second.port}`]);
    expect(second.asked).toEqual([`third.test:${third.port}`]);
    expect(third.asked).toEqual([`127.0.0.1:${target}`]);
  });

  it('a proxy that goes by a name is where its name led, whichever address answers', async () => {
    const target = await listen((socket) => socket.destroy());
    const { url, port } = await startProxy('socks5');
    // Nobody looks it up here; nothing listens on the other addresses.
    const named = (at: readonly string[]) => [parseProxy(url.replace('127.0.0.1', 'proxy.invalid'), at)];
    for (const at of [['127.0.0.1'], ['127.0.0.9', '127.0.0.1'], ['::1', '127.0.0.1']])
      expect(await dialVia(named(at), [target]), at.join()).toMatchObject({ outcomes: ['connected'] });
    const gone = await dialVia(named(['127.0.0.8', '127.0.0.9']), [target]);
    expect(gone.outcomes).toEqual(['unknown']);
    expect(gone.complaints).toEqual([`Proxy socks5://proxy.invalid:${port}: ECONNREFUSED when connecting`]);
  });

  it('a dialogue goes on behind the last proxy, whatever came with its last words', async () => {
    const target = await listen((socket) => {
      socket.write('220 behind');
      socket.on('data', (bytes) => socket.end(`you said ${bytes}`));
    });
    // One segment: the proxy's last words and the target's first.
    const eager = await listen((client) => {
      client.once('data', () => {
        client.write(Uint8Array.of(5, 0));
        client.once('data', () => {
          const upstream = connect(target, '127.0.0.1');
          upstream.once('data', (bytes) => {
            client.write(Buffer.concat([Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), bytes]));
            client.pipe(upstream).pipe(client);
          });
        });
      });
    });
    const { url } = await startProxy('http');
    const talk = await talkThrough([url, `socks5://127.0.0.1:${eager}`], target, async (dialogue) => {
      const soon = performance.now() * 1000 + 5_000_000;
      const first = await dialogue.read(100, soon);
      dialogue.send(Buffer.from('hello'));
      return [first, await dialogue.read(100, soon), await dialogue.read(100, soon)];
    });
    expect(talk.map((read) => (read.kind === 'bytes' ? `${Buffer.from(read.bytes)}` : read.kind))).toEqual([
      '220 behind',
      'you said hello',
      'end',
    ]);
  });

  it('a refusal that the proxy tells is one; a failure it does not explain says nothing', async () => {
    const closed = await closedPort();
    expect((await dial([(await startProxy('socks5')).url], [closed])).outcomes).toEqual(['refused']);
    const vague = await dial([(await startProxy('socks4')).url], [closed]);
    expect(vague.outcomes).toEqual(['unknown']);
    expect(vague.complaints[0]).toMatch(/^Proxy socks4:\/\/127\.0\.0\.1:\d+: .*rejected/);
  });

  it('says why where a proxy says why', async () => {
    const codes = { 3: 'net-unreach', 4: 'host-unreach', 6: 'time-exceeded', 2: 'unknown' };
    for (const [code, outcome] of Object.entries(codes)) {
      const port = await listen((socket) => speakSocks5(socket, () => Number(code)));
      expect((await dial([`socks5://127.0.0.1:${port}`], [80])).outcomes).toEqual([outcome]);
    }
  });

  it('a proxy that is not there, closes, or keeps its next link from us judges no port', async () => {
    const gone = await closedPort();
    expect(await dial([`socks5://127.0.0.1:${gone}`], [80])).toMatchObject({ outcomes: ['unknown'] });
    const rude = await listen((socket) => socket.on('data', () => socket.destroy()));
    const closed = await dial([`http://127.0.0.1:${rude}`], [80]);
    expect(closed.outcomes).toEqual(['unknown']);
    expect(closed.complaints[0]).toContain('closed the connection before it had answered');
    const first = await startProxy('socks5');
    const broken = await dial([first.url, `http://127.0.0.1:${gone}`], [80]);
    expect(broken.outcomes).toEqual(['unknown']);
    expect(broken.complaints[0]).toContain(`cannot reach the next proxy 127.0.0.1:${gone}: refused`);
  });

  it('a next proxy with an address is asked for by address; what a protocol cannot carry judges no port', async () => {
    const target = await listen((socket) => socket.destroy());
    const second = await startProxy('http');
    const first = await startProxy('socks5');
    expect((await dial([first.url, second.url], [target])).outcomes).toEqual(['connected']);
    expect(first.kinds).toEqual([1]);
    const named = await dial([first.url, `http://${'a'.repeat(60)}.${'b'.repeat(300)}.test:80`], [target]);
    expect(named.outcomes).toEqual(['unknown']);
    expect(named.complaints[0]).toContain('wanted at most 255');
  });

  it('carries an IPv6 target where the protocol can, and says where it cannot, which ends no other', async () => {
    const port = await listen((socket) => speakSocks5(socket, () => 0));
    const address = Uint8Array.from([...new Array(15).fill(0), 1]);
    expect((await dial([`socks5://127.0.0.1:${port}`], [80], address)).outcomes).toEqual(['connected']);
    const complaints: string[] = [];
    const dialer = new ProxiedDialer([parseProxy('socks4://127.0.0.1:1')], (text) => complaints.push(text));
    expect(dialer.start(0, 6, address, 0, 80)).toBe(0);
    const outcomes: (string | undefined)[] = [];
    dialer.poll(0, (_token, outcome) => outcomes.push(dialOutcomes[outcome]));
    expect(outcomes).toEqual(['unknown']);
    expect(complaints).toEqual([
      'A socks4:// proxy carries IPv4 only: nothing becomes known of IPv6 targets',
    ]);
    expect(dialer.start(1, 4, loopback, 0, 80)).toBe(0);
    dialer.close();
  });

  it('reports nothing that was cancelled', async () => {
    const silent = await listen(() => {});
    const dialer = new ProxiedDialer([parseProxy(`socks5://127.0.0.1:${silent}`)], () => {});
    expect(dialer.start(3, 4, loopback, 0, 80)).toBe(0);
    expect(dialer.outstanding).toBe(1);
    dialer.cancel(3);
    expect(dialer.outstanding).toBe(0);
    dialer.close();
  });
});

/** Dials ports and returns what became of each, in their order. */
async function dial(urls: readonly string[], ports: readonly number[], address = loopback) {
  return dialVia(
    urls.map((url) => parseProxy(url)),
    ports,
    address,
  );
}

async function dialVia(
  proxies: readonly ProxyAddress[],
  ports: readonly number[],
  address: Uint8Array = loopback,
): Promise<{ outcomes: readonly (string | undefined)[]; complaints: readonly string[] }> {
  const complaints: string[] = [];
  const dialer = new ProxiedDialer(proxies, (message) => complaints.push(message));
  const outcomes: (string | undefined)[] = ports.map(() => undefined);
  for (const [token, port] of ports.entries()) {
    expect(dialer.start(token, address.length === 4 ? 4 : 6, address, 0, port)).toBe(0);
  }
  while (dialer.outstanding > 0) {
    await dialer.wait(1000);
    dialer.poll(0, (token, outcome) => {
      outcomes[token] = dialOutcomes[outcome];
    });
  }
  dialer.close();
  return { outcomes, complaints };
}

/** Opens a dialogue through proxies and runs what is said on it. */
async function talkThrough<T>(
  proxies: readonly string[],
  port: number,
  talk: (dialogue: Dialogue) => Promise<T>,
): Promise<T> {
  const dial = plainDial({
    proxies,
    mostOpen: 4,
    complain: (message) => {
      throw new Error(message);
    },
  });
  const host = { family: 4, value: 0x7f00_0001n } as const;
  const work = dial.open({ host, port, transport: 'tcp', timeoutUs: 5_000_000 }).then((opened) => {
    if (opened.outcome !== 'connected') throw new Error(opened.outcome);
    return talk(opened.dialogue);
  });
  const result = driven(work, async () => {
    dial.poll(0, () => undefined);
    await dial.wait(10);
  });
  return result.finally(() => dial.close());
}

interface RunningProxy {
  readonly url: string;
  readonly port: number;
  /** Whom it was asked for, as it was asked. */
  readonly asked: readonly string[];
  /** The kinds of address it was asked by: 1 for IPv4, 3 for a name (RFC 1928, 5). */
  readonly kinds: readonly number[];
}

/** A proxy that connects to the loopback; `names` is all the name service it has. */
async function startProxy(
  scheme: 'socks4' | 'socks5' | 'http',
  names: Readonly<Record<string, string>> = {},
): Promise<RunningProxy> {
  const asked: string[] = [];
  const kinds: number[] = [];
  const forward = (client: Socket, host: string, port: number, told: (isOpen: boolean) => void) => {
    asked.push(`${host}:${port}`);
    const upstream = connect(port, names[host] ?? host);
    upstream.once('connect', () => {
      told(true);
      client.pipe(upstream).pipe(client);
    });
    upstream.once('error', () => told(false));
    client.once('close', () => upstream.destroy());
  };
  const serve = {
    socks4: (client: Socket) =>
      client.once('data', (bytes) => {
        const isNamed = bytes.readUInt32BE(4) === 1;
        const host = isNamed ? bytes.subarray(9, -1).toString() : [...bytes.subarray(4, 8)].join('.');
        forward(client, host, bytes.readUInt16BE(2), (isOpen) =>
          client.write(Uint8Array.from([0, isOpen ? 90 : 91, 0, 0, 0, 0, 0, 0])),
        );
      }),
    socks5: (client: Socket) =>
      speakSocks5(
        client,
        (host, port, kind) =>
          new Promise((resolve) => {
            kinds.push(kind);
            forward(client, host, port, (isOpen) => resolve(isOpen ? 0 : 5));
          }),
      ),
    http: (client: Socket) =>
      client.once('data', (bytes) => {
        const [, host, port] = /^CONNECT (\S+):(\d+) HTTP/.exec(bytes.toString()) ?? [];
        forward(client, host as string, Number(port), (isOpen) =>
          client.write(`HTTP/1.1 ${isOpen ? '200 OK' : '502 Bad Gateway'}\r\n\r\n`),
        );
      }),
  };
  const port = await listen(serve[scheme]);
  return { url: `${scheme}://127.0.0.1:${port}`, port, asked, kinds };
}

/** Speaks the server's part of RFC 1928 up to the reply, one message at a time. */
function speakSocks5(
  client: Socket,
  reply: (host: string, port: number, kind: number) => number | Promise<number>,
): void {
  client.once('data', () => {
    client.write(Uint8Array.from([5, 0]));
    client.once('data', async (bytes) => {
      const port = bytes.readUInt16BE(bytes.length - 2);
      const host = bytes[3] === 3 ? bytes.subarray(5, -2).toString() : [...bytes.subarray(4, -2)].join('.');
      const code = await reply(host, port, bytes[3] as number);
      client.write(Uint8Array.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    });
  });
}

function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  open.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const port = await listen(() => {});
  await new Promise((resolve) => open.pop()?.close(resolve));
  return port;
}

const loopback = Uint8Array.of(127, 0, 0, 1);
