/**
 * What a sweep finds open is talked with while it goes on, each port once, and before its host is done.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFor, createLab, type Lab } from './lab/lab.ts';
import { portolan, summaryOf } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';
import { ready, scriptCommand } from './lab/script.ts';

const missing = labMissing();
/** Addresses that the target answers for besides its own. */
const network = '10.99.0.0/25';
const hosts = 128;

describe.skipIf(missing !== undefined)('services of a sweep', () => {
  let lab: Lab<'host'>;
  beforeAll(async () => {
    lab = await createLab({ wire: { delayMs: 1 }, targets: { host: {} } });
    answerFor(lab, lab.targets.host, network);
    const plan = {
      22: { says: 'SSH-2.0-OpenSSH_9.2p1\r\n' },
      2525: { says: '220 mx.lab ESMTP Postfix\r\n' },
    };
    const argv = [...scriptCommand('speaker-program.ts'), JSON.stringify(plan)];
    await ready('servers', lab.targets.host.namespace.spawn(argv));
  });
  afterAll(() => lab?.close());

  it('are told of every host, once, before it is done', async () => {
    const found = await portolan(lab, [
      '--sweep',
      '-sS',
      '-sV',
      '--version-intensity',
      '0',
      '-n',
      '-p',
      '22,80,2525',
      network,
    ]);
    expect(found.status, found.stderr).toBe(0);
    const told = found.facts.flatMap((fact) =>
      fact.type === 'service' ? [`${fact.host} ${fact.port} ${fact.name}`] : [],
    );
    expect(new Set(told).size).toBe(2 * hosts);
    expect(told).toHaveLength(2 * hosts);
    expect(told.filter((line) => line.endsWith(' 22 ssh'))).toHaveLength(hosts);
    expect(told.filter((line) => line.endsWith(' 2525 smtp'))).toHaveLength(hosts);
    expect(summaryOf(found).ports).toEqual({ open: 2 * hosts, closed: hosts });
  });
});
