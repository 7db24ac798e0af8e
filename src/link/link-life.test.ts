import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import { optionWords } from '../cli/option-words.ts';
import { errnoName } from '../system/errnos.ts';
import { libc } from '../system/ffi.ts';
import type { Link } from './link.ts';
import {
  a,
  ip,
  linksInNamespaces,
  localPorts,
  open,
  receive,
  resolve,
  send,
  stageSyn,
  until,
} from './namespaces.laws.ts';
import { openLink } from './open.ts';
import { closeSpareRing, prepareRing } from './packet-ring.ts';

linksInNamespaces(() => {
  test('a ring made ahead serves the next Ethernet link, and only one', async () => {
    await settled();
    await prepareRing();
    await prepareRing();
    const before = sockets();
    const own = open('lo', { localPorts });
    const link = open('v0', { localPorts });
    expect(sockets() - before).toBe(own.descriptors.length + 2);
    send(link, '10.87.0.1', '10.87.0.2', [8080]);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    const other = open('v0', { localPorts });
    send(other, '10.87.0.1', '10.87.0.2', [9]);
    expect(receive(other, 1).map(({ flags }) => flags)).toEqual(['RA']);
    for (const each of [own, link, other]) each.close();
    await vi.waitFor(() => expect(sockets()).toBe(before - 1));
  });

  test('a ring made ahead for our own addresses serves the next link to them, and none with Ethernet headers', async () => {
    await settled();
    await prepareRing('own');
    const before = sockets();
    const link = open('v0', { localPorts });
    expect(sockets() - before).toBe(1);
    const own = open('lo', { localPorts });
    // The two that send.
    expect(sockets() - before).toBe(1 + 2);
    send(own, '127.0.0.1', '127.0.0.1', [9]);
    expect(receive(own, 1).map(({ flags }) => flags)).toEqual(['RA']);
    for (const each of [own, link]) each.close();
    await vi.waitFor(() => expect(sockets()).toBe(before - 1));
  });

  test('a ring that nobody took is given back', async () => {
    await settled();
    const before = sockets();
    await prepareRing();
    expect(sockets()).toBe(before + 1);
    closeSpareRing();
    await vi.waitFor(() => expect(sockets()).toBe(before));
  });

  test('an interface that goes down is told, and works again when it is back', () => {
    const link = open('v0', { localPorts });
    const mac = resolve('10.87.0.2');
    ip(`-n ${a} link set v0 down`);
    expect(link.isUp()).toBe(false);
    stageSyn(link, 0, mac, '10.87.0.1', '10.87.0.2', 8080, 40000);
    expect(link.flush()).toBe(0);
    expect(errnoName(link.trouble)).toBe('ENETDOWN');
    // The descriptor must not stay readable, or a loop that polls it would spin.
    while (link.receive(() => {}, 10) > 0);
    expect(pollable(link)).toBe(false);
    ip(`-n ${a} link set v0 up`);
    ip(`-n ${a} addr replace fd87::1/64 dev v0 nodad`);
    expect(until(() => link.isUp())).toBe(true);
    expect(link.flush()).toBe(1);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    link.close();
  });

  test('a closed link is quiet, and closing it again does nothing to the next one', async () => {
    await settled();
    const link = open('v0', { localPorts });
    link.close();
    expect(link.receive(() => {}, 10)).toBe(0);
    expect(link.isUp()).toBe(false);
    await settled();
    const next = open('v0', { localPorts });
    expect(next.descriptors).toEqual(link.descriptors);
    link.close();
    await settled();
    send(next, '10.87.0.1', '10.87.0.2', [8080]);
    expect(receive(next, 1).map(({ flags }) => flags)).toEqual(['SA']);
    next.close();
  });

  test('a sink may close the link it is called by', () => {
    const link = open('lo', { localPorts });
    send(link, '127.0.0.1', '127.0.0.1', [8080, 9]);
    let shown = 0;
    until(() => {
      link.receive(() => {
        shown++;
        link.close();
      }, 10);
      return shown > 0;
    });
    expect(shown).toBe(1);
  });

  test('without the capability the user is told so', () => {
    const header = Uint32Array.of(0x2008_0522, 0);
    const sets = new Uint32Array(6);
    libc().capget(header, sets);
    libc().capset(
      header,
      sets.map((word, i) => (i % 3 === 0 ? 0 : word)),
    );
    let error: unknown;
    try {
      open('v0', { localPorts });
    } catch (thrown) {
      error = thrown;
    }
    libc().capset(header, sets);
    expect(error).toBeInstanceOf(PortolanError);
    expect((error as PortolanError).code).toBe('not-permitted');
    expect((error as PortolanError).lineIn(optionWords)).toBe(
      'Cannot open a packet socket on "v0": needs CAP_NET_RAW, this process has none; try: sudo portolan …, or -sT',
    );
  });

  test('an interface that is gone is named', () => {
    const way = {
      name: 'gone0',
      index: 9999,
      mtu: 1500,
      kind: 'ethernet',
      mac: new Uint8Array(6),
    } as const;
    expect(() => openLink(way, { localPorts })).toThrow(
      'Cannot bind a packet socket to "gone0": ENODEV, no such interface',
    );
  });
});

function sockets(): number {
  return readdirSync('/proc/thread-self/fd').length;
}

/** Links that were closed are given back by and by. */
async function settled(): Promise<void> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = sockets();
      const isSettled = now === before;
      before = now;
      expect(isSettled).toBe(true);
    },
    { interval: 100 },
  );
}

function pollable(link: Link): boolean {
  const request = new Int32Array(2);
  request[0] = link.descriptors[0] as number;
  new Int16Array(request.buffer)[2] = 1;
  return libc().poll(request, 1, 0) !== 0;
}
