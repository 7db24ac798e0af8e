/**
 * `--dry-run` against the summary of the same scan: whichever of its cases the lab is, packets, bytes and, where
 * the rate is bounded, time lie within a fifth.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SummaryFact } from '../../src/model/fact.ts';
import type { Cost, Forecast } from '../../src/plan/forecast.ts';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { portolan, portolanCommand } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('a forecast is met within a fifth', () => {
  type Name = 'web' | 'silent' | 'near' | 'mute' | 'frank';
  let lab: Lab<Name>;
  const silence = ['meta l4proto { tcp, udp, sctp } drop'];
  beforeAll(async () => {
    lab = await createLab({
      targets: {
        web: { tcp: '22,80' },
        silent: { input: silence, addresses: 4 },
        near: { at: 'near', addresses: 3 },
        mute: { at: 'near', input: silence },
        // Its kernel limits no ICMP errors, so that every closed port answers.
        frank: { tcp: '22,80', udp: '53,123' },
      },
      wire: { delayMs: 1 },
    });
    lab.targets.frank.namespace.sendEveryError();
  });
  afterAll(() => lab?.close());

  type Case = 'allAnswer' | 'noneAnswers' | 'nobodyThere';
  type Row = readonly [what: string, is: Case, args: (lab: Lab<Name>) => readonly string[]];
  const rows: readonly Row[] = [
    ['SYN, 1000 ports', 'allAnswer', ({ targets }) => ['-sS', '-p1-1000', targets.web.v4]],
    ['SYN, 1000 ports, IPv6', 'allAnswer', ({ targets }) => ['-sS', '-p1-1000', targets.web.v6]],
    ['SYN, on the own link', 'allAnswer', ({ targets }) => ['-sS', '-p1-1000', targets.near.v4]],
    ['SYN, a host that drops', 'noneAnswers', ({ targets }) => ['-sS', '-p1-1000', targets.silent.v4]],
    ['SYN, a host that drops, IPv6', 'noneAnswers', ({ targets }) => ['-sS', '-p1-1000', targets.silent.v6]],
    [
      'SYN, 5000 ports, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '-p1-5000', targets.silent.v4],
    ],
    ['SYN, -F, a host that drops', 'noneAnswers', ({ targets }) => ['-sS', '-F', targets.silent.v4]],
    [
      'SYN, few ports, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '-p1-30', targets.silent.v4],
    ],
    [
      'SYN, several hosts that drop',
      'noneAnswers',
      ({ targets }) => ['-sS', '-p1-500', `${targets.silent.v4}-14`],
    ],
    [
      'SYN, on the own link, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '-p1-300', targets.mute.v4],
    ],
    ['SCTP, a host that drops', 'noneAnswers', ({ targets }) => ['-sY', '-p1-300', targets.silent.v4]],
    [
      'SYN, -Pn, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '-Pn', '-p1-500', targets.silent.v4],
    ],
    ['SYN, nobody there', 'nobodyThere', ({ nobody }) => ['-sS', '-p1-1000', nobody.v4]],
    ['connect', 'allAnswer', ({ targets }) => ['-sT', '-p1-1000', targets.web.v4]],
    ['connect, IPv6', 'allAnswer', ({ targets }) => ['-sT', '-p1-1000', targets.web.v6]],
    ['connect, a host that drops', 'noneAnswers', ({ targets }) => ['-sT', '-p1-300', targets.silent.v4]],
    [
      'UDP, payloads, a host that answers',
      'allAnswer',
      ({ targets }) => ['-sU', '-p1-1024', targets.frank.v4],
    ],
    [
      'UDP, payloads, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sU', '-Pn', '-p50-200,5000-5100', targets.silent.v4],
    ],
    ['discovery of a /24 with few', 'nobodyThere', () => ['-sn', '10.77.2.0/24']],
    ['discovery of the own /24', 'nobodyThere', () => ['-sn', '10.77.1.0/24']],
    ['discovery by one probe', 'nobodyThere', () => ['-sn', '-PS80', '10.77.2.0/24']],
    ['three techniques', 'allAnswer', ({ targets }) => ['-sS', '-sA', '-sU', '-p1-500', targets.frank.v4]],
    ['fragments', 'allAnswer', ({ targets }) => ['-sS', '-f', '-p1-500', targets.web.v4]],
    [
      'decoys',
      'allAnswer',
      ({ targets }) => ['-sS', '-D', '10.77.1.77,10.77.1.78,ME', '-p1-500', targets.web.v4],
    ],
    ['traceroute', 'allAnswer', ({ targets }) => ['-sS', '--traceroute', '-p1-1000', targets.web.v4]],
    [
      'one retransmission',
      'noneAnswers',
      ({ targets }) => ['-sS', '--max-retries', '1', '-p1-300', targets.silent.v4],
    ],
    ['a rate bound', 'allAnswer', ({ targets }) => ['-sS', '--max-rate', '500', '-p1-1000', targets.web.v4]],
    [
      'a rate bound, connect',
      'allAnswer',
      ({ targets }) => ['-sT', '--max-rate', '500', '-p1-1000', targets.web.v4],
    ],
    [
      'a rate bound, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '--max-rate', '500', '-p1-500', targets.silent.v4],
    ],
    [
      'a rate bound, -Pn, a host that drops',
      'noneAnswers',
      ({ targets }) => ['-sS', '--max-rate', '500', '-Pn', '-p1-500', targets.silent.v4],
    ],
    [
      'a rate bound, several hosts that drop',
      'noneAnswers',
      ({ targets }) => ['-sS', '--max-rate', '500', '-p1-200', `${targets.silent.v4}-14`],
    ],
  ];

  for (const [what, is, argsOf] of rows) {
    it(what, async () => {
      const args = ['-n', ...argsOf(lab)];
      const dry = await lab.scanner.namespace.run(portolanCommand(lab, ['--dry-run', '-oJ', '-', ...args]));
      const forecast = JSON.parse(dry.stdout) as Forecast;
      const told = forecast[is] as Cost;
      const { facts, stderr } = await portolan(lab, args);
      const { packets, bytes, elapsedMs } = facts.at(-1) as SummaryFact;
      const off = {
        packets: packets.sent / told.packets - 1,
        bytes: bytes.sent / told.bytes - 1,
        ...(forecast.rate === 'bounded' && { time: elapsedMs / told.durationMs - 1 }),
      };
      const far = Object.entries(off).filter(([, share]) => !(Math.abs(share) <= 0.2));
      expect(
        far,
        `${JSON.stringify({ told, sent: packets.sent, bytes: bytes.sent, elapsedMs })} ${stderr}`,
      ).toEqual([]);
    });
  }
});
