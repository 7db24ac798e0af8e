import { expect, test } from 'vitest';
import type { Ear, Heard } from '../../../dial/ear.ts';
import type { Host } from '../../../engine/host.ts';
import { type Dialogue, Dialogues } from './dialogues.ts';

/** An ear that notes what is begun and decides when it is told to. */
class FakeEar implements Ear {
  readonly begun: number[] = [];
  readonly open = new Map<number, number>();
  decided: number[] = [];
  trouble = 0;

  start(token: number, _family: 4 | 6, _address: Uint8Array, _scopeId: number, port: number): number {
    if (this.trouble !== 0) return this.trouble;
    this.begun.push(port);
    this.open.set(token, port);
    return 0;
  }
  poll(sink: (token: number) => void): void {
    for (const [token, port] of this.open) if (this.decided.includes(port)) sink(token);
  }
  end(token: number): Heard {
    const port = this.open.get(token);
    if (port === undefined) throw new Error('not open');
    this.open.delete(token);
    return { state: this.decided.includes(port) ? 'closed' : 'open', bytes: new Uint8Array(0) };
  }
  close(): void {}
}

const [host, other] = [{}, {}] as [Host, Host];
const setUp = (over: { mostOpen?: number; intervalUs?: number; isAllowed?: () => boolean } = {}) => {
  const ear = new FakeEar();
  const told: string[] = [];
  const dialogues = new Dialogues(ear, { mostOpen: 2, intervalUs: 0, isAllowed: () => true, ...over });
  const listen = (port: number, more: Partial<Dialogue> = {}) =>
    dialogues.listen({
      host,
      address: { family: 4, value: 0x7f00_0001n },
      scopeId: 0,
      port,
      words: new Uint8Array(0),
      waitUs: 1000,
      isUrgent: false,
      tell: ({ state }) => told.push(`${port} ${state}`),
      ...more,
    });
  return { ear, told, dialogues, listen };
};

test('so many at once, those that matter more first, the others when there is room', () => {
  const { ear, told, dialogues, listen } = setUp();
  for (const port of [1, 2, 3]) listen(port);
  listen(4, { isUrgent: true });
  dialogues.tick(0);
  expect(ear.begun).toEqual([4, 1]);
  ear.decided = [4];
  dialogues.tick(10);
  expect([told, ear.begun]).toEqual([['4 closed'], [4, 1, 2]]);
  expect(dialogues.started).toBe(3);
});

test('nobody is listened to for longer than it is worth', () => {
  const { told, dialogues, listen } = setUp();
  listen(1);
  dialogues.tick(500);
  dialogues.tick(1499);
  expect(told).toEqual([]);
  dialogues.tick(1500);
  expect(told).toEqual(['1 open']);
  expect([dialogues.isBusy, dialogues.dueUs(2000)]).toEqual([false, Number.POSITIVE_INFINITY]);
});

test('no faster than the scan may send', () => {
  const { ear, dialogues, listen } = setUp({ mostOpen: 9, intervalUs: 100_000 });
  for (const port of [1, 2, 3]) listen(port);
  dialogues.tick(1_000_000);
  expect(ear.begun).toEqual([1]);
  dialogues.tick(1_090_000);
  expect(ear.begun).toEqual([1]);
  dialogues.tick(1_100_000);
  expect(ear.begun).toEqual([1, 2]);
});

test('dropping a host ends what is open and what waits, and leaves others alone', () => {
  const { told, dialogues, listen } = setUp();
  listen(1);
  listen(2, { host: other });
  listen(3);
  dialogues.tick(0);
  dialogues.drop(host);
  expect(told).toEqual(['1 open', '3 unheard']);
  expect(dialogues.isBusy).toBe(true);
});

test('trouble of our own is nothing heard', () => {
  const { ear, told, dialogues, listen } = setUp();
  ear.trouble = 24;
  listen(1);
  dialogues.tick(0);
  expect([told, dialogues.started, dialogues.isBusy]).toEqual([['1 unheard'], 0, false]);
});

test('never to an address that is not allowed', () => {
  const { ear, dialogues, listen } = setUp({ isAllowed: () => false });
  listen(1);
  expect(() => dialogues.tick(0)).toThrow('refused to connect to 127.0.0.1');
  expect(ear.begun).toEqual([]);
});
