import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { FakeWorld, type FakeZone } from '../fake-zone.laws.ts';
import { nsec3Words, walkNsec } from './walk-nsec.ts';
import { ZoneBook } from './zone-book.ts';

const names = Array.from({ length: 1500 }, (_, at) => `host${String(at * 7).padStart(5, '0')}`);
const records = [
  '@ NS ns1.z.test.\nns1 A 10.0.0.1\nsub NS ns.sub.z.test.\nns.sub A 10.0.0.9\nsafe NS ns.sub.z.test.\nsafe DS 1 13 2 AA',
  '* A 10.9.9.9\na.b.c TXT "x"\n_sip._tcp SRV 0 0 1 x.z.test.\nxn--9 A 10.0.0.4',
  ...names.map((name) => `${name} A 10.0.1.1`),
].join('\n');

async function walk(zone: Partial<FakeZone>, loss = 0) {
  const world = new FakeWorld([{ apex: 'z.test', servers: ['10.0.0.1'], records, ...zone }], {
    loss,
    seed: 5,
  });
  const book = new ZoneBook(world);
  await book.zoneOf('z.test');
  const random = new SeededRandom(9);
  const before = world.asked.length;
  const result = await walkNsec(book, 'z.test', (bound) => random.nextBelow(bound));
  return { ...result, asked: world.asked.length - before };
}

describe('walking a zone', () => {
  it.each([0, 0.1])(
    'finds every name with its types in at most 1.1 questions a name, loss %d',
    async (loss) => {
      const { result, names: found, queries } = await walk({ denial: 'nsec' }, loss);
      expect(result).toBe('walked');
      const wanted = ['', '*', 'ns1', 'sub', 'safe', 'a.b.c', '_sip._tcp', 'xn--9', ...names].map((name) =>
        name === '' ? 'z.test' : `${name}.z.test`,
      );
      expect([...found.keys()].sort()).toEqual(wanted.sort());
      expect(found.get('safe.z.test')).toEqual(['NS', 'DS', 'RRSIG', 'NSEC']);
      expect(queries).toBeLessThanOrEqual(1.1 * wanted.length);
    },
  );

  it('of two names takes two questions', async () => {
    const { result, queries } = await walk({ denial: 'nsec', records: '@ NS ns1.z.test.\nns1 A 10.0.0.1' });
    expect({ result, queries }).toEqual({ result: 'walked', queries: 2 });
  });

  it.each(['white', 'black', 'narrow'] as const)('ends at %s lies within 20 questions', async (denial) => {
    const { result, asked, evidence, names: found } = await walk({ denial });
    expect({ result, found: found.size }).toEqual({ result: 'lies', found: 0 });
    expect(asked).toBeLessThanOrEqual(20);
    expect(evidence.length).toBeGreaterThan(2);
  });

  it('tells hashed zones with their parameters, and unsigned ones', async () => {
    expect(await walk({ denial: 'nsec3' })).toMatchObject({
      result: 'hashed',
      evidence: ['NSEC3: SHA-1, 0 additional iterations, salt aabb'],
    });
    expect((await walk({ denial: 'plain' })).result).toBe('unsigned');
    expect(nsec3Words('1 1 12 -')).toBe('NSEC3: SHA-1, 12 additional iterations, no salt, opt-out');
  });

  it('ends at a chain that leads back or out', async () => {
    const back = (next: string) => (name: string, type: string) =>
      type === 'NSEC' && name === `${names[3]}.z.test` ? { values: [`${next} A RRSIG NSEC`] } : undefined;
    expect((await walk({ denial: 'nsec', code: back('host00000.z.test.') })).result).toBe('broken');
    expect((await walk({ denial: 'nsec', code: back('z.other.') })).result).toBe('broken');
  });

  it('ends at a chain of names that do not exist', async () => {
    let made = 0;
    const endless = (_name: string, type: string) =>
      type === 'NSEC' ? { values: [`n${String(made++).padStart(9, '0')}.z.test. A RRSIG NSEC`] } : undefined;
    const { result, asked, evidence } = await walk({
      denial: 'plain',
      records: '@ NS ns1.z.test.\nns1 A 10.0.0.1',
      code: endless,
    });
    expect(result).toBe('broken');
    expect(evidence[0]).toContain('does not exist');
    expect(asked).toBeLessThanOrEqual(20);
  });
});
