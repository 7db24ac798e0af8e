/**
 * The netcat habit against real kernels: `portolan -zv HOST PORTS` prints netcat's lines on standard error and
 * its exit code says whether every asked port is open.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab } from './lab/lab.ts';
import type { EnterOptions } from './lab/namespace.ts';
import { portolanCommand } from './lab/portolan.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('portolan -z', () => {
  let lab: Lab<'host'>;
  beforeAll(async () => {
    lab = await createLab({
      wire: { delayMs: 1 },
      targets: {
        host: {
          tcp: '22,80',
          udp: '53',
          input: ['tcp dport 25 drop', 'udp dport 69 drop', 'tcp dport 26 reject with icmp admin-prohibited'],
        },
      },
    });
  });
  afterAll(() => lab?.close());

  const users = ['root', 'nobody'] as const;
  for (const user of users) {
    it(`as ${user}: says what became of each TCP port, and 1 when one is not open`, async () => {
      const { v4 } = lab.targets.host;
      const { status, lines, stdout } = await netcat(['-zvw1', v4, '22-23', '25', '26', '80'], { user });
      expect(lines).toEqual([
        `Connection to ${v4} 22 port [tcp/ssh] succeeded!`,
        `Connection to ${v4} 80 port [tcp/http] succeeded!`,
        `portolan: connect to ${v4} port 23 (tcp) failed: Connection refused`,
        `portolan: connect to ${v4} port 25 (tcp) failed: Connection timed out`,
        // Linux makes EHOSTUNREACH of it (icmp_err_convert in net/ipv4/icmp.c).
        `portolan: connect to ${v4} port 26 (tcp) failed: filtered (host-unreach)`,
      ]);
      expect(stdout).toBe('');
      expect(status).toBe(1);
    });

    it(`as ${user}: says what became of each UDP port`, async () => {
      const { v4, v6 } = lab.targets.host;
      const { status, lines } = await netcat(['-zvu', '-w', '1', v4, '53', '54', '69'], { user });
      expect(lines).toEqual([
        `Connection to ${v4} 53 port [udp/domain] succeeded!`,
        `portolan: connect to ${v4} port 54 (udp) failed: Connection refused`,
        `portolan: connect to ${v4} port 69 (udp) failed: Connection timed out`,
      ]);
      expect(status).toBe(1);
      expect((await netcat(['-zvu', v6, '53'], { user })).status).toBe(0);
    });

    it(`as ${user}: ends with 0 when every port is open, and without -v only that is said`, async () => {
      const { v4 } = lab.targets.host;
      const { status, lines } = await netcat(['-z', v4, '22', '80'], { user });
      expect(lines).toEqual([]);
      expect(status).toBe(0);
    });
  }

  it('a neighbour that is not there is silent, with and without privilege', async () => {
    const gone = '10.77.1.99';
    for (const user of ['root', 'nobody'] as const) {
      const { status, lines } = await netcat(['-zvuw1', gone, '53'], { user });
      expect(lines, user).toEqual([
        `portolan: connect to ${gone} port 53 (udp) failed: Connection timed out`,
      ]);
      expect(status).toBe(1);
    }
  });

  /** Runs `portolan ARGS`; the lines of standard error are sorted, for ports are told as they are known. */
  async function netcat(args: readonly string[], options: EnterOptions) {
    const argv = portolanCommand(lab, args, options.user);
    const { status, stdout, stderr } = await lab.scanner.namespace.run(argv, options);
    return { status, stdout, lines: stderr.split('\n').filter(Boolean).sort() };
  }
});
