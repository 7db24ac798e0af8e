import { expect, test } from 'vitest';
import { Channel } from './channel.ts';

/** Has `count` values made one by one, and notes them when they are. */
function counting(channel: Channel<number>, made: number[], count: number): Promise<void> {
  const last = made.length + count;
  return channel.make(() => {
    made.push(made.length);
    channel.push(made.length - 1);
    return made.length < last;
  });
}

test('values are made when their turn to be read has come', () => {
  const channel = new Channel<number>();
  const made: number[] = [];
  void counting(channel, made, 100);
  expect(made).toEqual([]);
  for (const value of channel.take()) expect(made.at(-1)).toBe(value);
  expect(made).toHaveLength(100);
});

test('what is said at once comes before what is still to be made', () => {
  const channel = new Channel<number>();
  void counting(channel, [], 2);
  channel.push(9);
  expect([...channel.take()]).toEqual([9, 0, 1]);
});

test('who has values made hears when they have been read and more is wanted', async () => {
  const channel = new Channel<number>();
  const read: string[] = [];
  void counting(channel, [], 1).then(() => read.push('first'));
  void channel.make(() => false).then(() => read.push('nothing'));
  const values = channel.take();
  values.next();
  await undefined;
  expect(read).toEqual([]);
  values.next();
  await undefined;
  expect(read).toEqual(['first', 'nothing']);
});

test('who has values made hears when nobody will read them, and none is made', async () => {
  const channel = new Channel<number>();
  const made: number[] = [];
  const before = counting(channel, made, 1);
  channel.desert();
  await before;
  await counting(channel, made, 1);
  expect([...channel.take()]).toEqual([]);
  expect(made).toEqual([]);
});

test('who has taken all waits for more, and hears of the end, or of what went wrong', async () => {
  const channel = new Channel<number>();
  const waiting = channel.more();
  channel.push(1);
  expect([await waiting, ...channel.take()]).toEqual([true, 1]);
  const last = channel.more();
  channel.end();
  expect([await last, await channel.more()]).toEqual([true, false]);
  const failing = new Channel<number>();
  failing.end(new Error('gone'));
  await expect(failing.more()).rejects.toThrow('gone');
});
