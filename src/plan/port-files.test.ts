import { expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { buildPlan } from './build-plan.ts';
import { fakeEnvironment } from './fake-environment.laws.ts';
import type { Request } from './request.ts';
import { textFiles } from './text-files.laws.ts';

const { folder, fileWith } = textFiles();

const portsOf = async (request: Partial<Request>, stdin = '') => {
  const input = async function* () {
    yield Buffer.from(stdin);
  };
  const plan = await buildPlan(
    { targets: ['10.0.0.1'], discovery: 'skip', techniques: ['connect', 'udp'], ...request },
    fakeEnvironment({ stdin: input() }),
  );
  return plan.groups[0]?.ports;
};

test('ports are read from a file, one a line or between commas, comments aside', async () => {
  const ports = `@${fileWith('# web\nT:80, 443\n8000-8010,\nssh # too\nU:53\n161\n')}`;
  expect(await portsOf({ ports })).toMatchObject({ tcp: '22,80,443,8000-8010', udp: '53,161' });
});

test('so are ports to leave out, and both may come from standard input', async () => {
  expect(await portsOf({ ports: 'T:1-5,U:1', excludePorts: `@${fileWith('2\n4\n')}` })).toMatchObject({
    tcp: '1,3,5',
  });
  expect(await portsOf({ ports: '@-' }, 'T:22\nU:53')).toMatchObject({ tcp: '22', udp: '53' });
});

test('a file that cannot be read or holds no ports is a bad request that names it', async () => {
  const line = async (ports: string) => (await refusal(() => portsOf({ ports }))).line;
  expect(await line(`@${folder}/none`)).toContain(`Cannot read ports from "${folder}/none": no such file`);
  expect(await line(`@${fileWith('22,http-\n')}`)).toContain('"http-"');
  expect(await line(`@${fileWith('# nothing\n')}`)).toContain('.txt": it holds none');
});
