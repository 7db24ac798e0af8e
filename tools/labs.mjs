/**
 * `npm run labs [NAME…]`: tests that take long, or need what not every machine has. Installs the packages of each. The
 * last line is that of `npm test`. `--within SECONDS` runs those that fit and names the others; `--only WORDS` runs the
 * tests whose names hold them (`npm run labs -- rulesets --only ufw`); `--list` shows all.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, judge, nothingRan, runVitest, setUp, sumOf } from './run-tests.mjs';

/** Installed, never started: what they load is loaded in namespaces. */
const ruleSetPackages = [
  'firewalld',
  'ufw',
  'shorewall',
  'shorewall6',
  'ferm',
  'fail2ban',
  'arno-iptables-firewall',
  'sshguard',
  'iptables',
  'dbus-daemon',
];

/** By which machines tell what they are. */
const devicePackages = [
  'avahi-daemon',
  'cups',
  'minidlna',
  'miniupnpd',
  'openssh-server',
  'samba',
  'snmpd',
  'wsdd',
];

/** Stacks that are not the kernel's, and what builds the programs around two of them. */
const stackPackages = [
  ...['user-mode-linux', 'busybox-static', 'liblwip-dev', 'gcc', 'libc6-dev'],
  ...['golang-go', 'golang-gvisor-gvisor-dev', 'slirp4netns', 'passt'],
];

/**
 * Every lab, those first that a short time is spent on best; `minutes` are those of two processors, packages included. Of
 * labs of less than ten they are a fifth more than was measured on a busy machine. One that `wantsQuiet` judges time, and
 * runs only by name.
 */
const labs = [
  {
    name: 'kinds',
    about:
      'pretenders, limited errors, bans, sweeps, variants of probes and this machine itself, one lab a kind',
    files: ['pretenders', 'errors', 'bans', 'sweep', 'variants', 'own-machine'].map(
      (kind) => `test/labs/${kind}.test.ts`,
    ),
    minutes: 5.5,
  },
  {
    name: 'full-range',
    about: 'all 65,535 ports of a host, every verdict right',
    files: ['test/labs/full-range.test.ts'],
    minutes: 1,
  },
  {
    name: 'outage',
    about: 'our own link goes away in the middle of a scan and comes back',
    files: ['test/labs/outage.test.ts'],
    minutes: 1.5,
  },
  {
    name: 'forecast',
    about: 'a forecast is met within a fifth, in time too: wants a machine that does nothing else',
    files: ['test/labs/forecast.test.ts'],
    minutes: 3,
    wantsQuiet: true,
  },
  {
    name: 'slow-reader',
    about: 'whoever reads a scan slowly makes it slow, and not large',
    files: ['test/labs/slow-reader.test.ts'],
    minutes: 3.5,
  },
  {
    name: 'report-page',
    about:
      'the page of a report in Chromium: hostile text, search, maps; a million ports: wants a machine that does nothing else',
    files: ['test/labs/report-page.test.ts'],
    packages: () => ['chromium'],
    minutes: 2,
    wantsQuiet: true,
  },
  {
    name: 'devices',
    about: 'machines on a link say what they are: one line each, no wrong kind, nobody else is sent a packet',
    files: ['test/labs/devices.test.ts'],
    packages: () => devicePackages,
    minutes: 1.5,
  },
  {
    name: 'stacks',
    about:
      'another Linux, lwIP, gVisor, slirp4netns and passt: each is called what it is, with -O and without',
    files: ['test/labs/stacks.test.ts'],
    packages: () => stackPackages,
    minutes: 4,
  },
  {
    name: 'udp-servers',
    about: 'real servers answer our datagrams',
    files: ['test/labs/udp-servers.test.ts', 'test/labs/udp-together.test.ts'],
    packages: () => serverPackages('udp'),
    minutes: 3,
  },
  {
    name: 'services',
    about: 'a dozen real servers on odd ports are called what they are, in the version that dpkg knows',
    files: ['test/labs/services.test.ts'],
    packages: () => serverPackages('quick'),
    minutes: 1.5,
  },
  {
    name: 'seeds',
    about:
      'every simulation with all its seeds, and 10,000 mutated answers a protocol: `npm test` takes a quarter',
    files: ['test/sim/', 'src/detect/service/protocols/protocols.test.ts'],
    minutes: 6,
  },
  {
    name: 'services-resume',
    about: 'talks with services are killed at 50 random moments and resumed: the same facts',
    files: ['test/labs/services-resume.test.ts'],
    minutes: 15,
  },
  {
    name: 'firewall-look',
    about:
      'the look at a filter is cut, banned and bounded, and finds its place before and behind three routers',
    files: ['test/labs/firewall-run.test.ts', 'test/labs/firewall-places.test.ts'],
    minutes: 4,
  },
  {
    name: 'rulesets',
    about:
      'the rule sets of firewalld, ufw, shorewall, ferm and bans of fail2ban, with the limits of kernels on ICMP',
    files: ['test/labs/rulesets.test.ts'],
    packages: () => ruleSetPackages,
    minutes: 20,
  },
  {
    name: 'firewall',
    about:
      'filters of every kind before a host: exactly the findings that hold, and the policy the kernels show',
    files: ['test/labs/firewall.test.ts'],
    minutes: 8,
  },
  {
    name: 'firewall-hops',
    about: 'where probes end at each hop, with loss and without, twenty times each, and in two scans at once',
    files: ['test/labs/firewall-hops.test.ts'],
    minutes: 18,
  },
  {
    name: 'firewall-idioms',
    about: 'rule sets in the idioms of nft and iptables that people publish, at the host and before it',
    files: ['test/labs/firewall-idioms.test.ts'],
    minutes: 5,
  },
  {
    name: 'firewall-steady',
    about: 'findings do not change in twenty runs with loss, nor with answers that are up to 200 ms late',
    files: ['test/labs/firewall-steady.test.ts'],
    minutes: 14,
  },
  {
    name: 'firewall-cost',
    about: 'packets of a look at a filter beside those of nmap, and its time beside a plain scan',
    files: ['test/labs/firewall-cost.test.ts'],
    minutes: 5,
    wantsQuiet: true,
  },
  {
    name: 'firewall-rulesets',
    about: 'the same before the rule sets of Debian packages by both families, a third of them held back',
    files: ['test/labs/firewall-rulesets.test.ts'],
    packages: () => ruleSetPackages,
    minutes: 20,
  },
  {
    name: 'states',
    about: "every planned state, nmap's too, twenty times",
    files: ['test/net/states.test.ts'],
    environment: { PORTOLAN_ROUNDS: '20' },
    minutes: 15,
  },
  {
    name: 'resume',
    about: 'two hundred scans are killed and go on',
    files: ['test/net/resume.test.ts'],
    environment: { PORTOLAN_ROUNDS: '200' },
    minutes: 60,
  },
  {
    name: 'history',
    about:
      'two hundred scans are killed with readers beside them; a hundred rounds of a watch at 5 % loss; a host that sleeps',
    files: ['test/labs/history.test.ts'],
    environment: { PORTOLAN_ROUNDS: '200' },
    minutes: 30,
  },
  {
    name: 'service-zoo',
    about:
      'servers that mean no good beside honest ones: the same findings, bounded memory, printable text alone',
    files: ['test/labs/service-zoo.test.ts'],
    minutes: 1,
  },
  {
    name: 'dns-fuzz',
    about:
      'ten million messages of name servers, changed by chance: none is read wrongly, past its end or for long',
    files: ['src/dns/message/fuzz.test.ts'],
    environment: { FUZZ: '10000000' },
    minutes: 12,
  },
  {
    name: 'services-all',
    about: 'eighty real servers beside nmap: names, versions, time and connections',
    files: ['test/labs/services-all.test.ts'],
    packages: () => serverPackages('all'),
    minutes: 12,
    wantsQuiet: true,
  },
];

