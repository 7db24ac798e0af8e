import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { buildPlan } from './build-plan.ts';
import { fakeEnvironment } from './fake-environment.laws.ts';
import type { Request } from './request.ts';

const lineOf = async (request: unknown) =>
  (await refusal(() => buildPlan(request as Request, fakeEnvironment()))).lineInFields;

describe('a request from a program', () => {
  test.each<[object, string]>([
    [{ topPort: 5 }, 'A request has no field "topPort"; try: topPorts'],
    [{ trace: () => {} }, 'A request has no field "trace"'],
    [{ constructor: 1 }, 'A request has no field "constructor"'],
    [{ packet: { tll: 5 } }, 'packet has no field "tll"; try: packet.ttl'],
    [{ shard: { index: 1, of: 2 } }, 'shard has no field "of"'],
    [
      { discovery: [{ technique: 'ping-syn', port: 5 }] },
      'discovery[0] has no field "port"; try: discovery[0].ports',
    ],
  ])('%j has a field that does not exist', async (part, line) => {
    expect(await lineOf({ targets: ['10.0.0.1'], ...part })).toBe(line);
  });

  test.each<[object, string]>([
    [{ targets: '10.0.0.1' }, 'targets "10.0.0.1": wanted a list of texts'],
    [{ topPorts: '5' }, 'topPorts "5": wanted a number'],
    [{ ports: -1 }, 'ports -1: wanted ports as text, a number from 0 to 65535, or a list of such'],
    [{ ports: [80, 1.5] }, 'ports[1] 1.5: wanted ports as text or a number from 0 to 65535'],
    [{ ports: [-1] }, 'ports[0] -1: wanted ports as text or a number from 0 to 65535'],
    [
      { excludePorts: [1, Number.NaN] },
      'excludePorts[1] NaN: wanted ports as text or a number from 0 to 65535',
    ],
    [{ ports: [true] }, 'ports[0] true: wanted ports as text or a number from 0 to 65535'],
    [{ ports: new Array(3) }, 'ports[0] of type undefined: wanted ports as text or a number from 0 to 65535'],
    [{ targets: new Array(2) }, 'targets[0] of type undefined: wanted a text'],
    [{ args: ['-p', 5] }, 'args[1] 5: wanted a text'],
    [
      { discovery: [{ technique: 'ping-syn', ports: ['80', -5] }] },
      'discovery[0].ports[1] -5: wanted ports as text or a number from 0 to 65535',
    ],
    [{ fast: 1 }, 'fast 1: wanted true or false'],
    [{ journal: '' }, 'journal "": wanted the name of a file'],
    [{ capture: 'a\0b' }, 'capture "a\\u{0}b": wanted the name of a file'],
    [{ goal: 'port' }, "goal \"port\": wanted one of 'list', 'discover', 'ports'"],
    [{ packet: { data: 'ff' } }, 'packet.data "ff": wanted a Uint8Array'],
    [
      { packet: null },
      expect.stringMatching(/^packet of type null: wanted an object with fragmentBytes, /) as never,
    ],
    [
      { techniques: ['toString'] },
      expect.stringMatching(/^techniques\[0\] "toString": wanted one of 'syn', /) as never,
    ],
    [
      { discovery: [{ technique: 'ping' }] },
      expect.stringMatching(/^discovery\[0\].technique "ping": /) as never,
    ],
    [{ discovery: [{}] }, expect.stringMatching(/^discovery\[0\].technique is missing: /) as never],
    [{ targets: undefined }, 'targets is missing: wanted a list of texts'],
    [{ shard: { index: 1 } }, 'shard.count is missing: wanted a number'],
    [{ discovery: [null] }, 'discovery[0] of type null: wanted an object with technique, ports'],
  ])('%j has a value of another kind', async (part, line) => {
    expect(await lineOf({ targets: ['10.0.0.1'], ...part })).toEqual(line);
  });

  test.each([undefined, null, 'x', []])('%j is none', async (request) => {
    expect(await lineOf(request)).toMatch(/^No request/);
  });

  test('may leave fields undefined', async () => {
    const request = {
      targets: ['10.0.0.1'],
      ports: undefined,
      packet: { ttl: undefined },
    } as unknown as Request;
    expect((await buildPlan(request, fakeEnvironment())).goal).toBe('ports');
  });

  test.each<[Request['ports'], string]>([
    ['22,80-82', '22,80-82'],
    [443, '443'],
    [[22, '80-82', 0], '0,22,80-82'],
  ])('gives ports as %j', async (ports, text) => {
    const request: Request = { targets: ['10.0.0.1'], ...(ports !== undefined && { ports }) };
    const plan = await buildPlan(request, fakeEnvironment());
    expect(plan.groups[0]?.ports.tcp).toBe(text);
    const without = await buildPlan(
      { ...request, ports: '-', excludePorts: [1, '3-65535'] },
      fakeEnvironment(),
    );
    expect(without.groups[0]?.ports.tcp).toBe('2');
  });
});

test.each<[string, unknown]>([
  ['platform', null],
  ['platform', {}],
  ['platform', 5],
  ['capabilities', { ...fakeEnvironment(), capabilities: {} }],
  ['nameService', { ...fakeEnvironment(), nameService: undefined }],
  ['stdin', { ...fakeEnvironment(), stdin: 'text' }],
  ['interfaces', { ...fakeEnvironment(), interfaces: {} }],
])('an environment without its %s is refused', async (field, machine) => {
  const building = buildPlan({ targets: ['10.0.0.1'] }, machine as never);
  expect((await refusal(() => building)).line).toMatch(`No environment: its ${field} is not there: wanted `);
});

describe('a signal', () => {
  const forever = new Promise<never>(() => {});
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => forever }) };
  test.each<[string, Partial<Request>]>([
    ['looking up names', { targets: ['slow.test'] }],
    ['looking up exclusions', { exclude: ['slow.test'] }],
    ['reading', { targetFiles: ['-'] }],
    ['reading a file that nobody writes', { scopeFile: '-' }],
  ])('ends %s', async (_, part) => {
    const stop = new AbortController();
    const environment = fakeEnvironment({ resolve: () => forever, stdin: silent });
    const plan = buildPlan({ targets: ['10.0.0.1'], ...part }, environment, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(plan).rejects.toThrow('enough');
  });

  test('that is aborted already begins nothing', async () => {
    const signal = AbortSignal.abort(new Error('before'));
    const plan = buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment(), { signal });
    await expect(plan).rejects.toThrow('before');
  });
});

test('a field that a request only inherits is refused, not ignored', async () => {
  class Careful {
    readonly targets = ['10.0.0.0/30'];
    get exclude() {
      return ['10.0.0.1'];
    }
  }
  expect(await lineOf(new Careful())).toBe('exclude is inherited: wanted it as a field of the object itself');
});
