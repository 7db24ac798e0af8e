import { describe, expect, it } from 'vitest';
import type { Fact } from '../model/fact.ts';
import { begin, fakeWorld, hostUp, portFact, summary } from './fake-world.laws.ts';
import { run } from './main.ts';

describe('run: netcat’s habit', () => {
  const facts = (...ports: Fact[]) => [begin, hostUp, ...ports, summary()];

  it('says what netcat says on standard error, and 0 when all are open', async () => {
    const world = fakeWorld(() => facts({ ...portFact(22), service: 'ssh' } as Fact));
    expect(await run(['-zv', 'box', '22'], world)).toBe(0);
    expect(world.err).toBe('Connection to box (127.0.0.1) 22 port [tcp/ssh] succeeded!\n');
    expect(world.out).toBe('');
  });

  it('ends with 1 when a port is not open, and says why', async () => {
    const world = fakeWorld(() => facts(portFact(22), portFact(23, 'closed'), portFact(24, 'filtered')));
    expect(await run(['-zv', 'box', '22-24'], world)).toBe(1);
    expect(world.err.split('\n').slice(1, 3)).toEqual([
      'portolan: connect to box (127.0.0.1) port 23 (tcp) failed: Connection refused',
      'portolan: connect to box (127.0.0.1) port 24 (tcp) failed: Connection timed out',
    ]);
  });

  it('says nothing without -v, and takes one address of a name for all', async () => {
    const other = { ...portFact(22, 'closed'), host: '::1' } as Fact;
    const world = fakeWorld(() => facts({ ...hostUp, host: '::1' }, other, portFact(22)));
    expect(await run(['-z', 'box', '22'], world)).toBe(0);
    expect(world.err).toBe('');
  });
});
