/**
 * What listens on UDP ports: read in what the scan of ports has heard, without another packet, and asked where a port was
 * silent, which is open then.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceFact } from '../../src/model/service-fact.ts';
import { createLab, type Lab } from './lab/lab.ts';
import { portolan, type Scanned, summaryOf } from './lab/portolan.ts';
import { mustRunSync } from './lab/process.ts';
import { labMissing } from './lab/requirements.ts';
import { ready, scriptCommand } from './lab/script.ts';

const missing = labMissing();
const question = '0776657273696f6e0462696e640000100003';
const text = Buffer.from('dnsmasq-2.90').toString('hex');
/** A response with this question and one text. */
const says = `81800001000100000000${question}c00c0010000300000000000d0c${text}`;
const answer = { holds: question.slice(0, 16), says };

describe.skipIf(missing !== undefined)('UDP services', () => {
  let lab: Lab<'host'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      everyError: true,
      targets: { host: { input: ['udp dport 53 counter', 'udp dport 9960 drop'] } },
    });
    const argv = [...scriptCommand('datagram-program.ts'), JSON.stringify({ 53: answer, 9953: answer })];
    await ready('servers', lab.targets.host.namespace.spawn(argv));
  });
  afterAll(() => lab?.close());

  const ask = (user: 'root' | 'nobody', ...more: readonly string[]) =>
    portolan(lab, ['-sU', '-Pn', '-n', '-p', '53,9950-9960', ...more, lab.targets.host.v4], {
      user,
    });

  for (const user of ['root', 'nobody'] as const) {
    it(`as ${user}: a silent port that answers the words of another protocol is open, once`, async () => {
      const before = await ask(user);
      const { v4 } = lab.targets.host;
      expect(before.ports('udp').get(`${v4} udp/9953`)).toMatchObject({ state: 'open|filtered' });
      const scanned = await ask(user, '-sV');
      expect(scanned.status, scanned.stderr).toBe(0);
      expect(scanned.ports('udp').get(`${v4} udp/9953`)).toMatchObject({
        state: 'open',
        reason: 'udp-response',
      });
      expect(scanned.ports('udp').get(`${v4} udp/9960`)).toMatchObject({ state: 'open|filtered' });
      expect(summaryOf(scanned).ports).toEqual({ open: 2, closed: 9, 'open|filtered': 1 });
      const told = scanned.facts.filter((fact) => fact.type === 'port' && fact.port === 9953);
      expect(told).toHaveLength(1);
      expect(servicesOf(scanned).get(9953)).toMatchObject({
        protocol: 'udp',
        name: 'domain',
        product: 'dnsmasq',
        version: '2.90',
        via: 'domain',
        connections: 0,
      });
      // Of a port that stayed silent nothing is known, and nothing is said.
      expect(servicesOf(scanned).has(9960)).toBe(false);
    });

    it(`as ${user}: what the port scan has heard is read without another packet`, async () => {
      const start = counted(lab);
      await ask(user);
      const plain = counted(lab) - start;
      const scanned = await ask(user, '-sV');
      expect(counted(lab) - start - plain).toBe(plain);
      expect(servicesOf(scanned).get(53)).toMatchObject({
        name: 'domain',
        version: '2.90',
        via: 'scan',
        connections: 0,
        bytes: 0,
      });
    });
  }

  it('with --evidence the record has the talk, and the rule that named the product', async () => {
    const found = servicesOf(await ask('nobody', '-sV', '--evidence'));
    const heard = expect.stringContaining('dnsmasq-2.90');
    expect(found.get(53)?.talk).toEqual([{ connection: 0, said: '', heard }]);
    expect(found.get(53)?.rule).toMatch(/^version \/\^dnsmasq/);
    expect(found.get(9953)?.talk).toContainEqual({
      connection: 1,
      word: 'domain',
      said: expect.stringContaining('\\x07version\\x04bind'),
      heard,
    });
    expect(servicesOf(await ask('nobody', '-sV')).get(53)).not.toHaveProperty('talk');
  });

  it('XML has the port as open', async () => {
    const file = join(lab.folder, 'services.xml');
    await ask('root', '-sV', '-oX', file);
    const xml = readFileSync(file, 'utf8');
    expect(xml).toMatch(/portid="9953">\s*<state state="open" reason="udp-response"/);
    expect(xml).toMatch(
      /portid="9953">\s*<state [^>]*>\s*<service name="domain" product="dnsmasq" version="2.90"/,
    );
  });
});

function servicesOf({ facts }: Scanned): ReadonlyMap<number, ServiceFact> {
  return new Map(facts.flatMap((fact) => (fact.type === 'service' ? [[fact.port, fact] as const] : [])));
}

/** Datagrams that came to port 53. */
function counted({ targets: { host } }: Lab<'host'>): number {
  const rules = mustRunSync(['ip', 'netns', 'exec', host.namespace.name, 'nft', 'list', 'ruleset']);
  return Number(/udp dport 53 counter packets (\d+)/.exec(rules)?.[1]);
}
