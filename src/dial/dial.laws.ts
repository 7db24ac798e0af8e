/**
 * The laws of dials: one suite for every implementation, over real loopback sockets and over the simulator.
 *
 * @module
 */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Address } from '../model/address.ts';
import { type DialSink, dialOutcomes } from './contract.ts';
import type { Dial, Dialogue, DialTarget, Opened, Read } from './dial.ts';
import type { DialogueBounds } from './dialogues.ts';
import type { Talk } from './talk.laws.ts';

/** What the laws bound a dial by. */
type LawBounds = DialogueBounds & { readonly mostPps: number };

/** Where a dial is put to the test. */
export interface DialWorld {
  readonly host: Address;
  /** Opens what the laws need. */
  begin(): Promise<void>;
  end(): void;
  /** A TCP port that talks as it is told to. */
  listen(talk: Talk): Promise<number>;
  listenDatagrams(talk: Talk): Promise<number>;
  closedPort(): Promise<number>;
  dial(bounds: Partial<LawBounds>): Dial;
  nowUs(): number;
  /** Drives a dial until the promise is settled. */
  drive<T>(dial: Dial, work: Promise<T>, sink?: DialSink): Promise<T>;
  /** The certificate of its TLS servers. */
  readonly certificate: Uint8Array;
}

/** Runs the suite. */
export function dialLaws(name: string, world: DialWorld): void {
  describe(name, () => {
    const dials: Dial[] = [];
    beforeAll(() => world.begin());
    afterEach(() => {
      for (const dial of dials.splice(0)) dial.close();
    });
    afterAll(() => world.end());

    const setUp = (bounds: Partial<LawBounds> = {}) => {
      const dial = world.dial(bounds);
      dials.push(dial);
      const soon = (us = secondUs) => world.nowUs() + us;
      const to = (port: number, more: Partial<DialTarget> = {}): DialTarget => ({
        host: world.host,
        port,
        transport: 'tcp',
        timeoutUs: 5 * secondUs,
        ...more,
      });
      const open = async (port: number, more: Partial<DialTarget> = {}): Promise<Dialogue> => {
        const opened = await dial.open(to(port, more));
        if (opened.outcome !== 'connected') throw new Error(`${port}: ${opened.outcome} ${opened.errno}`);
        return opened.dialogue;
      };
      const drive = <T>(work: () => Promise<T>) => world.drive(dial, work());
      return { dial, soon, to, open, drive };
    };

    test('a greeting, an answer, the end, and what it cost', async () => {
      const port = await world.listen({
        steps: [{ says: '220 ready\r\n' }, { hears: 'QUIT', says: '221 bye\r\n', ends: 'fin' }],
      });
      const { dial, soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port);
        expect(textOf(await dialogue.read(100, soon()))).toBe('220 ready\r\n');
        expect(dialogue.send(Buffer.from('QUIT\r\n'))).toBe(true);
        expect(textOf(await dialogue.read(4, soon()))).toBe('221 ');
        expect(textOf(await dialogue.read(100, soon()))).toBe('bye\r\n');
        expect(await dialogue.read(100, soon())).toEqual({ kind: 'end' });
        // The other side has ended its half: ours still stands, and there is nothing more to read.
        expect(await dialogue.read(100, soon())).toEqual({ kind: 'end' });
        expect(dialogue.cost).toMatchObject({ connections: 1, bytesOut: 6, bytesIn: 20 });
        dialogue.close('fin');
        dialogue.close('fin');
        expect(dialogue.send(Buffer.from('late'))).toBe(false);
        expect(await dialogue.read(100, soon())).toEqual({ kind: 'dropped' });
        expect(dialogue.cost).toMatchObject({ connections: 1, bytesOut: 6, bytesIn: 20 });
      });
      expect([dial.dialogues, dial.dueUs]).toEqual([0, Number.POSITIVE_INFINITY]);
    });

    test('a refusal is a value', async () => {
      const port = await world.closedPort();
      const { dial, to, drive } = setUp();
      const opened = await drive(() => dial.open(to(port)));
      expect(opened).toMatchObject({ outcome: 'refused', errno: 111, cost: { connections: 1 } });
      expect(dial.dialogues).toBe(0);
    });

    test('a reset in the middle is told after what came before it', async () => {
      const port = await world.listen({ steps: [{ says: 'so far' }, { hears: 'go', ends: 'reset' }] });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port);
        expect(textOf(await dialogue.read(100, soon()))).toBe('so far');
        dialogue.send(Buffer.from('go'));
        expect(await dialogue.read(100, soon())).toEqual({ kind: 'reset' });
      });
    });

    test('a deadline holds, and what comes later can still be read', async () => {
      const port = await world.listen({ steps: [{ hears: 'now', says: 'late' }] });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port);
        const deadlineUs = soon(30_000);
        expect(await dialogue.read(100, deadlineUs)).toEqual({ kind: 'timeout' });
        expect(world.nowUs()).toBeGreaterThanOrEqual(deadlineUs);
        dialogue.send(Buffer.from('now'));
        expect(textOf(await dialogue.read(100, soon()))).toBe('late');
      });
    });

    test('a peer that sends without end brings so much and no more', async () => {
      const block = 'x'.repeat(10_000);
      const port = await world.listen({ steps: [{ says: block, repeats: 30 }] });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port, { mostBytes: 100_001 });
        let sum = 0;
        for (;;) {
          const read = await dialogue.read(4096, soon());
          if (read.kind !== 'bytes') {
            expect(read).toEqual({ kind: 'limit' });
            break;
          }
          expect(read.bytes.length).toBeLessThanOrEqual(4096);
          sum += read.bytes.length;
        }
        expect(sum).toBe(100_001);
      });
    });

    test('a peer that sends byte by byte is cut off at the end of its time', async () => {
      const port = await world.listen({ steps: [{ says: '.', delayUs: 5000, repeats: 400 }] });
      const { dial, soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port, { untilUs: soon(100_000) });
        const kinds: string[] = [];
        while (kinds.at(-1) !== 'timeout') kinds.push((await dialogue.read(100, soon())).kind);
        expect(new Set(kinds)).toEqual(new Set(['bytes', 'timeout']));
        expect(dialogue.send(Buffer.from('x'))).toBe(false);
      });
      expect(dial.dialogues).toBe(0);
    });

    test('so many at once: the others wait, those that matter more come first', async () => {
      const port = await world.listen({ steps: [{ says: 'hello' }] });
      const { dial, soon, open, drive } = setUp({ mostOpen: 2 });
      await drive(async () => {
        const [one] = await Promise.all([open(port), open(port)]);
        const order: string[] = [];
        const waiting = [false, true].map(async (isUrgent) => {
          const dialogue = await open(port, { isUrgent });
          order.push(isUrgent ? 'urgent' : 'other');
          expect(textOf(await dialogue.read(100, soon()))).toBe('hello');
          dialogue.close('reset');
        });
        expect(dial.dialogues).toBe(4);
        one?.close('reset');
        await Promise.all(waiting);
        expect(order).toEqual(['urgent', 'other']);
      });
    });

    test('dialogues begin no faster than they may', async () => {
      const port = await world.closedPort();
      const { dial, to, drive } = setUp({ intervalUs: 20_000 });
      const fromUs = world.nowUs();
      await drive(() => Promise.all(Array.from({ length: 6 }, () => dial.open(to(port)))));
      // Four milliseconds that were missed may be made up for.
      expect(world.nowUs() - fromUs).toBeGreaterThanOrEqual(5 * 20_000 - 4000);
    });

    test('attempts and dialogues share one rate', async () => {
      const port = await world.closedPort();
      const { dial, to, drive } = setUp({ mostPps: 50 });
      const fromUs = world.nowUs();
      for (let token = 0; token < 3; token++)
        expect(dial.start('connection', token, 4, addressOf(world.host), 0, port)).toBe(0);
      expect(dial.mayBeginUs - fromUs).toBeGreaterThanOrEqual(60_000 - 4000);
      await drive(() => Promise.all([dial.open(to(port)), dial.open(to(port))]));
      expect(world.nowUs() - fromUs).toBeGreaterThanOrEqual(80_000 - 4000);
      expect(dial.mayBeginUs - fromUs).toBeGreaterThanOrEqual(100_000 - 4000);
    });

    test('an owner’s dialogues end together, whatever they are at', async () => {
      const port = await world.listen({});
      const { dial, soon, open, to, drive } = setUp({ mostOpen: 2 });
      const owner = {};
      await drive(async () => {
        const mine = await open(port, { owner });
        const other = await open(port, { owner: {} });
        const reading = mine.read(100, soon());
        const waiting = dial.open(to(port, { owner }));
        dial.drop(owner);
        expect(await reading).toEqual({ kind: 'dropped' });
        expect(await waiting).toMatchObject({ outcome: 'dropped', cost: { connections: 0 } });
        expect(dial.dialogues).toBe(1);
        other.close('fin');
      });
    });

    test('closing tells everybody who waits, and nothing is opened any more', async () => {
      const port = await world.listen({});
      const { dial, soon, open, to, drive } = setUp({ mostOpen: 1 });
      await drive(async () => {
        const dialogue = await open(port);
        const reading = dialogue.read(100, soon());
        const waiting = dial.open(to(port));
        dial.close();
        const [read, opened] = await Promise.all([reading, waiting]);
        expect([read.kind, opened.outcome]).toEqual(['dropped', 'dropped']);
        expect((await dial.open(to(port))).outcome).toBe('dropped');
      });
    });

    test('TLS: the certificate and what was agreed on, then bytes', async () => {
      const port = await world.listen({ tls: session(world), steps: [{ hears: 'ping', says: 'pong' }] });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port, { tls: { serverName: 'loopback.test', alpn: ['h2', 'http/1.1'] } });
        expect(dialogue.tls).toMatchObject({
          kind: 'session',
          version: 'TLSv1.3',
          alpn: 'http/1.1',
          certificates: [Uint8Array.from(world.certificate)],
        });
        dialogue.send(Buffer.from('ping'));
        expect(textOf(await dialogue.read(100, soon()))).toBe('pong');
        expect(await dialogue.read(100, soon(20_000))).toEqual({ kind: 'timeout' });
        await expect(dialogue.upgrade({}, soon())).rejects.toThrow('TLS inside TLS');
        dialogue.close('fin');
      });
    });

    test('TLS begins in the middle where both want it', async () => {
      const port = await world.listen({
        tls: session(world),
        steps: [
          { says: '220 ready' },
          { hears: 'STARTTLS', says: '220 go' },
          { hears: 'EHLO', says: '250 secret' },
        ],
      });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port);
        expect(textOf(await dialogue.read(100, soon()))).toBe('220 ready');
        dialogue.send(Buffer.from('STARTTLS'));
        expect(textOf(await dialogue.read(100, soon()))).toBe('220 go');
        expect(dialogue.tls).toBeUndefined();
        expect((await dialogue.upgrade({}, soon())).kind).toBe('session');
        dialogue.send(Buffer.from('EHLO'));
        expect(textOf(await dialogue.read(100, soon()))).toBe('250 secret');
      });
    });

    test('TLS with a server that speaks plainly: its words are kept and the dialogue goes on', async () => {
      const port = await world.listen({
        steps: [
          { hears: '\x16', says: 'HTTP/1.0 400 Bad\r\n' },
          { hears: 'more', says: 'as you like' },
        ],
      });
      const { soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port, { tls: {} });
        expect(dialogue.tls).toMatchObject({ kind: 'failure', reason: 'plain' });
        expect(textOf(await dialogue.read(100, soon()))).toBe('HTTP/1.0 400 Bad\r\n');
        dialogue.send(Buffer.from('more'));
        expect(textOf(await dialogue.read(100, soon()))).toBe('as you like');
      });
    });

    test('TLS that is refused, broken, cut off or never answered is a value', async () => {
      const { soon, open, drive } = setUp();
      const tryOut = async (talk: Talk) => {
        const dialogue = await open(await world.listen(talk));
        const result = await dialogue.upgrade({}, soon(150_000));
        expect(dialogue.tls).toBe(result);
        dialogue.close('reset');
        return result;
      };
      await drive(async () => {
        expect(await tryOut({ tls: { alert: 40 } })).toMatchObject({ reason: 'alert', alert: 40 });
        expect(
          await tryOut({ steps: [{ hears: '\x16', says: '\x16\x03\x03\x00\x04junk', ends: 'fin' }] }),
        ).toMatchObject({ kind: 'failure', reason: 'protocol' });
        expect(await tryOut({ steps: [{ hears: '\x16', ends: 'fin' }] })).toMatchObject({ reason: 'end' });
        expect(await tryOut({ steps: [{ hears: '\x16', ends: 'reset' }] })).toMatchObject({
          reason: 'reset',
        });
        expect(await tryOut({})).toMatchObject({ kind: 'failure', reason: 'timeout' });
        expect(await tryOut({ steps: [{ says: 'OK\n' }] })).toMatchObject({
          kind: 'failure',
          reason: 'plain',
        });
      });
    });

    test('datagrams: one each read, cut where asked, silence, and an ICMP error', async () => {
      const port = await world.listenDatagrams({
        steps: [{ hears: 'a', says: 'first' }, { says: 'second' }],
      });
      const closed = await world.closedPort();
      const { dial, soon, open, drive } = setUp();
      await drive(async () => {
        const dialogue = await open(port, { transport: 'udp' });
        expect(dialogue.send(Buffer.from('a'))).toBe(true);
        expect(textOf(await dialogue.read(3, soon()))).toBe('fir');
        expect(await dialogue.read(100, soon())).toMatchObject({ kind: 'bytes', senderPort: port });
        expect(await dialogue.read(100, soon(20_000))).toEqual({ kind: 'timeout' });
        expect(dialogue.cost).toMatchObject({ connections: 0, packetsOut: 1, packetsIn: 2, bytesOut: 1 });
        expect([dial.sentPackets, dial.sentBytes]).toEqual([1, 20 + 8 + 1]);
        const refused = await open(closed, { transport: 'udp' });
        refused.send(Buffer.from('x'));
        expect(await refused.read(100, soon())).toMatchObject({ kind: 'failed', outcome: 'port-unreach' });
      });
    });

    test('what we do wrong throws', async () => {
      const port = await world.listen({});
      const { dial, soon, open, to, drive } = setUp({ isAllowed: ({ value }) => value === world.host.value });
      expect(() => dial.open(to(port, { host: { family: 4, value: 0x7f00_0009n } }))).toThrow(
        'outside the allowed',
      );
      await drive(async () => {
        const dialogue = await open(port);
        const reading = dialogue.read(100, soon(20_000));
        expect(() => dialogue.read(100, soon())).toThrow('one reader');
        expect((await reading).kind).toBe('timeout');
      });
    });

    test('attempts in masses and dialogues side by side, each with its own answer', async () => {
      const openPort = await world.listen({ steps: [{ says: 'hello' }] });
      const closed = await world.closedPort();
      const { dial, soon, open } = setUp();
      const address = addressOf(world.host);
      const found = new Map<number, string>();
      const wanted = 40;
      for (let token = 0; token < wanted; token++)
        expect(dial.start('connection', token, 4, address, 0, token % 2 === 0 ? openPort : closed)).toBe(0);
      const { promise: all, resolve: done } = withResolvers();
      const read = open(openPort).then((dialogue) => dialogue.read(100, soon()));
      const sink: DialSink = (token, outcome) => {
        found.set(token, dialOutcomes[outcome] as string);
        if (found.size === wanted) done();
      };
      const [answer] = await world.drive(dial, Promise.all([read, all]), sink);
      expect(textOf(answer)).toBe('hello');
      expect(
        [...found].every(([token, outcome]) => outcome === (token % 2 === 0 ? 'connected' : 'refused')),
      ).toBe(true);
      expect([dial.outstanding, dial.sentPackets]).toEqual([0, wanted + 1]);
    });
  });
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function textOf(read: Read | Opened): string {
  return 'kind' in read && read.kind === 'bytes'
    ? Buffer.from(read.bytes).toString('latin1')
    : JSON.stringify(read);
}

function session(world: DialWorld): NonNullable<Talk['tls']> {
  return {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    alpn: 'http/1.1',
    certificates: [world.certificate],
  };
}

function addressOf({ value }: Address): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Number(value));
  return bytes;
}

const secondUs = 1_000_000;
