import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nearest } from '../plan/nearest.ts';
import { hostTechniques, portTechniques } from '../techniques/index.ts';
import { commands } from './command-table.ts';
import { completionScript, shells } from './completion-script.ts';
import { fakeWorld } from './fake-world.laws.ts';
import { flags, isSupported, spellings } from './flags/index.ts';
import { allFlags } from './flags/languages.ts';
import { helpText } from './help.ts';
import { run } from './main.ts';
import { manPage } from './man-page.ts';
import { optionWords } from './option-words.ts';

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

/** The name as a word of its own, not as a part of a longer one. */
function holds(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w-])${name.replaceAll(/[-[\]]/g, '\\$&')}(?![\\w-])`).test(text);
}

/** The text with `-PS[PORTS]` as `-PS`. */
function withoutGlued(text: string): string {
  return text.replaceAll(/\[(?:PORTS|PROTOCOLS|LEVEL)\]/g, '');
}

async function printed(...argv: string[]): Promise<string> {
  const world = fakeWorld();
  expect(await run(argv, world)).toBe(0);
  expect(world.err).toBe('');
  return world.out;
}

describe('help', () => {
  it('shows every option', () => {
    const text = withoutGlued(helpText());
    expect(flags.flatMap(spellings).filter((name) => !holds(text, name))).toEqual([]);
  });

  it('shows every command, and says which options and commands are not in this version', () => {
    const text = helpText().replaceAll(/\n {28}/g, ' ');
    const lines = text.split('\n');
    for (const { name, isHere } of commands) {
      const line = lines.find((one) => one.startsWith(`  ${name} `));
      expect(line?.includes('not in this version')).toBe(!isHere);
    }
    const later = [
      ...flags.filter((flag) => !isSupported(flag)),
      ...commands.filter(({ isHere }) => !isHere),
    ];
    expect(text.match(/not in this version/g)).toHaveLength(later.length);
  });

  it('fits a terminal of 80 columns', () => {
    for (const line of helpText().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is printed by -h, --help and help, alone or among other options', async () => {
    const text = helpText();
    for (const argv of [
      ['-h'],
      ['--help'],
      ['help'],
      ['scan', '--help'],
      ['-sS', '-p1', 'h', '--help'],
      ['help', 'scan'],
    ]) {
      expect(await printed(...argv)).toBe(text);
    }
  });

  it('tells of one command', async () => {
    expect(await printed('help', 'completions')).toMatch(/^Usage: portolan completions bash\|zsh\|fish\n/);
    expect(await printed('explain', '--help')).toBe(await printed('help', 'explain'));
    const world = fakeWorld();
    expect(await run(['help', 'docter'], world)).toBe(2);
    expect(world.err).toBe('portolan: "docter" is no command of portolan; try: portolan help doctor\n');
  });

  it('is shown on standard error with exit 2 when nothing is asked', async () => {
    const world = fakeWorld();
    expect(await run([], world)).toBe(2);
    expect(world.out).toBe('');
    expect(world.err).toMatch(/Usage: portolan[\s\S]*portolan: No target\n$/);
  });
});

describe('man page', () => {
  const page = manPage('0.1.0');
  const plain = withoutGlued(page.replaceAll('\\-', '-'));

  it('holds every option', () => {
    const all = allFlags.flatMap(spellings);
    expect(all.filter((name) => !holds(plain, name))).toEqual([]);
  });

  it('holds every command and starts no line by mistake with a request', async () => {
    for (const { name } of commands) expect(holds(plain, name)).toBe(true);
    const requests = page.split('\n').filter((line) => /^[.']/.test(line));
    for (const line of requests) expect(line).toMatch(/^\.(?:TH|SH|SS|TP|B|br)\b/);
    expect(await printed('help', '--man')).toBe(page);
    // A bare dash is a hyphen to roff, which nobody can copy into a shell.
    expect(page).toContain('.B \\-\\-max\\-rate RATE\n');
  });

  it.skipIf(!has('groff'))('is roff without warnings', () => {
    const checked = spawnSync('groff', ['-man', '-Tascii', '-ww'], { input: page, encoding: 'utf8' });
    expect(checked.stderr).toBe('');
    expect(checked.stdout).toContain('PORTOLAN(1)');
  });
});

describe('completions', () => {
  describe.each(shells)('of %s', (shell) => {
    const script = completionScript(shell);

    it('hold every option', () => {
      const wanted = (name: string) => {
        const bare = name.replace(/^-+/, '');
        if (shell !== 'fish') return name;
        return name.startsWith('--') ? `-l ${bare}` : bare.length === 1 ? `-s ${bare}` : `-o ${bare}`;
      };
      const all = allFlags.flatMap(spellings);
      expect(all.filter((name) => !holds(script, wanted(name)))).toEqual([]);
    });

    it('hold every command', () => {
      for (const { name } of commands) expect(holds(script, name)).toBe(true);
    });
  });

  it('are read by every shell that is here', () => {
    for (const shell of shells.filter(has)) {
      const check = shell === 'fish' ? '--no-execute' : '-n';
      expect(spawnSync(shell, [check], { input: completionScript(shell), encoding: 'utf8' }).stderr).toBe('');
    }
  });

  it.skipIf(!has('bash'))('complete options, values, commands and files in bash', () => {
    const complete = (...words: string[]) =>
      execFileSync(
        'bash',
        [
          '--norc',
          '-c',
          `${completionScript('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _portolan; printf '%s\\n' "\${COMPREPLY[@]}"`,
          'x',
          'portolan',
          ...words,
        ],
        {
          encoding: 'utf8',
          cwd: import.meta.dirname,
        },
      )
        .trim()
        .split('\n');
    expect(complete('--max-r').sort()).toEqual(['--max-rate', '--max-retries', '--max-rtt-timeout']);
    expect(complete('-T', 'pa')).toEqual(['paranoid']);
    expect(complete('doc')).toContain('doctor');
    expect(complete('-oX', 'texts.')).toEqual(['texts.test.ts']);
    expect(complete('completions', 'z')).toEqual(['zsh']);
    expect(complete('audit', '--ju')).toEqual(['--junit']);
    expect(complete('--ju')).toEqual(['']);
    expect(complete('audit', '-oX')).toEqual(['']);
    expect(complete('audit', 'texts.')).toEqual(['texts.test.ts']);
    expect(complete('audit', '--sarif', 'texts.')).toEqual(['texts.test.ts']);
  });

  it('refuse a shell that has none', async () => {
    const world = fakeWorld();
    expect(await run(['completions', 'tcsh'], world)).toBe(2);
    expect(world.err).toBe('portolan: completions: found "tcsh", wanted one of bash, zsh, fish\n');
  });
});

