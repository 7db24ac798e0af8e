import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Batch } from '../engine/batch/batch.ts';
import { errnoName } from '../system/errnos.ts';
import {
  a,
  b,
  inside,
  linksInNamespaces,
  localPorts,
  missing,
  open,
  pump,
  receive,
  resolve,
  run,
  send,
  until,
  writeSyn,
} from './namespaces.laws.ts';

const hasSlowQueues = canSlowDown();

linksInNamespaces(() => {
  test('one queue takes both families in turn', () => {
    const link = open('lo', { localPorts });
    send(link, '127.0.0.1', '127.0.0.1', [8080], 0, false);
    send(link, '::1', '::1', [8080], 1, false);
    send(link, '127.0.0.1', '127.0.0.1', [9], 2, false);
    expect(link.flush()).toBe(3);
    expect(receive(link, 3).map(({ source, flags }) => `${source} ${flags}`)).toEqual([
      '127.0.0.1 SA',
      '::1 SA',
      '127.0.0.1 RA',
    ]);
    link.close();
  });

  test('a packet the kernel refuses stops the queue there and says why; discarded, the others go on', () => {
    const link = open('v0', { localPorts, packetBytes: 4000 });
    const mac = resolve('10.87.0.2');
    send(link, '10.87.0.1', '10.87.0.2', [1], 0, false);
    link.stage(1, 3000, link.neighbour(mac, 4));
    send(link, '10.87.0.1', '10.87.0.2', [3], 2, false);
    expect(link.flush()).toBe(1);
    expect(link.trouble).toBe(0);
    expect(link.flush()).toBe(0);
    expect(errnoName(link.trouble)).toBe('EMSGSIZE');
    link.discard();
    expect(link.flush()).toBe(1);
    expect(link.trouble).toBe(0);
    expect(link.flush()).toBe(0);
    expect(link.trouble).toBe(0);
    expect(receive(link, 2).map(({ port }) => port)).toEqual([1, 3]);
    link.close();
  });

  test('the queue goes round: staged packets leave in order, whatever was taken before', () => {
    const link = open('v0', { localPorts, slots: 8, packetBytes: 4000 });
    const neighbour = link.neighbour(resolve('10.87.0.2'), 4);
    const stage = (slot: number, ports: readonly number[]) =>
      send(link, '10.87.0.1', '10.87.0.2', ports, slot, false);
    let port = 1;
    for (let round = 0; round < 20; round++) {
      stage(0, [port++, port++]);
      link.stage(7, 3000, neighbour);
      expect(link.flush()).toBe(2);
      expect(link.flush()).toBe(0);
      // The refused one stands at the third place; six behind it go round the end, where another is refused.
      stage(0, [port++, port++, port++, port++, port++]);
      link.stage(6, 3000, neighbour);
      stage(5, [port++]);
      expect(() => link.stage(0, 40, neighbour)).toThrow('cannot stage');
      link.discard();
      expect(link.flush()).toBe(5);
      expect(link.trouble).toBe(0);
      expect(link.flush()).toBe(0);
      expect(errnoName(link.trouble)).toBe('EMSGSIZE');
      link.discard();
      expect(link.flush()).toBe(1);
    }
    expect(receive(link, 160).map((answer) => answer.port)).toEqual(
      Array.from({ length: 160 }, (_, i) => i + 1),
    );
    link.close();
  });

  test('slots staged at once leave like those staged one by one, whatever stood there before', () => {
    const memory = Batch.open()!;
    const link = open('v0', {
      localPorts,
      slots: 16,
      packetBytes: 4000,
      memory: (bytes) => memory.take(bytes),
    });
    expect(memory.owns(link.transmit)).toBe(true);
    const mac = resolve('10.87.0.2');
    let port = 0;
    const run = (slot: number, count: number, family: 4 | 6) => {
      const [from, to] = family === 4 ? ['10.87.0.1', '10.87.0.2'] : ['fd87::1', 'fd87::2'];
      let length = 0;
      for (let i = 0; i < count; i++) length = writeSyn(link, slot + i, from, to, ++port);
      link.stageRun(slot, count, length, link.neighbour(mac, family));
    };
    const one = (slot: number) => send(link, '10.87.0.1', '10.87.0.2', [++port], slot, false);
    for (let round = 0; round < 10; round++) {
      run(0, 5, 4);
      one(5);
      run(6, 10, 4);
      expect(link.flush()).toBe(16);
      run(0, 16, 4);
      expect(link.flush()).toBe(16);
      run(0, 3, 4);
      run(3, 4, 6);
      one(15);
      expect(link.flush()).toBe(8);
      run(0, 8, 4);
      expect(link.flush()).toBe(8);
      run(0, 4, 6);
      expect(link.flush()).toBe(4);
      run(0, 2, 4);
      link.stage(2, 3000, link.neighbour(mac, 4));
      expect(link.flush()).toBe(2);
      // Behind the refused one, the run stands elsewhere in the queue than in the slots.
      run(0, 2, 4);
      expect(link.flush()).toBe(0);
      link.discard();
      expect(link.flush()).toBe(2);
    }
    expect(() => link.stageRun(10, 7, 40, 0)).toThrow('cannot stage');
    const answers = receive(link, port);
    expect(answers.map((answer) => answer.port)).toEqual(Array.from({ length: port }, (_, i) => i + 1));
    link.close();
  });

  test('a tunnel takes both families from the same slot', () => {
    const link = open('tun0', { localPorts });
    send(link, '10.88.0.1', '10.88.0.2', [9]);
    send(link, 'fd88::1', 'fd88::2', [9]);
    send(link, '10.88.0.1', '10.88.0.2', [8080]);
    expect(receive(link, 3, pump).map(({ source, flags }) => `${source} ${flags}`)).toEqual([
      '10.88.0.2 RA',
      'fd88::2 RA',
      '10.88.0.2 SA',
    ]);
    link.close();
  });

  test.skipIf(!hasSlowQueues).each([
    { limit: '3000', says: 'ENOBUFS', because: 'the queue drops' },
    { limit: '100000000', says: 'EAGAIN', because: 'the socket has its share in the queue' },
  ])(
    'a full queue is told with $says when $because, and what it did not take leaves later',
    ({ limit, says }) => {
      const link = open('v0', { localPorts });
      run('tc', ['-n', a, ...'qdisc add dev v0 root tbf rate 1mbit burst 2k limit'.split(' '), limit]);
      let taken = 1;
      while (taken > 0) {
        send(link, '10.87.0.1', '10.87.0.2', [1, 2, 3, 4], 0, false);
        taken = link.flush();
        // Partly taken: the next flush says why it stopped.
        if (taken < 4) taken = link.flush();
      }
      expect(errnoName(link.trouble)).toBe(says);
      run('tc', ['-n', a, 'qdisc', 'del', 'dev', 'v0', 'root']);
      expect(until(() => link.flush() > 0)).toBe(true);
      expect(link.trouble).toBe(0);
      link.close();
    },
  );

  test('a link sends from another hardware address and hears what is sent to it', () => {
    const mac = Uint8Array.of(2, 0, 0, 0, 0xab, 0xcd);
    const link = open('v0', { localPorts, mac });
    inside(b, 'ip neigh replace 10.87.0.66 lladdr 02:00:00:00:ab:cd dev v0');
    send(link, '10.87.0.66', '10.87.0.2', [8080]);
    expect(receive(link, 1).map(({ flags }) => flags)).toEqual(['SA']);
    link.close();
  });
});

/** A token bucket is the one queue in every kernel here that can be made slow. */
function canSlowDown(): boolean {
  if (missing !== undefined) return false;
  const name = `${a}q`;
  spawnSync('ip', ['netns', 'add', name]);
  const tbf = 'qdisc add dev lo root tbf rate 1mbit burst 2k limit 3000';
  const { status } = spawnSync('tc', ['-n', name, ...tbf.split(' ')]);
  spawnSync('ip', ['netns', 'del', name]);
  return status === 0;
}
