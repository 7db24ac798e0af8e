import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exitCode, PortolanError } from '../base/errors.ts';
import { flags, isSupported, spellings } from './flags/index.ts';
import { parse } from './parse.ts';
import { readScanCall } from './scan-call.ts';

const call = (text: string) => readScanCall(text.split(' '));
const request = (text: string) => call(text).request;

/** The line of the bad request that these arguments are. */
function complaint(argv: readonly string[]): string {
  try {
    readScanCall(argv);
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    expect(error.exit).toBe(exitCode.badRequest);
    expect(error.line).not.toContain('\n');
    return error.line;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('parse: ways to write an option', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['-p- h', { ports: '-' }],
    ['-p 80 h', { ports: '80' }],
    ['-p80 h', { ports: '80' }],
    ['-p=80 h', { ports: '80' }],
    ['-p -100 h', { ports: '-100' }],
    ['-p -6 h', { ports: '-6' }],
    ['-p - h', { ports: '-' }],
    ['h -p U:53,T:80', { ports: 'U:53,T:80' }],
    ['-T4 h', { timing: 'aggressive' }],
    ['-T 0 h', { timing: 'paranoid' }],
    ['-T polite h', { timing: 'polite' }],
    ['-Tinsane h', { timing: 'insane' }],
    ['--max-rate=100 h', { maxRatePps: 100 }],
    ['--max-rate 10k h', { maxRatePps: 10_000 }],
    ['-max-rate 0 h', { maxRatePps: 0 }],
    ['--max-ra 7 h', { maxRatePps: 7 }],
    ['-max-ra=7 h', { maxRatePps: 7 }],
    ['--host-timeout 2 h', { hostTimeoutMs: 2000 }],
    ['--host-timeout 0 h', {}],
    ['--unique --resolve-all --privileged --send-ip h', {}],
    ['--host-timeout 1.5m h', { hostTimeoutMs: 90_000 }],
    ['--scan-delay 250ms h', { scanDelayMs: 250 }],
    [
      '-PS22,80 -PE h',
      { discovery: [{ technique: 'ping-syn', ports: '22,80' }, { technique: 'ping-echo' }] },
    ],
    ['-PS -PA h', { discovery: [{ technique: 'ping-syn' }, { technique: 'ping-ack' }] }],
    ['-Pn h', { discovery: 'skip' }],
    ['-sn h', { goal: 'discover' }],
    ['-sL h', { goal: 'list' }],
    ['-sS h', { techniques: ['syn'] }],
    ['-sST h', { techniques: ['syn', 'connect'] }],
    ['-sT -sS h', { techniques: ['connect', 'syn'] }],
    ['-Fn h', { fast: true, reverseNames: 'never' }],
    ['-nF6p80 h', { ports: '80', family: 6 }],
    ['-n6 h', { reverseNames: 'never', family: 6 }],
    ['-R h', { reverseNames: 'all' }],
    ['--shard 2/3 h', { shard: { index: 2, count: 3 } }],
    ['--exclude 10.0.0.1,10.0-1.1,3.-,lab h', { exclude: ['10.0.0.1', '10.0-1.1,3.-', 'lab'] }],
    ['--exclude 10.0.0.1 --exclude b h', { exclude: ['10.0.0.1', 'b'] }],
    ['-iL a -iLb', { targetFiles: ['a', 'b'], targets: [] }],
    ['--excludefile a --exclude-file b h', { excludeFiles: ['a', 'b'] }],
    ['--dns-servers 127.0.0.1,::1 h', { dnsServers: ['127.0.0.1', '::1'] }],
    ['-r --yes --top-ports 20 h', { inOrder: true, yes: true, topPorts: 20 }],
    ['--seed 4294967295 --engine packet h', { seed: 4_294_967_295, engine: 'packet' }],
    ['-p 80 -p80 h', { ports: '80' }],
    ['-vv h', { ungrouped: true }],
    ['-v2 h', { ungrouped: true }],
    ['a b -- -p', { targets: ['a', 'b', '-p'] }],
  ];
  it.each(cases)('%s', (text, wanted) => {
    expect(request(text)).toMatchObject(wanted);
  });

  it('counts -v and -d, glued levels included', () => {
    expect(call('-v h').view.verbosity).toBe(1);
    expect(call('-vvv h').view.verbosity).toBe(3);
    expect(call('--verbose -v h').view.verbosity).toBe(2);
    expect(call('-d h').view).toMatchObject({ debug: 1, verbosity: 1 });
    expect(call('-d2 h').view).toMatchObject({ debug: 2 });
  });

  it('takes long names with one dash', () => {
    expect(call('-open -reason --no-progress -packet-trace h').view).toMatchObject({
      openOnly: true,
      reason: true,
      progress: false,
      packetTrace: true,
    });
  });

  it('records the arguments as they were given', () => {
    expect(request('-p 80 h').args).toEqual(['-p', '80', 'h']);
  });
});

