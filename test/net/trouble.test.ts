/**
 * Bad input and trouble: each ends with the right exit code and one clear line, every report closed well and
 * nothing known lost.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedFact } from '../../src/model/fact.ts';
import { createLab, type Lab } from './lab/lab.ts';
import type { EnterOptions } from './lab/namespace.ts';
import { portolan, portolanCommand } from './lab/portolan.ts';
import type { Finished } from './lab/process.ts';
import { labMissing } from './lab/requirements.ts';

const missing = labMissing();

describe.skipIf(missing !== undefined)('trouble', () => {
  let lab: Lab<'web' | 'silent'>;
  beforeAll(async () => {
    lab = await createLab({
      targets: { web: { tcp: '22,80,443' }, silent: { input: ['tcp dport 1-65535 drop'] } },
    });
  });
  afterAll(() => lab?.close());

  const start = (args: readonly string[], options: EnterOptions = {}): Promise<Finished> =>
    lab.scanner.namespace.run(portolanCommand(lab, args, options.user), options);

  describe('bad requests end with exit 2 and one line that names what was wrong', () => {
    const cases: readonly (readonly [string, (web: string) => string[], RegExp])[] = [
      ['an unknown option', (web) => ['--sclan-delay', '5ms', web], /--sclan-delay.*--scan-delay/],
      ['an option without its value', (web) => [web, '-p'], /-p/],
      ['a bad value', (web) => ['--max-rate', 'fast', web], /--max-rate.*fast/],
      ['a malformed port', (web) => ['-p', '22,http-', web], /http-/],
      ['a port that does not exist', (web) => ['-p', '65536', web], /65536/],
      ['ports the wrong way round', (web) => ['-p', '90-80', web], /90-80/],
      ['a malformed target', () => ['10.77.2.0/33'], /10\.77\.2\.0\/33/],
      ['an octet that does not exist', () => ['10.77.2.256'], /10\.77\.2\.256/],
      ['a malformed IPv6 target', () => ['fd77::2::a'], /fd77::2::a/],
      ['no target', () => ['-p80'], /target/],
      ['targets that are all excluded', (web) => [web, '--exclude', web], /target/],
      ['a target list that is not there', () => ['-iL', '/nonexistent/list'], /\/nonexistent\/list/],
      [
        'an exclusion list that is not there',
        (web) => ['--excludefile', '/nonexistent/list', web],
        /\/nonexistent\/list/,
      ],
      [
        'a report file that cannot be opened',
        (web) => ['-oJ', '/nonexistent/out', web],
        /\/nonexistent\/out/,
      ],
      ['a target beyond the scope', (web) => ['--scope', '/dev/null', web], /scope/],
      ['only a name that does not resolve', () => ['no.such.host.invalid'], /no\.such\.host\.invalid/],
    ];
    for (const [what, argsOf, line] of cases) {
      it(what, async () => {
        const { status, stdout, stderr } = await start(['-Pn', '-n', ...argsOf(lab.targets.web.v4)]);
        expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringMatching(line) });
        expect(stdout).toBe('');
        // A name that does not resolve is warned of before the empty target set is refused.
        expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(what.includes('resolve') ? 2 : 1);
      });
    }

    it('an unreadable target list', async () => {
      const list = join(lab.folder, 'secret');
      writeFileSync(list, `${lab.targets.web.v4}\n`, { mode: 0o600 });
      const { status, stderr } = await start(['-Pn', '-n', '-iL', list], { user: 'nobody' });
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringMatching(/secret/) });
    });
  });

  it('scans the other targets when a name does not resolve, warns, and ends with exit 3', async () => {
    const found = await portolan(lab, [
      '-sS',
      '-Pn',
      '-n',
      '-p80',
      'no.such.host.invalid',
      lab.targets.web.v4,
    ]);
    expect(found.stderr).toMatch(/no\.such\.host\.invalid/);
    expect(found.ports().get(`${lab.targets.web.v4} tcp/80`)?.state).toBe('open');
    expect(found.status).toBe(3);
  });

  it('needs no privilege for a connect scan, which is then the default', async () => {
    const found = await portolan(lab, ['-Pn', '-n', '-p22,23', lab.targets.web.v4], { user: 'nobody' });
    expect(Object.fromEntries(found.ports('connect')), found.stderr).toEqual({
      [`${lab.targets.web.v4} tcp/22`]: { state: 'open', reason: 'connected' },
      [`${lab.targets.web.v4} tcp/23`]: { state: 'closed', reason: 'refused' },
    });
    expect(found.status).toBe(0);
  });

  it('refuses a SYN scan without the capability with exit 4 and a hint, and never replaces it', async () => {
    const { status, stdout, stderr } = await start(['-sS', '-Pn', '-n', '-p22', lab.targets.web.v4], {
      user: 'nobody',
    });
    expect({ status, stderr }).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/CAP_NET_RAW.*-sT/s),
    });
    expect(stdout).toBe('');
  });

  it('judges every port right with 64 descriptors', async () => {
    const options = { rlimits: { nofile: 64 } };
    const found = await portolan(lab, ['-sT', '-Pn', '-n', '-p1-2000', lab.targets.web.v4], options);
    const states = [...found.ports('connect').values()].map(({ state }) => state);
    expect(
      states.filter((state) => state === 'open'),
      found.stderr,
    ).toHaveLength(3);
    expect(states.filter((state) => state === 'closed')).toHaveLength(1997);
    expect(found.status).toBe(0);
  });

  for (const flag of ['-sS', '-sT']) {
    it(`${flag}: an address without a route is local trouble, never a port state; the others are scanned`, async () => {
      const found = await portolan(lab, [flag, '-Pn', '-n', '-p80', '203.0.113.9', lab.targets.web.v4]);
      expect(found.ports().get(`${lab.targets.web.v4} tcp/80`)?.state, found.stderr).toBe('open');
      const said = found.ports().get('203.0.113.9 tcp/80');
      expect(said, found.stdout).toEqual({ state: 'unknown', reason: 'local-error' });
      expect(found.stderr).toMatch(/203\.0\.113\.9.*route/);
      expect(found.status).toBe(3);
    });

    it(`${flag}: an interface that is down is local trouble, never a port state`, async () => {
      const own = await createLab({ targets: { web: { tcp: '80' } } });
      try {
        own.scanner.namespace.ip('link set eth0 down');
        const found = await portolan(own, [flag, '-Pn', '-n', '-p80-81', own.targets.web.v4]);
        for (const { state } of found.ports().values()) expect(state, found.stderr).toBe('unknown');
        expect(found.status, found.stderr).toBe(3);
        expect(found.stderr.trim()).not.toBe('');
      } finally {
        own.close();
      }
    });
  }

  it('ends quietly with 0 when whoever reads its output goes away', async () => {
    const args = ['-sS', '-Pn', '-n', '-vv', '-p-', lab.targets.web.v4, '-oJ', '-'];
    const { status, stderr } = await start(args, {
      started: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
    });
    // Ports that were found before it went were told as well.
    expect({ status, stderr: stderr.replace(/^open: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    for (const flag of ['-sS', '-sT']) {
      it(`${flag}: ${signal} half-way ends with ${code}, what is known written and every format closed`, async () => {
        const base = join(lab.folder, `${signal}${flag}`);
        mkdirSync(base);
        // The silent host keeps the scan busy far longer than the first finding takes.
        const targets = [lab.targets.web.v4, lab.targets.silent.v4];
        const args = [flag, '-Pn', '-n', '-p-', ...targets, '-oA', join(base, 'out'), '-oJ', '-'];
        const { status, stdout, stderr } = await start(args, {
          started: (child) => {
            let heard = '';
            child.stdout?.on('data', (text: string) => {
              heard += text;
              // Once: a second signal ends at once, and nothing more is written.
              if (heard.includes('"port":443,') && !child.killed) child.kill(signal);
            });
          },
        });
        expect(status, stderr).toBe(code);
        const facts = stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as RecordedFact);
        expect(facts.at(-1)).toMatchObject({ type: 'summary', exit: 'interrupted', complete: false });
        expect(facts).toContainEqual(expect.objectContaining({ type: 'port', port: 443, state: 'open' }));
        const xml = spawnSync('xmllint', ['--noout', '--nonet', join(base, 'out.xml')], { encoding: 'utf8' });
        expect({ status: xml.status, stderr: xml.stderr }).toEqual({ status: 0, stderr: '' });
        expect(readFileSync(join(base, 'out.xml'), 'utf8')).toMatch(/portid="443".*<runstats>.*<\/nmaprun>/s);
        expect(readFileSync(join(base, 'out.gnmap'), 'utf8')).toMatch(/443\/open/);
        expect(readFileSync(join(base, 'out.nmap'), 'utf8')).toMatch(/443\/tcp\s+open/);
      });
    }
  }
});
