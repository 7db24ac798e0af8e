/**
 * Routes that change while a scan uses them are noticed and said.
 *
 * @module
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labMissing } from './lab/requirements.ts';
import { type Wired, wired } from './lab/wired.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('a route that changes', () => {
  let lab: Wired<'scanner' | 'target'>;
  beforeAll(() => {
    lab = wired('moves', 'scanner', 'target');
    const { scanner, target } = lab.at;
    for (const [i, name] of ['eth0', 'eth1'].entries()) {
      lab.wire('scanner', 'target', name);
      scanner.ip(`addr add 10.85.${i}.1/24 dev ${name}`);
      target.ip(`addr add 10.85.${i}.2/24 dev ${name}`);
    }
    target.ip('addr add 10.85.9.5/32 dev lo');
    scanner.ip('route add 10.85.9.0/24 via 10.85.0.2');
  });
  afterAll(() => lab?.close());

  it('is said once, and the scan is not complete', async () => {
    const { scanner } = lab.at;
    const { node, root } = scanner.paths();
    const args = ['-n', '-Pn', '-p1-40', '--max-rate', '10', '--packet-trace', '10.85.9.5'];
    const scan = scanner.spawn([node, join(root, 'bin/portolan.js'), ...args]);
    let said = '';
    let isMoved = false;
    scan.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      // Probes are under way.
      if (isMoved || !said.includes('TCP')) return;
      isMoved = true;
      scanner.ip('route replace 10.85.9.0/24 via 10.85.1.2');
    });
    const status = await new Promise((resolve) => scan.on('close', resolve));
    expect(said.match(/The route to 10\.85\.9\.5 has changed/g)).toHaveLength(1);
    expect(status).toBe(3);
  });
});
