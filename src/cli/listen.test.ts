import { describe, expect, it } from 'vitest';
import type { HeardFact } from '../scan/listen/listen.ts';
import { fakeWorld } from './fake-world.laws.ts';
import { readListenCall } from './listen-call.ts';
import { run } from './main.ts';
import type { World } from './world.ts';

const listening = {
  type: 'listening',
  n: 1,
  version: '0.1.0',
  interface: null,
  addresses: ['10.0.0.5'],
  tcp: '1-1024',
  udp: '53',
  keyCheck: 'a1b2',
  at: '2026-11-21T10:00:00.000Z',
} as const;
const arrived = {
  type: 'arrived',
  n: 2,
  from: '10.0.0.9',
  to: '10.0.0.5',
  protocol: 'tcp',
  port: 25,
  technique: 'syn',
  variant: 'source-port 53',
  ttl: 62,
  run: 3,
  at: '2026-11-21T10:00:01.000Z',
} as const;

/** A world in which this is heard. */
function hearing(facts: readonly HeardFact[], over: Partial<World> = {}) {
  const world = fakeWorld(undefined, {
    listen: async (request) => {
      world.listens.push(request);
      return (async function* () {
        yield* facts;
      })();
    },
    ...over,
  });
  return world;
}

describe('listen', () => {
  it('writes a line of NDJSON for each probe, where nothing else is asked for', async () => {
    const world = hearing([listening, { type: 'waiting' }, arrived]);
    expect(await run(['listen', '--key', 'k', '-p', '1-1024', '-e', 'eth0', '--for', '2s'], world)).toBe(0);
    expect(world.listens).toEqual([{ key: 'k', ports: '1-1024', interface: 'eth0', forMs: 2000 }]);
    expect(
      world.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([listening, arrived]);
    expect(world.out).toContain(
      '{"type":"arrived","n":2,"from":"10.0.0.9","to":"10.0.0.5","protocol":"tcp","port":25,"technique":"syn","variant":"source-port 53","ttl":62,"run":3,"at":"2026-11-21T10:00:01.000Z"}',
    );
  });

  it('writes text and CSV where they are asked for', async () => {
    const text = hearing([listening, arrived]);
    await run(['listen', '--key', 'k', '-oN', '-'], text);
    expect(text.out).toBe(
      '# Portolan 0.1.0 listens on every interface for tcp/1-1024, udp/53 since Sat Nov 21 10:00:00 2026 +0000\n' +
        '2026-11-21T10:00:01.000Z tcp/25 from 10.0.0.9 to 10.0.0.5: syn, source-port 53 (ttl 62)\n',
    );
    const csv = hearing([listening, arrived]);
    await run(['listen', '--key', 'k', '-oC', '-'], csv);
    expect(csv.out.split('\r\n')[2]).toBe(
      'arrived,10.0.0.9,10.0.0.5,tcp,25,syn,source-port 53,62,3,,,,,,2026-11-21T10:00:01.000Z',
    );
  });

  it('takes the key from the environment', async () => {
    const world = hearing([listening], { environment: { PORTOLAN_KEY: 'secret' } });
    expect(await run(['listen'], world)).toBe(0);
    expect(world.listens).toEqual([{ key: 'secret' }]);
  });

  it('ends quietly where nobody reads', async () => {
    const broken = hearing([listening, arrived], {
      write: () => {
        throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
      },
    });
    expect(await run(['listen', '--key', 'k'], broken)).toBe(0);
    expect(
      await run(
        ['listen', '--key', 'k'],
        hearing([listening, { type: 'waiting' }], { isAbandoned: () => true }),
      ),
    ).toBe(0);
  });

  it.each([
    [[], 'No key'],
    [['--key', 'k', '10.0.0.1'], 'takes no target, found "10.0.0.1"'],
    [['--key', 'k', '-oX', '-'], '"-oX" is no option of listen'],
    [['--key', 'k', '-p', '@ports'], 'reads no file'],
    [['--key', 'k', '--for', '0'], '--for'],
    [['--key', 'secret', '--key', 'secret2'], '--key is given twice: wanted once'],
    [['--key', ''], '--key'],
  ])('%j is refused', async (args, message) => {
    const world = hearing([listening]);
    expect(await run(['listen', ...args], world)).toBe(2);
    expect(world.err).toContain(message);
    expect(world.err).not.toContain('secret');
  });

  it('takes no more than one format to a place', () => {
    expect(() => readListenCall(['--key', 'k', '-oJ', '-', '-oC', '-'])).toThrow('cannot both go to');
    expect(readListenCall(['--key', 'k', '-oC', 'f'])).toMatchObject({
      outputs: [
        { format: 'csv', path: 'f' },
        { format: 'ndjson', path: '-' },
      ],
    });
  });
});
