/**
 * `npm test`: builds, sets up what the tests need where it may, says what it skips and why, runs all tests.
 * The last line is `N passed, N failed`, with `, N skipped` where some were. Arguments go to vitest.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectedSkips } from './expected-skips.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vitestArguments = process.argv.slice(2);

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
};

const nothingRan = { passed: 0, failed: 0, skipped: [], troubles: [] };
const skipping = setUp();
for (const line of skipping) console.log(`skipping: ${line}`);
const counts = build() ? runTests() : { ...nothingRan, failed: 1, troubles: ['the build failed'] };
process.exitCode = judge(counts) ? 0 : 1;

/** Installs what is missing where that is possible. Returns what will be skipped, one line each. */
function setUp() {
  const reasons = [];
  if (process.platform !== 'linux') {
    return [`tests in network namespaces and of raw packets: they need Linux, this is ${process.platform}`];
  }
  if (process.getuid() !== 0) {
    reasons.push('tests in network namespaces and of raw packets: they need root');
  } else {
    const wanted = missingPrograms().map((program) => packageOf[program]);
    if (wanted.length > 0 && has('apt-get')) installPackages(wanted);
    if (!canMakeNamespaces()) reasons.push('tests in network namespaces: this container may not make any');
  }
  const absent = missingPrograms();
  if (absent.length > 0) reasons.push(`tests that call ${absent.join(', ')}: not installed`);
  return reasons;
}

function installPackages(packages) {
  console.log(`installing ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', ...packages],
  ]) {
    const { status, stdout, stderr } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (status !== 0)
      console.log(`apt-get ${args[0]} failed: ${`${stderr}${stdout}`.trim().split('\n').at(-1)}`);
  }
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

function build() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-test-'));
  const file = join(folder, 'counts.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${join(root, 'tools/reporter.mjs')}`];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...vitestArguments], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PORTOLAN_TEST_COUNTS: file, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  const found = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothingRan;
  rmSync(folder, { recursive: true });
  if (status !== 0 && found.failed === 0) {
    return { ...found, failed: 1, troubles: [...found.troubles, `vitest ended with ${status}`] };
  }
  return found;
}

/** Prints what is wrong and then the counts; whether all is well. */
function judge({ passed, failed, skipped, troubles }) {
  for (const trouble of troubles) console.log(`trouble: ${trouble}`);
  const chosen = vitestArguments.some((argument) => /^(-t|--testNamePattern)/.test(argument));
  const unexpected =
    chosen || skipping.length > 0
      ? []
      : skipped.filter((name) => !expectedSkips.some(({ test }) => name.startsWith(test)));
  for (const name of unexpected) console.log(`skipped without a reason in tools/expected-skips.mjs: ${name}`);
  if (passed + failed === 0) console.log('no test ran');
  const line = `${passed} passed, ${failed} failed`;
  console.log(skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`);
  return failed === 0 && passed > 0 && unexpected.length === 0;
}