describe('parse: reports', () => {
  it('puts the normal format on the screen unless another format takes it', () => {
    expect(call('h').outputs).toEqual([{ format: 'normal', path: '-' }]);
    expect(call('-oXout.xml h').outputs).toEqual([
      { format: 'xml', path: 'out.xml' },
      { format: 'normal', path: '-' },
    ]);
    expect(call('-oJ - -oX a.xml h').outputs).toEqual([
      { format: 'ndjson', path: '-' },
      { format: 'xml', path: 'a.xml' },
    ]);
  });

  it('writes five files for -oA', () => {
    const paths = call('-oA base h').outputs.map(({ path }) => path);
    expect(paths).toEqual(['base.nmap', 'base.xml', 'base.gnmap', 'base.ndjson', 'base.csv', '-']);
  });

  it('refuses all formats on standard output', () => {
    expect(complaint(['-oA', '-', 'h'])).toMatch(/^-oA: found "-", wanted the beginning of file names/);
    expect(call('-oA ./- h').outputs.map(({ path }) => path)).toContain('./-.xml');
  });

  it('refuses two formats in one place', () => {
    expect(complaint(['-oX', '-', '-oJ', '-', 'h'])).toMatch(
      /xml and ndjson cannot both go to standard output/,
    );
    expect(complaint(['-oX', 'a', '-oN', './a', 'h'])).toMatch(/xml and normal cannot both go to "\.\/a"/);
    expect(complaint(['-oP', 'a', '-oN', 'a', 'h'])).toMatch(/normal and pcapng/);
  });
});

