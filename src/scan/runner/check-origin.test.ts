/** Source ports that are taken, on the loopback. */

import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { PortolanError } from '../../base/errors.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import type { Request } from '../../plan/request.ts';
import { hasLibc } from '../../system/ffi.ts';
import { run } from '../scan.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test.skipIf(!hasLibc)('a source port that is in use ends the scan before it begins', async () => {
  const port = await taken('0.0.0.0');
  const { facts, error } = await begin({ targets: ['127.0.0.1'], packet: { sourcePort: port } });
  expect(facts).toEqual([]);
  expect(error).toMatchObject({ code: 'not-available', exit: 4 });
  expect((error as PortolanError).line).toBe(
    `Cannot come from port ${port}: another program of this machine uses it; try: another packet.sourcePort`,
  );
});

test.skipIf(!hasLibc)('a port that the other family uses is free', async () => {
  const port = await taken('0.0.0.0');
  const { facts, error } = await begin({ targets: ['::1'], packet: { sourcePort: port } });
  expect(error).toBeUndefined();
  expect(facts).toContain('scan');
});

/** The kinds of facts of a scan that begins, up to the one that tells the plan. */
async function begin(request: Partial<Request>) {
  const asked: Request = { targets: [], techniques: ['connect'], ports: '1', discovery: 'skip', ...request };
  const plan = await buildPlan({ reverseNames: 'never', ...asked }, fakeEnvironment());
  const facts: string[] = [];
  try {
    for await (const { type } of run(plan)) {
      facts.push(type);
      if (type === 'scan') break;
    }
    return { facts, error: undefined };
  } catch (error) {
    return { facts, error };
  }
}

async function taken(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}
