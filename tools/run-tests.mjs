/**
 * What `npm test` and `npm run labs` share: a machine made ready, a build, vitest, and counts that are true.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedSkips } from './expected-skips.mjs';

/** What has not run yet. */
export const nothingRan = { passed: 0, failed: 0, skipped: [], troubles: [] };

/**
 * Installs what is missing where that is possible: the programs that tests call, and `packages`. Returns what will be
 * skipped, one line each.
 */
export function setUp(packages = []) {
  const reasons = [];
  if (process.platform !== 'linux') {
    return [`tests in network namespaces and of raw packets: they need Linux, this is ${process.platform}`];
  }
  if (process.getuid() !== 0) {
    reasons.push('tests in network namespaces and of raw packets: they need root');
  } else {
    const wanted = [...missingPrograms().map((program) => packageOf[program]), ...packages.filter(isAbsent)];
    if (wanted.length > 0 && has('apt-get')) installPackages(wanted);
    if (!canMakeNamespaces()) reasons.push('tests in network namespaces: this container may not make any');
  }
  const absent = [...missingPrograms(), ...packages.filter(isAbsent)];
  if (absent.length > 0) reasons.push(`tests that need ${absent.join(', ')}: not installed`);
  return reasons;
}

/** Builds; whether that went well. */
export function build() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** Runs vitest and returns what it counted. */
export function runVitest(words, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-test-'));
  const file = join(folder, 'counts.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${join(root, 'tools/reporter.mjs')}`];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...environment,
      PORTOLAN_TEST_COUNTS: file,
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
    },
  });
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothingRan;
  rmSync(folder, { recursive: true });
  if (status !== 0 && found.failed === 0) {
    return { ...found, failed: 1, troubles: [...found.troubles, `vitest ended with ${status}`] };
  }
  return found;
}

/** Several counts as one. */
export function sumOf(all) {
  return all.reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: [...sum.skipped, ...each.skipped],
      troubles: [...sum.troubles, ...each.troubles],
    }),
    nothingRan,
  );
}

/** Prints what is wrong and then the counts; whether all is well. `isChosen`: some were left out on purpose. */
export function judge({ passed, failed, skipped, troubles }, isChosen) {
  for (const trouble of troubles) console.log(`trouble: ${trouble}`);
  const unexpected = isChosen
    ? []
    : skipped.filter((name) => !expectedSkips.some(({ test }) => name.startsWith(test)));
  for (const name of unexpected) console.log(`skipped without a reason in tools/expected-skips.mjs: ${name}`);
  if (passed + failed === 0) console.log('no test ran');
  const line = `${passed} passed, ${failed} failed`;
  console.log(skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`);
  return failed === 0 && passed > 0 && unexpected.length === 0;
}

function installPackages(packages) {
  console.log(`installing ${packages.join(' ')}`);
  // Servers are wanted to be there, not to run.
  const isOurs = !existsSync(startPolicy);
  if (isOurs) writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update', '-q');
    const install = (...names) => apt('install', '-q', '-y', '--no-install-recommends', ...names);
    // One that this release does not have must not keep the others away.
    if (!install(...packages)) for (const name of packages) install(name);
  } finally {
    if (isOurs) rmSync(startPolicy);
  }
}

function apt(...words) {
  const { status, stdout, stderr } = spawnSync('apt-get', words, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0)
    console.log(`apt-get ${words[0]} failed: ${`${stderr}${stdout}`.trim().split('\n').at(-1)}`);
  return status === 0;
}

function isAbsent(name) {
  const { stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
  return stdout?.includes('ok installed') !== true;
}

function missingPrograms() {
  return Object.keys(packageOf).filter((program) => !has(program));
}

function has(program) {
  if (program.startsWith('/')) return existsSync(program);
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function canMakeNamespaces() {
  return spawnSync('unshare', ['--net', '--mount', 'true'], { stdio: 'ignore' }).status === 0;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const startPolicy = '/usr/sbin/policy-rc.d';

/** Programs the tests call, and the Debian package of each. */
const packageOf = {
  nft: 'nftables',
  ip: 'iproute2',
  nmap: 'nmap',
  ndiff: 'ndiff',
  tcpdump: 'tcpdump',
  xmllint: 'libxml2-utils',
  xsltproc: 'xsltproc',
  '/usr/lib/python3/dist-packages/libnmap': 'python3-libnmap',
  ps: 'procps',
  setpriv: 'util-linux',
  groff: 'groff-base',
  script: 'bsdutils',
  dig: 'bind9-dnsutils',
  named: 'bind9',
  knotd: 'knot',
  nsd: 'nsd',
  pdns_server: 'pdns-server',
  '/usr/share/doc/pdns-backend-bind': 'pdns-backend-bind',
  dnsmasq: 'dnsmasq-base',
  unbound: 'unbound',
};