const [afterOnly, only] = takeOption(process.argv.slice(2), '--only');
const [words, within] = takeOption(afterOnly, '--within');
const withinS = within === undefined ? Number.POSITIVE_INFINITY : Number.parseFloat(within);
const unknown = words.find((word) => word !== '--list' && !labs.some(({ name }) => name === word));
if (unknown !== undefined || Number.isNaN(withinS)) {
  const what = unknown === undefined ? '--within' : `no lab is called ${unknown}`;
  console.log(
    `${what}: wanted names of labs (${labs.map(({ name }) => name).join(', ')}) or --within SECONDS`,
  );
  process.exitCode = 2;
} else if (words.includes('--list')) {
  for (const { name, about, minutes } of labs) console.log(`${name.padEnd(12)} ${minutes} min  ${about}`);
} else {
  const chosen = choose(words, withinS);
  // Nothing fits into no time, and that is no failure of a test.
  if (chosen.length === 0) console.log('0 passed, 0 failed');
  else process.exitCode = run(chosen) ? 0 : 1;
}

/** The words without an option, and its value: an empty one where that is missing. */
function takeOption(words, name) {
  const at = words.indexOf(name);
  return at < 0 ? [words, undefined] : [words.toSpliced(at, 2), words[at + 1] ?? ''];
}

function choose(names, seconds) {
  let left = seconds;
  return labs.filter(({ name, minutes, wantsQuiet = false }) => {
    if (names.length > 0 && !names.includes(name)) return false;
    const mayBeBusy = seconds < Number.POSITIVE_INFINITY;
    if (minutes * 60 <= left && !(wantsQuiet && mayBeBusy)) {
      left -= minutes * 60;
      return true;
    }
    console.log(`left out: the lab ${name}, about ${minutes} minutes: npm run labs ${name}`);
    return false;
  });
}

function run(chosen) {
  if (!build()) return judge({ ...nothingRan, failed: 1, troubles: ['the build failed'] }, false);
  let isPart = false;
  const counts = chosen.map(({ name, files, packages, environment = {} }) => {
    console.log(`== lab ${name}`);
    const skipping = setUp(packages?.());
    for (const line of skipping) console.log(`skipping: ${line}`);
    isPart ||= skipping.length > 0 || only !== undefined;
    const startedMs = performance.now();
    const found = runVitest(only === undefined ? files : [...files, '-t', only], {
      ...environment,
      PORTOLAN_LABS: name,
    });
    console.log(`== lab ${name} took ${Math.round((performance.now() - startedMs) / 1000)} s`);
    return found;
  });
  return judge(sumOf(counts), isPart);
}

function serverPackages(kind) {
  const program = join(import.meta.dirname, '../test/net/lab/server-packages.ts');
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', program, kind], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}
