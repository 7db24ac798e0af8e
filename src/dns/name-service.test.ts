import { expect, test } from 'vitest';
import type { Address } from '../model/address.ts';
import type { Lookups } from './lookups.ts';
import { NameService } from './name-service.ts';

const forever = new Promise<never>(() => {});
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const here: Address = { family: 4, value: 0x0a000001n };

/** A service whose patience is over at once. */
function serviceOf(changes: Partial<Lookups>) {
  const counted = { checks: 0, stops: 0 };
  const lookups: Lookups = {
    asked: '192.0.2.53',
    mostForward: 32,
    forward: async () => [here],
    reverse: async () => ['db.lab'],
    ...changes,
    isAlive: async () => {
      counted.checks++;
      return (await changes.isAlive?.()) ?? true;
    },
    stop: () => {
      counted.stops++;
    },
  };
  const service = new NameService(lookups, 0);
  const warnings: string[] = [];
  service.heed((message) => warnings.push(message));
  return { service, warnings, counted };
}

test('not more than 32 addresses are asked for at once, and all of them in the end', async () => {
  let [underWay, most] = [0, 0];
  const { service, warnings } = serviceOf({
    reverse: async (address) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return [`name-of-${address}`, 'another'];
    },
  });
  const addresses = Array.from({ length: 500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const names = await Promise.all(addresses.map((address) => service.nameOf(address)));
  expect(names).toEqual(addresses.map((address) => `name-of-${address}`));
  expect(most).toBe(32);
  expect(warnings).toEqual([]);
});

test('servers that do not answer are given up with one warning, and nobody waits for them any more', async () => {
  let asked = 0;
  const { service, warnings, counted } = serviceOf({
    reverse: () => {
      asked++;
      return failing('ETIMEOUT')();
    },
    isAlive: async () => false,
  });
  const addresses = Array.from({ length: 1000 }, (_, i) => `10.0.0.${i}`);
  const names = await Promise.all(addresses.map((address) => service.nameOf(address)));
  expect(names.every((name) => name === undefined)).toBe(true);
  expect(warnings).toEqual(['No name server answers (asked 192.0.2.53): hosts are told without their names']);
  expect(counted.checks).toBe(1);
  // Those that were under way when it was noticed.
  expect(asked).toBeLessThan(100);
});

test('an address without a name is an answer', async () => {
  const outcomes = ['ETIMEOUT', 'ETIMEOUT', 'ENOTFOUND', 'ETIMEOUT', 'ETIMEOUT', ''];
  const { service, counted } = serviceOf({
    reverse: async () => {
      const code = outcomes.shift() as string;
      return code === '' ? ['db.lab'] : failing(code)();
    },
  });
  for (let i = 0; i < 5; i++) expect(await service.nameOf('10.0.0.1')).toBeUndefined();
  expect(await service.nameOf('10.0.0.1')).toBe('db.lab');
  expect(counted.checks).toBe(0);
});

test('a server that is only silent about a zone is asked about others, but not without end', async () => {
  let asked = 0;
  const { service, warnings } = serviceOf({
    reverse: async (address) => {
      asked++;
      return address.startsWith('10.9.') ? failing('ETIMEOUT')() : ['db.lab'];
    },
  });
  for (let i = 0; i < 20; i++) expect(await service.nameOf(`10.9.0.${i}`)).toBeUndefined();
  expect(await service.nameOf('10.1.0.1')).toBe('db.lab');
  for (let i = 0; i < 1000; i++) await service.nameOf(`10.9.1.${i}`);
  expect(asked).toBe(20 + 1 + 64);
  expect(warnings).toHaveLength(1);
});

test('names of which nobody tells the addresses cost one look at the servers, and are told as such', async () => {
  const { service, warnings, counted } = serviceOf({ forward: () => forever, isAlive: async () => false });
  const names = Array.from({ length: 200 }, (_, i) => `n${i}.test`);
  const found = await Promise.all(names.map((name) => service.addressesOf(name)));
  expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
    new Set(['{"addresses":[],"problem":"no name server answers","isSilent":true}']),
  );
  expect(counted.checks).toBe(1);
  // Whoever got them tells it, so that reverse names do not say it again.
  expect(await service.nameOf('10.0.0.1')).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('a server that answers is waited for, and a name it fails about is no dead server', async () => {
  let answer: (addresses: readonly Address[]) => void = () => {};
  const { service } = serviceOf({
    forward: (name) =>
      name === 'slow.test'
        ? new Promise((resolve) => {
            answer = resolve;
          })
        : failing(name === 'lame.test' ? 'EAI_AGAIN' : 'ENOTFOUND')(),
    isAlive: async () => {
      // After patience was over.
      answer([here]);
      return true;
    },
  });
  expect(await service.addressesOf('slow.test')).toEqual({ addresses: [here] });
  for (let i = 0; i < 9; i++) {
    expect(await service.addressesOf('lame.test')).toEqual({
      addresses: [],
      problem: 'the name servers failed to answer',
      isSilent: false,
    });
  }
  expect(await service.addressesOf('none.test')).toMatchObject({ problem: 'no such name', isSilent: false });
});

test('a service that is stopped waits for nothing and warns of nothing', async () => {
  const { service, warnings, counted } = serviceOf({ forward: () => forever, reverse: () => forever });
  const waiting = [
    ...Array.from({ length: 100 }, (_, i) => service.nameOf(`10.0.0.${i}`)),
    ...Array.from({ length: 100 }, (_, i) => service.addressesOf(`n${i}.test`)),
  ];
  service.stop();
  await Promise.all(waiting);
  expect(counted.stops).toBe(1);
  expect(warnings).toEqual([]);
});

test('what was refused is asked once more of a server that has come back', async () => {
  let asked = 0;
  const { service } = serviceOf({
    forward: async () => (++asked === 1 ? failing('ECONNREFUSED')() : [here]),
  });
  expect(await service.addressesOf('one.test')).toEqual({ addresses: [here] });
  expect(asked).toBe(2);
});
