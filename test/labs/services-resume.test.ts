/**
 * A scan that is killed in the middle of its talks and resumed tells the same of every service: talks that were cut in two
 * are repeated, and no other. PORTOLAN_ROUNDS says how often.
 *
 * @module
 */

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import type { RecordedFact } from '../../src/model/fact.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { portolan, portolanCommand } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';
import { ready, scriptCommand } from '../net/lab/script.ts';

const missing = labMissing();
const rounds = Number(process.env['PORTOLAN_ROUNDS'] ?? 50);
const seed = Number(process.env['PORTOLAN_SEED'] ?? Date.now() % 2 ** 32);
const minuteMs = 60_000;
/** A name server's answer to the question for its version, behind the number of the question. */
const question = '0776657273696f6e0462696e640000100003';
const names = {
  holds: question.slice(0, 16),
  says: `81800001000100000000${question}c00c0010000300000000000d0c${Buffer.from('dnsmasq-2.90').toString('hex')}`,
};
/** Those without a greeting take some seconds each. */
const speakers = {
  22: { says: 'SSH-2.0-OpenSSH_9.2p1\r\n', closes: true },
  2021: { says: '220 (vsFTPd 3.0.3)\r\n', closes: true },
  2525: { says: '220 mx.lab ESMTP Postfix\r\n', closes: true },
  7001: {},
  7002: {},
  7003: { says: 'nobody knows this\r\n', closes: true },
  8000: { closes: true },
};
const scan = [
  '-sS',
  '-sU',
  '-sV',
  '-Pn',
  '-n',
  '--seed',
  '7',
  '-p',
  `T:${Object.keys(speakers).join()},U:53,9951-9954`,
];

describe.skipIf(missing !== undefined)('talks that are killed and resumed', () => {
  let lab: Lab<'host'>;
  let journals: string;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      everyError: true,
      targets: { host: { input: ['udp dport 9954 drop'] } },
    });
    const { namespace } = lab.targets.host;
    const datagrams = JSON.stringify({ 53: names, 9953: names });
    await Promise.all([
      ready('speakers', namespace.spawn([...scriptCommand('speaker-program.ts'), JSON.stringify(speakers)])),
      ready('names', namespace.spawn([...scriptCommand('datagram-program.ts'), datagrams])),
    ]);
    journals = join(lab.folder, 'journals');
    mkdirSync(journals);
  });
  afterAll(() => lab?.close());

  it(
    `${rounds} times at any moment: the same facts`,
    async () => {
      const random = new SeededRandom(seed);
      const args = [...scan, lab.targets.host.v4];
      const started = performance.now();
      const model = await portolan(lab, args);
      const ms = performance.now() - started;
      expect(model.status, model.stderr).toBe(0);
      const known = statements(model.facts);
      expect(known.filter((line) => line.startsWith('service'))).toHaveLength(9);
      for (let round = 0; round < rounds; round++) {
        const journal = join(journals, `${round}.journal`);
        const killMs = Math.round(random.nextFloat() * ms);
        const told = `seed ${seed}, round ${round}, killed after ${killMs} ms`;
        const killed = await lab.scanner.namespace.run(
          portolanCommand(lab, [...args, '--journal', journal, '-oJ', '-']),
          { started: (child) => void setTimeout(() => child.kill('SIGKILL'), killMs).unref() },
        );
        const shown = statements(factsOf(killed.stdout));
        // Killed before there was a plan in the journal: nothing had been sent.
        if (!existsSync(journal)) continue;
        const resumed = await portolan(lab, ['--resume', journal]);
        if (/ends before its plan|is no journal/.test(resumed.stderr)) continue;
        expect(resumed.status, `${told}\n${resumed.stderr}`).toBe(0);
        expect(statements(resumed.facts), told).toEqual(known);
        // What had been shown is not found out again.
        expect(
          shown.filter((line) => !known.includes(line)),
          told,
        ).toEqual([]);
        rmSync(journal);
      }
    },
    rounds * minuteMs,
  );
});

/** The whole lines of a record. */
function factsOf(stdout: string): readonly RecordedFact[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RecordedFact);
}

/** What is said of ports and services, without what varies from run to run. */
function statements(facts: readonly RecordedFact[]): readonly string[] {
  return facts
    .flatMap((fact) => {
      if (fact.type === 'port') return [`port ${fact.protocol} ${fact.port} ${fact.state} ${fact.reason}`];
      if (fact.type !== 'service') return [];
      const { protocol, port, name, product, version, via, connections, banner } = fact;
      return [
        `service ${JSON.stringify([protocol, port, name, product, version, via, connections, banner])}`,
      ];
    })
    .sort();
}
