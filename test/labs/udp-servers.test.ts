/**
 * The truth about UDP payloads: real servers answer them, and the answer echoes our id.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { udpPayloads } from '../../src/techniques/payloads/index.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { mustRunSync, until } from '../net/lab/process.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { scriptCommand } from '../net/lab/script.ts';
import { type UdpServer, udpServerCommand, udpServers } from '../net/lab/udp-servers.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('real servers', () => {
  let lab: Lab<'host'>;
  let ask: Ask;
  beforeAll(async () => {
    lab = await createLab({ targets: { host: { at: 'near' } } });
    // An outer side for the server that maps ports between two.
    lab.targets.host.namespace.ip(
      'link add ext0 type veth peer name ext1',
      'link set ext0 up',
      'link set ext1 up',
      'addr add 203.0.113.1/24 dev ext0',
      'route add 224.0.0.0/4 dev eth0',
    );
    ask = startAsker(lab);
  });
  afterAll(() => lab?.close());

  for (const server of udpServers) {
    const payloads = Object.keys(server.answers).join(', ');
    const absent = existsSync(server.binary) ? '' : ` (not installed: ${server.package})`;
    test.skipIf(absent !== '')(`${server.name} answers ${payloads}${absent}`, async () => {
      const said = startServer(lab, server);
      try {
        for (const [name, at] of Object.entries(server.answers))
          await expectAnswer(lab, ask, server, name, at, said);
      } finally {
        await endAll(lab);
      }
    });
  }
});

type Ask = (question: object) => Promise<{ readonly answer?: string; readonly port?: number }>;

async function expectAnswer(
  lab: Lab<'host'>,
  ask: Ask,
  server: UdpServer,
  name: string,
  at: { readonly port?: number; readonly sourcePort?: number },
  said: () => string,
): Promise<void> {
  const payload = udpPayloads.find((each) => each.name === name);
  if (payload === undefined) throw new Error(`there is no payload ${name}`);
  const port = at.port ?? server.port;
  expect(payload.ports).toContain(port);
  // Bits on both sides of every boundary, so that truncation and sign show.
  const id = 0x9abcdef1;
  const question = {
    host: lab.targets.host.v4,
    port,
    payload: Buffer.from(payload.build(id)).toString('hex'),
  };
  const { answer, port: from } = await ask({ ...question, tries: mostTries, sourcePort: at.sourcePort });
  expect(answer, `${server.name} is silent on ${name}\n${said()}`).toBeDefined();
  expect(from === port, `answered from port ${from}`).toBe(payload.repliesFromOtherPort !== true);
  const bytes = Buffer.concat([Buffer.alloc(3), Buffer.from(answer as string, 'hex'), Buffer.alloc(3)]);
  if (payload.answers === undefined) return;
  expect(payload.answers(bytes, 3, bytes.length - 3, id), answer).toBe(true);
  expect(payload.answers(bytes, 3, bytes.length - 3, id ^ 0x0101_0101), answer).toBe(false);
}

function startServer(lab: Lab<'host'>, server: UdpServer): () => string {
  const dir = join(lab.folder, server.name);
  mkdirSync(dir);
  const { namespace, v4 } = lab.targets.host;
  const child = namespace.spawn(udpServerCommand(server, dir, v4), { env: server.env?.(dir) ?? {} });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  }
  return () => said;
}

/** Some servers are several processes, and some change their user: all that runs on the host is ended. */
async function endAll(lab: Lab<'host'>): Promise<void> {
  const { name } = lab.targets.host.namespace;
  await until(`${name} to be empty`, () => {
    const pids = mustRunSync(['ip', 'netns', 'pids', name]).split(/\s+/).filter(Boolean);
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself since it was listed.
      }
    }
    return pids.length === 0;
  });
}

/** Asks from the scanner's namespace, one question at a time. */
function startAsker(lab: Lab): Ask {
  const [program, ...args] = lab.scanner.namespace.command(scriptCommand('udp-asker.ts')) as [
    string,
    ...string[],
  ];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  return async (question) => {
    await ready;
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error('the asker ended');
    return JSON.parse(line.value) as { answer?: string; port?: number };
  };
}

/** Four a second: a server that needs longer to start than this is broken. */
const mostTries = 60;
