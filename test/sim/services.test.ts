/** Services, over the simulated network: hosts that talk by scripts, on a virtual clock. */

import { beforeAll, expect, test } from 'vitest';
import { samples } from '../../src/detect/service/samples.laws.ts';
import { makeCertificate } from '../../src/dial/certificate.laws.ts';
import type { Talk } from '../../src/dial/talk.laws.ts';
import type { Limits } from '../../src/engine/scheduler-options.ts';
import { identity } from '../../src/scan/phases/identity.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { services } from '../../src/scan/phases/services/phase.ts';
import type { HostModel } from './network.ts';
import { type Outcome, simulateChecked } from './run.ts';

beforeAll(() => services.prepare?.());

const page = 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n';
const talks: Readonly<Record<number, Talk>> = {
  // Greets, and knows a word.
  1: {
    steps: [
      { says: '220 (vsFTPd 3.0.3)\r\n' },
      { hears: 'FEAT', says: '211-Features:\r\n PASV\r\n211 End\r\n' },
    ],
  },
  // Waits for a request.
  2: { steps: [{ hears: '\r\n\r\n', says: page, ends: 'fin' }] },
  // Speaks TLS alone.
  3: {
    steps: [{ hears: 'GET', says: page, ends: 'fin' }],
    tls: { version: 'TLSv1.3', cipher: 'X', alpn: 'http/1.1', certificates: [Uint8Array.of(1)] },
  },
  // Accepts and never speaks.
  4: {},
  // Closes at once.
  5: { steps: [{ ends: 'fin' }] },
  // A byte a second, for ever.
  6: { steps: [{ says: 'x', delayUs: 1_000_000, repeats: 1000 }] },
  // Without end.
  7: { steps: [{ says: 'A'.repeat(1000), repeats: 100_000 }] },
  // A banner that nobody knows.
  8: { steps: [{ says: 'hello \x1b[2J\r\n' }] },
  // Not done within the time that anybody is heard.
  9: { steps: [{ says: 'x', delayUs: 150_000, repeats: 1000 }] },
};

const server = (ports: Readonly<Record<number, Talk>>): HostModel => ({
  port: (port) => (port in ports ? 'open' : 'closed'),
  talk: (port) => ports[port] ?? {},
});

const look = (
  hosts: readonly HostModel[],
  ports: number,
  path = { rttUs: 20_000, loss: 0 },
  limits: Partial<Limits> = {},
): Promise<Outcome> => simulateChecked({ seed: 9, path, hosts, ports, limits, phases: [services as Phase] });

test('what listens is found out, port by port, and what it cost is told', async () => {
  const { services: found, ends } = await look([server(talks)], 10);
  const told = Object.fromEntries(
    found.map(({ service: { port, name, product, version, tls, stopped, connections } }) => [
      port,
      [name, product, version, tls, stopped, connections],
    ]),
  );
  expect(told).toEqual({
    1: ['ftp', 'vsftpd', '3.0.3', false, undefined, 1],
    2: ['http', 'nginx', '1.22.1', false, undefined, 1],
    // Plain words get the answer as well: this script is no real TLS.
    3: ['http', 'nginx', '1.22.1', false, undefined, 1],
    4: [null, undefined, undefined, false, undefined, 6],
    5: [null, undefined, undefined, false, undefined, 1],
    // The first byte is what its words were answered by.
    6: [null, undefined, undefined, false, undefined, 1],
    7: [null, undefined, undefined, false, 'bytes', 1],
    8: [null, undefined, undefined, false, undefined, 1],
    9: [null, undefined, undefined, false, 'timeout', 1],
  });
  expect(found.find(({ service: { port } }) => port === 8)?.service.banner).toBe('hello \\x1b[2J\\r\\n');
  expect(ends).toEqual(['done']);
});

test('what is lost on the way does not change what is found', async () => {
  const { services: found } = await look([server({ 1: talks[1] as Talk, 2: talks[2] as Talk })], 3, {
    rttUs: 100_000,
    loss: 0.05,
  });
  expect(found.map(({ service: { port, version } }) => `${port} ${version}`).toSorted()).toEqual([
    '1 3.0.3',
    '2 1.22.1',
  ]);
});

test('200 ports that never speak take less than eight seconds, and nothing is made of them', async () => {
  const silent = server(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [i + 1000, {}])));
  const { services: found, elapsedMs } = await look([silent], 1300);
  expect(found).toHaveLength(200);
  expect(found.every(({ service: { name } }) => name === null)).toBe(true);
  expect(elapsedMs).toBeLessThan(8000);
});

test('a host whose time is over in the middle of a talk is left at once, and what was not found out is told as that', async () => {
  const hosts = [server({ 1: talks[1] as Talk, 4: {} })];
  const path = { rttUs: 20_000, loss: 0 };
  const { services: found, elapsedMs } = await look(hosts, 9, path, { hostTimeoutUs: 1_500_000 });
  const told = found.map(({ service: { port, name, stopped } }) => [port, name, stopped]);
  expect(told.toSorted()).toEqual([
    [1, 'ftp', undefined],
    [4, null, 'timeout'],
  ]);
  expect(elapsedMs).toBeLessThan(1600);
});

test('keys are asked for by which addresses are known to be one host: the host key and the certificate come, all else is left', async () => {
  const openSsh = samples.find(({ protocol, facts }) => protocol === 'ssh' && facts?.['hostKeys']);
  const certificates = [Uint8Array.from(makeCertificate('one.test').der)];
  const host = server({
    22: { steps: [{ says: openSsh?.bytes as Uint8Array }] },
    80: talks[2] as Talk,
    443: { steps: [{ hears: 'GET', says: page }], tls: { version: 'TLSv1.3', cipher: 'X', certificates } },
  });
  const phases = [identity as Phase];
  const { services: found } = await simulateChecked({
    ...{ seed: 9, path: { rttUs: 20_000, loss: 0 }, hosts: [host], ports: 450, phases },
  });
  const shown = found.map(({ phase, service: { port, extra, certificate } }) => [
    ...[phase, port, extra?.['hostKeys'], certificate?.subject],
  ]);
  expect(shown.toSorted()).toEqual([
    [9, 22, openSsh?.facts?.['hostKeys'], undefined],
    [9, 443, undefined, 'CN=one.test'],
  ]);
});
