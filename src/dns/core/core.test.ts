import { expect, test } from 'vitest';
import {
  answer,
  type FakeServer,
  FakeServers,
  noWay,
  questionEnd,
  randomWords,
} from './fake-servers.laws.ts';

const good: FakeServer = (query) => [{ bytes: answer(query, { addresses: ['10.0.0.1'] }) }];

test('a question is answered, with what the server says of it', () => {
  const world = new FakeServers({ a: good });
  const asked = world.ask('one.test', ['a']);
  world.run();
  expect(asked.outcome).toMatchObject({
    kind: 'answer',
    rcode: 'NOERROR',
    isAuthoritative: true,
    server: 'a',
  });
  const records = asked.outcome?.kind === 'answer' ? asked.outcome.records : [];
  expect(records.map(({ name, type, ttl, value }) => [name, type, ttl, value])).toEqual([
    ['one.test', 'A', 60, '10.0.0.1'],
  ]);
});

test('a server that has answered and is silent for six seconds is waited for', () => {
  const busy: FakeServer = (query, now) => (now > 1000 && now < 7000 ? [] : good(query, now, false));
  const world = new FakeServers({ a: busy }, { mostPerSecond: 500 });
  const asked = Array.from({ length: 2000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
  world.run();
  expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
});

test('of 20,000 questions over 19 % loss none is lost', () => {
  const random = randomWords(3);
  const lossy: FakeServer = (query, now) => (random() % 100 < 19 ? [] : good(query, now, false));
  const world = new FakeServers({ a: lossy });
  const asked = Array.from({ length: 20_000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
  world.run();
  expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
  expect(world.nowMs).toBeLessThan(20_000);
  expect(world.core.limits).toEqual([]);
});

for (const [what, code] of [
  ['refuses', 5],
  ['fails', 2],
  ['is silent to', undefined],
] as const) {
  test(`a server that answers 100 a second and ${what} the rest: nothing missed, the limit used and named`, () => {
    const served = new Map<number, number>();
    const limited: FakeServer = (query, now) => {
      const second = Math.floor(now / 1000);
      const count = served.get(second) ?? 0;
      served.set(second, count + 1);
      if (count < 100) return good(query, now, false);
      return code === undefined ? [] : [{ bytes: answer(query, { code }) }];
    };
    const world = new FakeServers({ a: limited });
    const asked = Array.from({ length: 3000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
    world.run();
    expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
    // 30 s are what the limit takes.
    expect(world.nowMs).toBeLessThan(30_000 / 0.9);
    const by = code === 5 ? 'refused' : code === 2 ? 'servfail' : 'silence';
    expect(world.core.limits).toMatchObject([{ server: 'a', by }]);
    expect(Math.abs((world.core.limits[0]?.perSecond ?? 0) - 100)).toBeLessThan(25);
  });

  test(`the same of a bucket of tokens: ${what}`, () => {
    let [tokens, filledMs] = [20, 0];
    const limited: FakeServer = (query, now) => {
      tokens = Math.min(20, tokens + (now - filledMs) / 10);
      filledMs = now;
      if (tokens >= 1) {
        tokens--;
        return good(query, now, false);
      }
      return code === undefined ? [] : [{ bytes: answer(query, { code }) }];
    };
    const world = new FakeServers({ a: limited });
    const asked = Array.from({ length: 3000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
    world.run();
    expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
    expect(world.nowMs).toBeLessThan(30_000 / 0.9);
  });
}

test('names that a server never answers are told apart from a limit', () => {
  const picky: FakeServer = (query, now) =>
    query[13] === 'x'.charCodeAt(0) || query[13] === 'X'.charCodeAt(0)
      ? [{ bytes: answer(query, { code: 2 }) }]
      : good(query, now, false);
  const world = new FakeServers({ a: picky });
  const fine = Array.from({ length: 2000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
  const failing = Array.from({ length: 20 }, (_, i) => world.ask(`x${i}.test`, ['a']));
  world.run();
  expect(fine.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
  for (const { outcome } of failing)
    expect(outcome).toEqual({ kind: 'undecided', why: 'servfail', server: 'a' });
  expect(world.core.limits).toEqual([]);
  expect(world.nowMs).toBeLessThan(20_000);
});

test('a server that refuses everything is decided in seconds', () => {
  const world = new FakeServers({ a: (query) => [{ bytes: answer(query, { code: 5 }) }] });
  const asked = Array.from({ length: 1000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
  world.run();
  for (const { outcome } of asked)
    expect(outcome).toEqual({ kind: 'undecided', why: 'refused', server: 'a' });
  expect(world.nowMs).toBeLessThan(10_000);
});

test('a dead server costs seconds, whatever is asked', () => {
  for (const dead of [() => [], () => 'unreachable', noWay] as readonly FakeServer[]) {
    const world = new FakeServers({ a: dead });
    const asked = Array.from({ length: 10_000 }, (_, i) => world.ask(`n${i}.test`, ['a']));
    world.run();
    for (const { outcome } of asked)
      expect(outcome).toEqual({ kind: 'undecided', why: 'timeout', server: 'a' });
    expect(world.nowMs).toBeLessThan(5000);
    const later = world.ask('later.test', ['a']);
    expect(later.outcome?.kind).toBe('undecided');
  }
});

test('of two servers the living one answers all', () => {
  const world = new FakeServers({ a: () => [], b: good });
  const asked = Array.from({ length: 1000 }, (_, i) => world.ask(`n${i}.test`, ['a', 'b']));
  world.run();
  expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
  expect(world.nowMs).toBeLessThan(6000);
});

test('questions go to all servers in turn', () => {
  const world = new FakeServers({ a: good, b: good, c: good });
  for (let i = 0; i < 300; i++) world.ask(`n${i}.test`, ['a', 'b', 'c']);
  world.run();
  for (const server of ['a', 'b', 'c'])
    expect(world.arrivals.filter((one) => one.server === server).length).toBe(100);
});

test('a server that is silent about one name is no dead server', () => {
  const mute: FakeServer = (query, now, stream) =>
    query[12] === 4
      ? []
      : query[12] === 1
        ? [{ bytes: answer(query, { code: 3 }) }]
        : good(query, now, stream);
  const world = new FakeServers({ a: mute });
  const silent = Array.from({ length: 20 }, (_, i) =>
    world.ask(`mut${i % 10}.x${i}.test`, ['a'], { isRecursive: true }),
  );
  world.run(60_000);
  for (const { outcome } of silent) expect(outcome).toMatchObject({ kind: 'undecided', why: 'timeout' });
  const after = world.ask('other.test', ['a']);
  world.run(90_000);
  expect(after.outcome?.kind).toBe('answer');
});

test('a rate that the user sets is never exceeded', () => {
  const world = new FakeServers({ a: good }, { mostPerSecond: 50 });
  for (let i = 0; i < 300; i++) world.ask(`n${i}.test`, ['a']);
  world.run();
  const times = world.arrivals.map(({ atMs }) => atMs);
  for (const [i, atMs] of times.entries())
    expect(
      times.filter((other) => other >= atMs && other < atMs + 1000).length,
      `from the ${i}th on`,
    ).toBeLessThanOrEqual(51);
  expect(world.nowMs).toBeLessThan(6500);
});

test('liars: a wrong id, socket, server, question, case or type is not believed', () => {
  const lies: readonly ((
    query: Uint8Array,
  ) => Partial<{ bytes: Uint8Array; server: number; socket: number }>)[] = [
    (query) => ({ bytes: answer(query, { id: false, addresses: ['6.6.6.6'] }) }),
    () => ({ socket: 99 }),
    () => ({ server: 0 }),
    (query) => ({ bytes: changed(answer(query, { addresses: ['6.6.6.6'] }), 13, 0x7a) }),
    (query) => ({ bytes: changed(answer(query, { addresses: ['6.6.6.6'] }), questionEnd(query) - 3, 28) }),
    (query) => ({ bytes: changed(answer(query, { addresses: ['6.6.6.6'] }), 5, 2) }),
    (query) => ({ bytes: changed(answer(query, { addresses: ['6.6.6.6'] }), 5, 0) }),
    (query) => ({ bytes: changed(answer(query, { addresses: ['6.6.6.6'] }), 2, 0) }),
    (query) => ({ bytes: answer(query, { addresses: ['6.6.6.6'] }).subarray(0, 14) }),
  ];
  for (const [i, lie] of lies.entries()) {
    const liar: FakeServer = (query, now) =>
      [
        { bytes: answer(query, { addresses: ['6.6.6.6'] }), ...lie(query) },
        ...(good(query, now, false) as []).map((reply: object) => ({ ...reply, afterMs: 5 })),
      ] as never;
    const world = new FakeServers({ a: liar, b: good });
    world.ask('numb.test', ['b']);
    const asked = world.ask('a-name-of-many-letters.test', ['a']);
    world.run();
    const records = asked.outcome?.kind === 'answer' ? asked.outcome.records : [];
    expect(
      records.map(({ value }) => value),
      `lie ${i}`,
    ).toEqual(['10.0.0.1']);
  }
});

test('a server that keeps the case is not believed in another; one that folds it is still used', () => {
  const folds: FakeServer = (query, now) => good(lower(query), now, false);
  const world = new FakeServers({ a: folds });
  const asked = Array.from({ length: 100 }, (_, i) => world.ask(`name-${i}.example.test`, ['a']));
  world.run();
  expect(asked.filter(({ outcome }) => outcome?.kind !== 'answer')).toEqual([]);
  expect(world.nowMs).toBeLessThan(1000);

  let isForged = false;
  const keeps: FakeServer = (query, now) => {
    if (!isForged) return good(query, now, false);
    return [
      { bytes: answer(lower(query), { addresses: ['6.6.6.6'] }) },
      { bytes: answer(query, { addresses: ['10.0.0.1'] }), afterMs: 20 },
    ];
  };
  const other = new FakeServers({ a: keeps });
  other.ask('first-of-many.test', ['a']);
  other.run();
  isForged = true;
  const forged = other.ask('another-of-many.test', ['a']);
  other.run();
  expect(forged.outcome?.kind === 'answer' && forged.outcome.records[0]?.value).toBe('10.0.0.1');
});

test('what is truncated is asked for by TCP, and a TCP answer that is truncated again is none', () => {
  const cut: FakeServer = (query, now, stream) =>
    stream ? good(query, now, true) : [{ bytes: answer(query, { flags: 0x86 }) }];
  const world = new FakeServers({ a: cut, b: (query) => [{ bytes: answer(query, { flags: 0x86 }) }] });
  const asked = world.ask('one.test', ['a']);
  const loop = world.ask('one.test', ['b']);
  world.run();
  expect(asked.outcome?.kind === 'answer' && asked.outcome.records[0]?.value).toBe('10.0.0.1');
  expect(loop.outcome).toEqual({ kind: 'undecided', why: 'malformed', server: 'b' });
  expect(world.nowMs).toBeLessThan(20_000);
});

test('letters of the proof do not get into names of the answer', () => {
  // example.test NS ns and a pointer to the question's name.
  const extra = Uint8Array.from([0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 5, 2, 0x6e, 0x53, 0xc0, 12]);
  const points: FakeServer = (query) => {
    const bytes = answer(query, { extra });
    bytes[7] = 1;
    return [{ bytes }];
  };
  const world = new FakeServers({ a: points });
  const asked = world.ask('example.test', ['a'], { type: 'NS' });
  world.run();
  expect(asked.outcome?.kind === 'answer' && asked.outcome.records[0]?.value).toBe('nS.example.test.');
});

test('a server that knows no EDNS is asked without', () => {
  const old: FakeServer = (query, now) =>
    query[11] === 1 ? [{ bytes: answer(query, { code: 1 }) }] : good(query, now, false);
  const world = new FakeServers({ a: old });
  const asked = [world.ask('one.test', ['a']), world.ask('two.test', ['a'])];
  world.run();
  for (const { outcome } of asked) expect(outcome?.kind).toBe('answer');
});

test('a lame server says nothing of a name; another one does', () => {
  const lame: FakeServer = (query) => [{ bytes: answer(query, { flags: 0x80 }) }];
  const world = new FakeServers({ a: lame, b: good });
  const both = world.ask('one.test', ['a', 'b']);
  const alone = world.ask('two.test', ['a']);
  world.run();
  expect(both.outcome?.kind).toBe('answer');
  expect(alone.outcome).toEqual({ kind: 'undecided', why: 'lame', server: 'a' });
});

test('what is under way ends when it is stopped, and nothing is asked afterwards', () => {
  const world = new FakeServers({ a: () => [] });
  const asked = Array.from({ length: 500 }, (_, i) => world.ask(`n${i}.test`, ['a']));
  world.run(500);
  world.core.stop();
  for (const { outcome } of asked) expect(outcome).toEqual({ kind: 'undecided', why: 'stopped' });
  expect(world.core.isBusy).toBe(false);
  expect(world.ask('x.test', ['a']).outcome).toEqual({ kind: 'undecided', why: 'stopped' });
});

function changed(bytes: Uint8Array, at: number, octet: number): Uint8Array {
  bytes[at] = octet;
  return bytes;
}

function lower(query: Uint8Array): Uint8Array {
  return query.map((octet, i) => (i >= 12 && octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));
}
