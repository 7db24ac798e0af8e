import { describe, expect, test } from 'vitest';
import { scan } from './scan.ts';

const request = { targets: ['127.0.0.1-3'], goal: 'list', reverseNames: 'never' } as const;

describe('the facts of a scan', () => {
  test('end with the scope of an `await using`', async () => {
    const facts = scan(request);
    expect((await facts.next()).value).toMatchObject({ type: 'scan' });
    await facts[Symbol.asyncDispose]();
    expect(await facts.next()).toEqual({ done: true, value: undefined });
  });

  test('do not begin for a signal that is aborted before there is a plan', async () => {
    const facts = scan(request, { signal: AbortSignal.abort(new Error('never mind')) });
    await expect(facts.next()).rejects.toThrow('never mind');
  });

  test('do not begin for a request with a field that does not exist', async () => {
    const facts = scan({ ...request, resume: '/none', tragets: [] } as typeof request);
    await expect(facts.next()).rejects.toThrow('A request has no field "tragets"');
  });
});