describe('options in messages', () => {
  it('are options of the flag table', () => {
    const known = new Set(flags.flatMap(spellings));
    const words = ['goal', 'ports', 'packet.ttl', 'scopeFile', 'trace', 'maxRatePps', 'capture'].map(
      (field) => optionWords(field),
    );
    const values = (
      [
        ['goal', 'list'],
        ['discovery', 'ping-udp'],
        ['techniques', 'sctp-init'],
        ['reverseNames', 'never'],
        ['engine', 'connect'],
      ] as const
    ).map(([field, value]) => optionWords(field, value));
    for (const word of [...words, ...values].flatMap((text) => text.match(/(?<!\w)-[\w-]+/g) ?? []))
      expect(known).toContain(word);
    expect(values).toEqual(['-sL', '-PU', '-sY', '-n', '--engine connect']);
  });
});

describe('other commands', () => {
  it('are refused, not mistaken for targets, while they are not in this version', async () => {
    for (const { name, isHere } of commands) {
      if (isHere) continue;
      const world = fakeWorld();
      expect(await run([name, 'x'], world)).toBe(2);
      expect(world.err).toBe(`portolan: the command ${name} is not in this version; try: portolan help\n`);
      expect(world.requests).toEqual([]);
    }
  });

  it('scan a host that is called like a command when it follows scan', async () => {
    const world = fakeWorld();
    await run(['scan', 'doctor'], world);
    expect(world.requests[0]?.targets).toEqual(['doctor']);
  });

  it('explain shows every row of every table', async () => {
    for (const technique of [...Object.values(portTechniques), ...Object.values(hostTechniques)]) {
      const text = await printed('explain', technique.name);
      expect(text).toContain(technique.summary);
      const rows = text.split('\n').filter((line) => line.startsWith('  '));
      expect(rows).toHaveLength(technique.replies.length + 2);
      for (const row of technique.replies) if ('reason' in row) expect(text).toContain(row.reason);
    }
  });

  it('explain takes letters, and names the techniques it knows', async () => {
    expect(await printed('explain', '-sS')).toBe(await printed('explain', 'syn'));
    const world = fakeWorld();
    expect(await run(['explain', 'sin'], world)).toBe(2);
    expect(world.err).toMatch(
      /^portolan: explain: found "sin", wanted one of syn, connect, .*; try: portolan explain syn\n$/,
    );
  });

  it('doctor says what works', async () => {
    expect(await printed('doctor')).toMatch(/^(?:yes|no ) +\S/m);
  });

  it('version prints the package’s', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    for (const word of ['--version', '-V']) expect(await printed(word)).toBe(`portolan ${version}\n`);
  });
});

describe('nearest', () => {
  it('finds slips and nothing else', () => {
    expect(nearest('doctro', ['doctor', 'dns'])).toBe('doctor');
    expect(nearest('zzzzzz', ['doctor', 'dns'])).toBeUndefined();
    expect(nearest('x'.repeat(100_000), ['doctor'])).toBeUndefined();
  });
});
