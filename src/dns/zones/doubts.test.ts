import { expect, it } from 'vitest';
import { SeededRandom } from '../../base/random.ts';
import { type FakeNetwork, FakeWorld } from '../fake-zone.laws.ts';
import { Doubts } from './doubts.ts';

async function doubt(names: readonly string[], records: string, network: FakeNetwork) {
  const world = new FakeWorld(
    [{ apex: 'z.test', servers: ['10.0.0.1'], records: `@ NS ns1.z.test.\nns1 A 10.0.0.1\n${records}` }],
    network,
  );
  const random = new SeededRandom(3);
  const caught: string[] = [];
  const doubts = new Doubts(
    world,
    (bound) => random.nextBelow(bound),
    (zone, { server, values }) => caught.push(`${zone} ${server} ${values}`),
  );
  const invented: string[] = [];
  for (const name of names) {
    const answer = await world.ask({ name, type: 'A' });
    if (answer.kind === 'answer' && (await doubts.isInvented(name, answer))) invented.push(name);
  }
  return { invented, caught, asked: world.asked.length };
}

it('addresses of a resolver that answers for everything are believed of names alone that exist', async () => {
  const names = ['www.z.test', 'no.z.test', 'same.z.test', 'none.z.test'];
  const { invented, caught } = await doubt(names, 'www A 10.0.0.7\nsame A 10.66.6.6', {
    hijack: ['10.66.6.6'],
  });
  expect(invented).toEqual(['no.z.test', 'none.z.test']);
  expect(caught).toEqual(['z.test 192.0.2.53 10.66.6.6']);
});

it('a wildcard is no invention, and an honest resolver is asked once', async () => {
  expect(await doubt(['a.z.test', 'b.z.test'], '* A 10.9.9.9', {})).toMatchObject({
    invented: [],
    caught: [],
  });
  const { asked } = await doubt(['www.z.test', 'mail.z.test'], 'www A 10.0.0.7\nmail A 10.0.0.8', {});
  expect(asked).toBe(3);
});
