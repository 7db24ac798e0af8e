import { expect, test } from 'vitest';
import { buildPlan } from '../plan/build-plan.ts';
import { fakeEnvironment } from '../plan/fake-environment.laws.ts';
import { scanFact } from './scan-fact.ts';
import { agendaOf } from './shard/agenda.ts';

test('the first fact carries the whole plan, and no secret of it', async () => {
  const plan = await buildPlan(
    {
      targets: ['10.0.0.0/30', '10.0.0.9'],
      exclude: ['10.0.0.2'],
      ports: '22,80',
      techniques: ['connect'],
      discovery: 'skip',
      proxies: ['socks5://me:secret@10.9.9.9:1080'],
      args: [
        '--proxies',
        'socks5://me:secret@10.9.9.9:1080',
        '--key',
        'secret',
        '--key=secret',
        '10.0.0.0/30',
      ],
      seed: 7,
    },
    fakeEnvironment(),
  );
  const fact = scanFact(plan, agendaOf(plan).ports, '2026-11-21T10:00:00.000Z');
  expect(fact).toMatchObject({
    n: 1,
    seed: 7,
    args: ['--proxies', 'socks5://10.9.9.9:1080', '--key', '***', '--key=***', '10.0.0.0/30'],
    targets: '10.0.0.0-10.0.0.1,10.0.0.3,10.0.0.9',
    excluded: '10.0.0.2',
    questions: [{ technique: 'connect', protocol: 'tcp', ports: '22,80', count: 2 }],
    options: { goal: 'ports', engine: 'connect', discovery: [], proxies: ['socks5://10.9.9.9:1080'] },
  });
  expect(JSON.stringify(fact)).not.toContain('secret');
});

test.each([
  [['syn'], 'linux: MSS 1460'],
  [['ack', 'syn'], 'linux: MSS 1460'],
  [['ack', 'fin'], undefined],
] as const)('the first fact of %j says how a SYN looks where one is sent', async (techniques, profile) => {
  const request = { targets: ['10.0.0.9'], ports: '22', techniques, args: [], discovery: 'skip' } as const;
  const plan = await buildPlan(request, fakeEnvironment());
  expect(scanFact(plan, agendaOf(plan).ports, '2026-11-21T10:00:00.000Z').profile?.slice(0, 15)).toBe(
    profile,
  );
});

test.each(['p@ss-secret', 'p ss-secret', '%40secret'])(
  'no password is told in part: %s',
  async (password) => {
    const url = `socks5://me:${password}@10.9.9.9:1080`;
    const plan = await buildPlan(
      {
        targets: ['10.0.0.1'],
        techniques: ['connect'],
        discovery: 'skip',
        proxies: [url, 'http://h:1'],
        args: ['--proxies', `${url},http://h:1`, `--proxies=${url}`],
      },
      fakeEnvironment(),
    );
    const { args, options } = scanFact(plan, agendaOf(plan).ports, '2026-11-21T10:00:00.000Z');
    expect(args).toEqual([
      '--proxies',
      'socks5://10.9.9.9:1080,http://h:1',
      '--proxies=socks5://10.9.9.9:1080',
    ]);
    expect(options['proxies']).toEqual(['socks5://10.9.9.9:1080', 'http://h:1']);
  },
);
