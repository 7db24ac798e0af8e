/**
 * Our own link goes away in the middle of a scan and comes back: the scan waits, goes on by itself, and judges
 * no port by what it could not hear. By packets and by connections.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab } from '../net/lab/lab.ts';
import { portolan } from '../net/lab/portolan.ts';
import { labMissing } from '../net/lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('an outage of our own link', () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab({
      // With one transmission a port whose refusal a limit swallows cannot be told from one that is silent.
      everyError: true,
      targets: {
        web: { tcp: '5,22', udp: '7,53', input: ['tcp dport 100-109 drop', 'udp dport 300-304 drop'] },
      },
    });
  });
  afterAll(() => lab?.close());

  /** What takes the link away, and what brings all of it back. */
  const outages = {
    'the interface is down': {
      away: () => lab.scanner.namespace.ip('link set eth0 down'),
      back: () => lab.scanner.namespace.ip('link set eth0 up', ...waysOf(lab)),
    },
    'the carrier is gone': {
      away: () => lab.router.namespace.ip('link set s0 down'),
      back: () => lab.router.namespace.ip('link set s0 up'),
    },
    'the route is gone': {
      away: () => lab.scanner.namespace.ip('route del 10.77.2.0/24', 'route del fd77:0:0:2::/64'),
      back: () => lab.scanner.namespace.ip(...waysOf(lab)),
    },
  } as const;

  // Both families at once: two hosts in the scan's eyes. Packets need no route once they know the neighbour.
  const scans = [
    { flag: '-sT', user: 'nobody', ports: 600, states: { open: 4, closed: 1176, filtered: 20 } },
    { flag: '-sU', user: 'nobody', ports: 320, states: { open: 4, closed: 626, 'open|filtered': 10 } },
    { flag: '-sS', user: 'root', ports: 600, states: { open: 4, closed: 1176, filtered: 20 } },
  ] as const;

  for (const [what, { away, back }] of Object.entries(outages)) {
    for (const { flag, user, ports, states } of scans) {
      if (what === 'the route is gone' && user === 'root') continue;
      it(`${flag}: ${what} for a while`, async () => {
        let heard = '';
        const { v4, v6 } = lab.targets.web;
        // One transmission: a silence that counted would be a verdict.
        const pace = [
          '--max-retries=0',
          `-p1-${ports}`,
          `--max-rate=${ports / 1.25}`,
          '-v',
          '--stats-every=100ms',
        ];
        const found = await portolan(lab, [flag, '-Pn', '-n', ...pace, v4, v6], {
          user,
          started: (child) => {
            child.stderr?.on('data', (text: string) => {
              const before = heard;
              heard += text;
              const first = (pattern: RegExp) => pattern.test(heard) && !pattern.test(before);
              // By the scan's own clock: half-way, and late enough for the kernel to have given the neighbour
              // up, which it says of the target after three seconds.
              if (first(/0:00:01 elapsed/)) away();
              if (first(/0:00:05 elapsed/)) back();
            });
          },
        });
        expect(found.stderr).toMatch(/the scan waits for it/);
        expect(found.stderr).toMatch(/is up again/);
        const counts: Record<string, number> = {};
        for (const { state } of found.ports().values()) counts[state] = (counts[state] ?? 0) + 1;
        expect(counts, found.stderr).toEqual(states);
        expect(found.status).toBe(0);
      });
    }
  }
});

/** The scanner's addresses and ways, as far as taking the interface down removes them. */
function waysOf({ scanner, router }: Lab): string[] {
  return [
    `addr replace ${scanner.v6}/64 dev eth0 nodad`,
    `route replace 10.77.2.0/24 via ${router.v4}`,
    `route replace fd77:0:0:2::/64 via ${router.v6}`,
  ];
}
