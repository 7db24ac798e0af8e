/** Options that bound the pace, and those for big scans. @module */

import { timingNames } from '../../plan/request.ts';
import { type Draft, type Flag, Unacceptable } from './flag.ts';
import { readCount, readRatePps, readText, readTimeMs } from './values.ts';

/** Timing and big scans. */
export const timingFlags: readonly Flag[] = [
  {
    name: 'T',
    value: '0-5',
    choices: [...timingNames.keys()].map(String).concat(timingNames),
    category: 'timing',
    summary: 'Timing template, by number or name, paranoid (0) to insane (5)',
    help: 'Templates bound the pace; within the bounds it is found by measuring.',
    set(value, { request }) {
      request.timing = timingNames[Number(value)] ?? timingNames.find((name) => name === value) ?? 'normal';
    },
  },
  {
    name: 'min-rate',
    value: 'RATE',
    category: 'timing',
    summary: 'Never slower than this many packets per second',
    set(value, { request }) {
      request.minRatePps = readRatePps(value, 0);
    },
  },
  {
    name: 'max-rate',
    value: 'RATE',
    category: 'timing',
    summary: 'Never faster than this; 0: no rate control at all',
    set(value, { request }) {
      request.maxRatePps = readRatePps(value, 0);
    },
  },
  {
    name: 'max-retries',
    value: 'N',
    category: 'timing',
    summary: 'At most N retransmissions of a probe',
    set(value, { request }) {
      request.maxRetries = readCount(value, 0, 50);
    },
  },
  timeFlag('scan-delay', 'scanDelayMs', 'At least this long between two probes to a host'),
  {
    ...timeFlag('host-timeout', 'hostTimeoutMs', 'Give up on a host after this long; 0: never'),
    set(value, { request }) {
      const timeMs = readTimeMs(value);
      if (timeMs > 0) request.hostTimeoutMs = timeMs;
    },
  },
  timeFlag(
    'initial-rtt-timeout',
    'initialRttTimeoutMs',
    'Wait this long for an answer before any is known',
    1,
  ),
  timeFlag('min-rtt-timeout', 'minRttTimeoutMs', 'Never wait less than this for an answer', 1),
  timeFlag('max-rtt-timeout', 'maxRttTimeoutMs', 'Never wait longer than this for an answer', 1),
  {
    name: 'max-parallelism',
    value: 'N',
    category: 'timing',
    summary: 'At most N probes outstanding per host',
    set(value, { request }) {
      request.maxParallelism = readCount(value, 1, 1_000_000);
    },
  },
  {
    name: 'shard',
    value: 'I/N',
    category: 'big',
    summary: 'Do only the I-th of N equal parts (from 1)',
    help: 'All parts need the same options and the same --seed.',
    set(value, { request }) {
      const match = /^(\d{1,6})\/(\d{1,6})$/.exec(value);
      const [index, count] = [Number(match?.[1]), Number(match?.[2])];
      if (!(index >= 1 && index <= count)) throw new Unacceptable('I/N with I from 1 to N, such as 1/4');
      request.shard = { index, count };
    },
  },
  {
    name: 'seed',
    value: 'N',
    category: 'big',
    summary: 'The number that decides the order of the probes',
    set(value, { request }) {
      request.seed = readCount(value, 0, 2 ** 32 - 1);
    },
  },
  {
    name: 'sweep',
    category: 'big',
    summary: 'Keep no state per probe: only answers are reported',
    help: 'For any number of addresses and ports in little memory. No host discovery; what does not answer is asked again (once, or --max-retries times) and then only counted.',
    set(_value, { request }) {
      request.sweep = true;
    },
  },
  {
    ...timeFlag('cooldown', 'cooldownMs', 'Listen this long after the last probe of a sweep', 0, 'big'),
    help: 'By default four times the largest round trip seen, from 200 ms to 8 s.',
  },
  {
    name: 'engine',
    value: 'NAME',
    choices: ['auto', 'packet', 'xdp', 'connect'],
    category: 'big',
    summary: 'How probes leave: auto, packet, xdp or connect',
    set(value, { request }) {
      request.engine = value as 'auto' | 'packet' | 'xdp' | 'connect';
    },
  },
  {
    name: 'journal',
    value: 'FILE',
    category: 'big',
    summary: 'Write down all that is learnt, so that the scan can be resumed',
    help: '% words in the name stand for the time, as in those of reports.',
    set(value, { request }) {
      request.journal = readText(value);
    },
  },
  {
    name: 'resume',
    value: 'FILE',
    category: 'big',
    summary: 'Go on with the scan of this journal',
    help: 'The plan is in the journal. Besides, only reports, what is shown, exclusions and the same scope can be given.',
    set(value, { request }) {
      request.resume = readText(value);
    },
  },
];

type TimeField = keyof Draft['request'] & `${string}Ms`;

function timeFlag(
  name: string,
  field: TimeField,
  summary: string,
  lowMs = 0,
  category: Flag['category'] = 'timing',
): Flag {
  return {
    name,
    value: 'TIME',
    category,
    summary,
    set(value, { request }) {
      request[field] = readTimeMs(value, lowMs);
    },
  };
}
