import { describe, expect, test } from 'vitest';
import { keyCheckOf } from '../mark-key.ts';
import { ArrivalFeed, type ArrivalSource } from './feed.ts';

const begun = { type: 'listening', addresses: [], tcp: '1-9', udp: '', keyCheck: keyCheckOf('k') };
const arrived = {
  type: 'arrived',
  from: '10.0.0.9',
  to: '10.0.0.5',
  protocol: 'tcp',
  port: 5,
  variant: 'plain',
  ttl: 1,
};
const everybody = { has: () => true, count: () => 1 };
const probe = { to: '10.0.0.5', protocol: 'tcp', port: 5, technique: 'syn', variant: 'plain' } as const;

async function* pieces(...all: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* all;
}

/** Says this and then nothing, without an end. */
async function* mute(...all: readonly string[]): AsyncGenerator<string> {
  yield* all;
  await new Promise(() => {});
}

const line = (value: object) => `${JSON.stringify(value)}\n`;
const feedOf = (source: ArrivalSource) => new ArrivalFeed(source, 'k');

describe('the lines of a listener', () => {
  test('are read however they are cut, in the middle of a character too', async () => {
    const bytes = Buffer.from(`${line({ ...begun, interface: 'é' })}${line(arrived)}`);
    const feed = feedOf(pieces(...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))));
    await feed.begin(undefined);
    await feed.settle();
    expect(feed.arrivals.of(probe, everybody, new Set())).toBe('arrived');
    expect([feed.hasEnded, feed.warnings]).toEqual([true, []]);
  });

  test('that come before it listens, or are no lines of a listener, are refused', async () => {
    await expect(feedOf(pieces('hello\n')).begin(undefined)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(feedOf(mute('x'.repeat(70_000))).begin(undefined)).rejects.toThrow('is too long');
  });

  test('that make no sense later are left out, and counted', async () => {
    const feed = feedOf(pieces(line(begun), 'what?\n', line(arrived), `${'y'.repeat(70_000)}\n`));
    await feed.begin(undefined);
    await feed.settle();
    expect(feed.arrivals.of(probe, everybody, new Set())).toBe('arrived');
    expect(feed.warnings).toEqual([
      expect.stringContaining('2 lines of the listener were left out: line 2 is no JSON'),
    ]);
  });
});

describe('nothing is sent', () => {
  test('before it listens', async () => {
    await expect(feedOf(mute()).begin(undefined, 20)).rejects.toMatchObject({ code: 'not-heard', exit: 3 });
    await expect(feedOf(mute(line(arrived))).begin(undefined, 20)).rejects.toMatchObject({ exit: 3 });
  });

  test('where it ends before that', async () => {
    await expect(feedOf(pieces()).begin(undefined)).rejects.toThrow('ended before');
  });

  test('where it has another key', async () => {
    const other = feedOf(mute(line({ ...begun, keyCheck: keyCheckOf('other') })));
    await expect(other.begin(undefined)).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('once the user has ended it', async () => {
    const stop = new AbortController();
    const beginning = feedOf(mute()).begin(stop.signal);
    stop.abort();
    await expect(beginning).rejects.toBe(stop.signal.reason);
  });
});

describe('what stood in a file before the scan began', () => {
  const old = `${line(begun)}${line(arrived)}`;
  const other = { ...probe, port: 6 };
  const heldBy = (...more: readonly string[]) =>
    feedOf(Object.assign(pieces(`${old}${more.join('')}`), { heldBytes: old.length }));

  test('is of an earlier scan: it counts for nothing, and what did not arrive proves nothing', async () => {
    const feed = heldBy();
    await feed.begin(undefined);
    await feed.settle();
    const here = { ...begun, addresses: ['10.0.0.5'] };
    const there = feedOf(Object.assign(pieces(`${line(here)}${line(arrived)}`), { heldBytes: 1e6 }));
    await there.begin(undefined);
    await there.settle();
    for (const { arrivals } of [feed, there]) {
      expect(arrivals.of(probe, everybody, new Set())).toBeUndefined();
      expect(arrivals.of(other, everybody, new Set())).toBeUndefined();
    }
    expect(there.warnings).toEqual([expect.stringMatching(/^1 lines .* earlier scans.*proves nothing$/)]);
  });

  test('leaves what comes later as it is, though it comes in one piece with it', async () => {
    const feed = heldBy(line({ ...arrived, port: 6 }));
    await feed.begin(undefined);
    await feed.settle();
    expect(feed.arrivals.of(other, everybody, new Set())).toBe('arrived');
    expect(feed.arrivals.of(probe, everybody, new Set())).toBe('not-arrived');
    expect(feed.warnings).toEqual([expect.stringMatching(/earlier scans, .* began$/)]);
  });
});