describe('parse: mistakes', () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--opne', 'h'], /"--opne" is no option of scan; try: --open$/],
    [['-opne', 'h'], /; try: --open$/],
    [['--max-rtae=5', 'h'], /; try: --max-rate$/],
    [['–p80', 'h'], /^"–p80" begins with a typographic dash \(U\+2013\): wanted the plain one; try: -p80$/],
    [['h', '—top-ports', '5'], /\(U\+2014\).*; try: --top-ports$/],
    [['-–open', 'h'], /typographic dash \(U\+2013\).*; try: --open$/],
    [['−sS', 'h'], /\(U\+2212\).*; try: -sS$/],
    [['--frobnicate', 'h'], /"--frobnicate" is no option/],
    [['--max-rate', 'fast', 'h'], /^--max-rate: found "fast", wanted packets per second/],
    [['--host-timeout', '5d', 'h'], /^--host-timeout: found "5d", wanted a time/],
    [['--top-ports', '0', 'h'], /^--top-ports: found "0", wanted a whole number from 1 to 65536/],
    [['--top-ports', '1e3', 'h'], /wanted a whole number/],
    [['-T9', 'h'], /^-T: found "9", wanted one of 0, 1, 2, 3, 4, 5, paranoid/],
    [['-Tagressive', 'h'], /; try: -T aggressive$/],
    [['--color', 'allways', 'h'], /; try: --color always$/],
    [['--shard', '3/2', 'h'], /^--shard: found "3\/2", wanted I\/N/],
    [['--shard', '0/2', 'h'], /wanted I\/N/],
    [['-oX'], /^-oX needs a value: FILE$/],
    [['-oX', '-sS', 'h'], /^-oX needs a value: FILE, found the option "-sS"$/],
    [['-oX', '', 'h'], /^-oX: found "", wanted a text/],
    [['-oX', '--max-rate=5', 'h'], /found the option/],
    [['--open=yes', 'h'], /^--open takes no value, found "yes"$/],
    [['--excl', 'x', 'h'], /can mean --exclude, --excludefile, --exclude-file, --exclude-ports/],
    [['-eng', 'x', 'h'], /can mean -e "ng" or --engine/],
    [['-p1', '-p2', 'h'], /^-p is given twice, as "1" and "2"/],
    [['-sn', '-sL', 'h'], /only one of -sn and -sL/],
    [['-n', '-R', 'h'], /only one of -n and -R/],
    [['-4', '-6', 'h'], /only one of -4 and -6/],
    [['-Pn', '-PE', 'h'], /^-Pn takes every target to be up/],
    [['-iL', '-', '--excludefile', '-'], /Standard input can be read once/],
    [['-iL', '-', '--scope', '-'], /Standard input can be read once/],
    [['--dry-run', '-oX', 'a', 'h'], /^--dry-run only forecasts: wanted it without reports other than -oJ$/],
    [['--dry-run', '--packet-trace', 'h'], /without --packet-trace$/],
    [['-sL', '--packet-trace', 'h'], /^--packet-trace has nothing to show/],
    [['-w', '3', 'h'], /^-w means something only beside -z/],
    [[], /^No target/],
    [['--open'], /^No target/],
    [['-z', 'h'], /^-z needs a host and its ports/],
    [['-z', '-sS', 'h', '1'], /^-z chooses its own technique/],
    [['\u001b[2J\u202e'], /.*/],
    [['-\u001b[2J'], /is no option/],
  ];
  it.each(cases)('%j', (argv, wanted) => {
    if (argv[0]?.startsWith('\u001b')) expect(readScanCall(argv).request.targets).toEqual(argv);
    else expect(complaint(argv)).toMatch(wanted);
  });

  it('refuses every option that is not in this version by name, however it is written', () => {
    const later = flags.filter((flag) => !isSupported(flag));
    for (const flag of later) {
      for (const name of spellings(flag)) {
        const argv = flag.value === undefined || flag.glued ? [name, 'h'] : [name, '1', 'h'];
        expect(complaint(argv)).toBe(`${spellings(flag)[0]} is not in this version`);
      }
    }
  });

  it('has a way to carry out every option it does not refuse', () => {
    expect(flags.filter((flag) => isSupported(flag) && flag.set === undefined)).toEqual([]);
  });

  it('names every option once', () => {
    const names = flags.flatMap(spellings);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('parse: netcat’s habit', () => {
  it('reads host and ports', () => {
    expect(request('-zv host 20-30 80')).toMatchObject({
      targets: ['host'],
      ports: 'T:20-30,80',
      techniques: ['connect'],
      discovery: 'skip',
      ungrouped: true,
    });
    expect(call('-zv host 80')).toMatchObject({ netcat: true, outputs: [], view: { verbosity: 1 } });
  });

  it('waits as long as -w says, once', () => {
    for (const text of ['-zvw 3 host 80', '-zw3 host 80', '-z -w 3 host 80']) {
      expect(request(text)).toMatchObject({ maxRttTimeoutMs: 3000, minRttTimeoutMs: 3000, maxRetries: 0 });
    }
  });
});

describe('parse: any arguments', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(...flags.flatMap(spellings), '-', '--', '-p', '80', 'h', '-oX', '-zvw3', '-sSTU', '='),
    fc
      .tuple(fc.constantFrom(...flags.flatMap(spellings)), fc.string({ maxLength: 6 }))
      .map(([a, b]) => a + b),
    fc
      .tuple(fc.constantFrom(...flags.flatMap(spellings)), fc.string({ maxLength: 6 }))
      .map((pair) => pair.join('=')),
  );

  it('end as a call or as a bad request of one line, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        try {
          readScanCall(argv);
        } catch (error) {
          expect(error).toBeInstanceOf(PortolanError);
          expect((error as PortolanError).exit).toBe(exitCode.badRequest);
          expect((error as PortolanError).line).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('lose no word that is no option', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9.]{1,9}$/), { maxLength: 6 }), (words) => {
        expect(parse(['-n', ...words, '--open']).words).toEqual(words);
      }),
    );
  });
});
