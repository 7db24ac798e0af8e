/**
 * The evidence of a run holds every packet that its summary counts, whoever sent it.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFor, createLab, type Lab } from './lab/lab.ts';
import { portolan, portolanCommand, summaryOf } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();
const minuteMs = 60_000;
/** Addresses that the target answers for besides its own. */
const network = '10.99.0.0/20';

describe.skipIf(missing !== undefined)('the evidence', () => {
  let lab: Lab<'web'>;
  beforeAll(async () => {
    lab = await createLab({ targets: { web: { tcp: '80' } } });
    answerFor(lab, lab.targets.web, network);
  });
  afterAll(() => lab?.close());

  const packets = (file: string, filter: string) => {
    const args = ['-n', '-q', '-t', '-r', file, filter];
    return execFileSync('tcpdump', args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 })
      .split('\n')
      .filter(Boolean).length;
  };

  it.each([[['--sweep']], [['-Pn']]])(
    'of two workers is one file with every packet: %j',
    { timeout: 3 * minuteMs },
    async (options) => {
      const file = join(lab.folder, `evidence${options[0]}.pcapng`);
      const args = ['-n', '-sS', '-p1-17', '--max-retries', '0', '-oP', file, ...options, network];
      const { packets: counted, exit } = summaryOf(await portolan(lab, args));
      expect(exit).toBe('done');
      expect(counted.sent).toBeGreaterThanOrEqual(4096 * 17);
      const sent = packets(file, `src host ${lab.scanner.v4}`);
      expect(sent).toBe(counted.sent);
      // A router's ARP answer to one worker is heard by the other as well.
      const received = packets(file, `dst host ${lab.scanner.v4} and not arp`);
      const answers = packets(file, `arp[6:2] = 2 and dst host ${lab.scanner.v4}`);
      expect(counted.received).toBeGreaterThanOrEqual(received);
      expect(counted.received - received).toBeLessThanOrEqual(answers);
    },
  );

  it('holds the connections that the kernel makes, and nobody else’s', { timeout: minuteMs }, async () => {
    const file = join(lab.folder, 'connect.pcapng');
    const { v4, v6 } = lab.targets.web;
    const found = await portolan(lab, ['-n', '-Pn', '-sT', '-p1-300', '-oP', file, v4, v6]);
    expect(summaryOf(found).packets).toMatchObject({ sent: 600 });
    const syn = 'tcp[13] & 0x12 = 2 and src host';
    expect(packets(file, `${syn} ${lab.scanner.v4}`)).toBe(300);
    expect(packets(file, `ip6 src ${lab.scanner.v6} and ip6[53] & 0x12 = 2`)).toBe(300);
    // Port 80 is open, the others reset.
    expect(packets(file, `tcp[13] & 4 != 0 and src host ${v4}`)).toBe(299);
    expect(packets(file, `not host ${v4} and not host ${v6}`)).toBe(0);
  });

  // Connections are heard by a timer, of which nobody catches what goes wrong.
  it.each([['-sS'], ['-sT'], ['-sT', '-sS']])(
    'that has no room ends with 3 and one line, and the scan is told whole: %s %s',
    {
      timeout: minuteMs,
    },
    async (...techniques) => {
      const { v4 } = lab.targets.web;
      const found = await portolan(lab, ['-n', ...techniques, '-Pn', '-p1-2000', '-oP', '/dev/full', v4]);
      expect(found.status).toBe(3);
      expect(found.stderr).toMatch(
        /^portolan: warning: Cannot go on writing the evidence to "\/dev\/full": no space left\n$/,
      );
      expect(summaryOf(found).ports).toEqual({ open: techniques.length, closed: 1999 * techniques.length });
    },
  );

  it('may go to standard output, alone', { timeout: minuteMs }, async () => {
    const to = (args: string) =>
      lab.scanner.namespace.run(['sh', '-c', `"$@" ${args}`, '-', ...portolanCommand(lab, ['-n', '-sS'])]);
    const file = join(lab.folder, 'stdout.pcapng');
    const found = await to(`-Pn -p80 -oP - ${lab.targets.web.v4} >${file}`);
    expect([found.status, found.stdout]).toEqual([0, '']);
    expect(packets(file, 'tcp port 80')).toBe(2);
    const refused = await to(`-oP - -oJ - ${lab.targets.web.v4}`);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('cannot both go to standard output');
  });
});
