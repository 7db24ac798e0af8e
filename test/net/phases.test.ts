/** A phase that a test brings, on real kernels. @module */

import { describe, expect, it } from 'vitest';
import { createLab } from './lab/lab.ts';
import { labMissing } from './lab/requirements.ts';
import { scriptCommand } from './lab/script.ts';

describe.skipIf(labMissing() !== undefined)('a phase in which hosts have questions of their own', () => {
  it('asks again where the first answer came with TTL 64, each host on its own', async () => {
    const lab = await createLab({ targets: { web: { tcp: '7' }, drop: { input: ['tcp dport 7 drop'] } } });
    try {
      const { web, drop } = lab.targets;
      const request = {
        targets: [web.v4, drop.v4],
        ports: '80',
        discovery: [],
        reverseNames: 'never',
        inOrder: true,
      };
      const { stdout, stderr } = await lab.scanner.namespace.run([
        ...scriptCommand('phase-program.ts'),
        JSON.stringify(request),
      ]);
      // Behind the router the hop is counted: 63 and not 64, so nothing is asked twice.
      expect(stdout.trim().split('\n').sort(), stderr).toEqual(['0 TTLs 63', '1 TTLs 0']);
      const near = await lab.scanner.namespace.run([
        ...scriptCommand('phase-program.ts'),
        JSON.stringify({ ...request, targets: [lab.router.v4] }),
      ]);
      // The router is next to us, and resets both SYNs.
      expect(near.stdout.trim(), near.stderr).toBe('0 TTLs 64, 64');
    } finally {
      lab.close();
    }
  });
});
