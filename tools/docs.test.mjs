/**
 * The manual is true: every example of docs/library.md compiles against the published types, runs, and prints
 * what stands below it; so does every example of docs/audit.md; the samples of docs/output.md are what the writers
 * write; every command line of the manual is one that the parser takes. Needs `npm run build`.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuditCall } from '../src/cli/audit-call.ts';
import { commands } from '../src/cli/command-table.ts';
import { readDiffCall } from '../src/cli/diff-call.ts';
import { firewallLanguage } from '../src/cli/flags/firewall.ts';
import { flags, isSupported, spellings } from '../src/cli/flags/index.ts';
import { readHistoryCall } from '../src/cli/history-call.ts';
import { readListenCall } from '../src/cli/listen-call.ts';
import { readNamesCall } from '../src/cli/names-call.ts';
import { readScanCall } from '../src/cli/scan-call.ts';
import { readShowCall } from '../src/cli/show-call.ts';
import { readWatchCall } from '../src/cli/watch-call.ts';
import { Collector, writers } from '../src/report/index.ts';
import { NameServers } from '../test/net/lab/name-servers.ts';
import { labMissing } from '../test/net/lab/requirements.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].map((name) => ({
  name,
  text: readFileSync(join(root, name), 'utf8'),
}));

describe('docs/library.md', () => {
  // A program of its own that has installed the package.
  const folder = mkdtempSync(join(tmpdir(), 'portolan-docs-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/portolan'), 'junction');
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  afterAll(() => rmSync(folder, { recursive: true }));

  const page = textOf('docs/library.md');
  const examples = [
    ...page.matchAll(/^## ([^\n]+)\n(?:(?!\n## ).)*?```ts\n(.*?)```\n\n```text\n(.*?)```/gms),
  ].map(([, title, code, output]) => ({ title, code, output, file: `${title.replaceAll(/\W+/g, '-')}.mts` }));
  for (const { file, code } of examples) {
    writeFileSync(join(folder, file), code);
    const { code: plain } = transformSync(code, { loader: 'ts', target: 'node20.19' });
    writeFileSync(join(folder, file.replace('.mts', '.mjs')), plain);
  }

  it('has an example with its output wherever it has one', () => {
    expect(examples.length).toBe(page.match(/^```ts$/gm)?.length);
    expect(examples.length).toBeGreaterThan(6);
  });

  it.each(examples)('$title: prints what it says', { timeout: 60_000 }, ({ file, output }) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [file.replace('.mts', '.mjs')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ stderr, status, stdout: shapeOf(stdout) }).toEqual({
      stderr: '',
      status: 0,
      stdout: shapeOf(output),
    });
  });

  it('names every field of a request', () => {
    const [, fields] = readFileSync(join(root, 'src/plan/request.ts'), 'utf8').match(
      /^export interface Request \{\n(.*?)^\}/ms,
    );
    const names = [...fields.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);
    const table = page.match(/^\| field .*?\n\n/ms)[0];
    expect(names.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
    expect(names.length).toBeGreaterThan(40);
  });

  it('compiles against the published types', { timeout: 60_000 }, () => {
    const options = {
      compilerOptions: {
        noEmit: true,
        strict: true,
        target: 'es2023',
        module: 'nodenext',
        types: ['node'],
        skipLibCheck: true,
      },
      files: examples.map(({ file }) => file),
    };
    expect(compile(options)).toEqual({ stdout: '', status: 0 });
  });

  it('is compiled by whoever checks all types, with none of Node and an older language', {
    timeout: 60_000,
  }, () => {
    const file = join(folder, 'door.ts');
    writeFileSync(file, "export * from 'portolan';\n");
    const options = {
      compilerOptions: { noEmit: true, strict: true, target: 'es2022', module: 'nodenext', types: [] },
      files: [file],
    };
    expect(compile(options)).toEqual({ stdout: '', status: 0 });
  });

  function compile(options) {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
    const tsc = join(root, 'node_modules/typescript/lib/tsc.js');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    return { stdout, status };
  }
});

describe('docs/audit.md', () => {
  const page = textOf('docs/audit.md');
  const folder = mkdtempSync(join(tmpdir(), 'portolan-audit-docs-'));
  symlinkSync(join(root, 'examples'), join(folder, 'examples'), 'junction');
  const blocks = (language) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((one) => one[1]);
  for (const text of blocks('yaml')) {
    const [, name] = /^# (\w+\.yaml)\n/.exec(text) ?? [];
    if (name !== undefined) writeFileSync(join(folder, name), text);
  }
  const wrong = 'version: 1\nrules:\n  - name: r\n    alow: [tcp/1]\n    targets: [127.0.0.1]\n';
  writeFileSync(join(folder, 'wrong.yaml'), wrong);

  const web = createServer();
  const silent = createSocket('udp4');
  beforeAll(async () => {
    await new Promise((resolve) => web.listen(18080, '127.0.0.1', resolve));
    await new Promise((resolve) => silent.bind(18053, '127.0.0.1', resolve));
  });
  afterAll(() => {
    web.close();
    silent.close();
    rmSync(folder, { recursive: true });
  });

  it('shows the policy of the examples as it is', () => {
    expect(blocks('yaml')).toContain(readFileSync(join(root, 'examples/audit/policy.yaml'), 'utf8'));
  });

  const codes = {
    'examples/audit/policy.yaml': 0,
    'careless.yaml': 1,
    'wrong.yaml': 2,
    'dmz.ndjson': 1,
    '127.0.0.1': 0,
  };
  const examples = blocks('console').flatMap((text) =>
    text
      .split(/^\$ npx portolan /m)
      .slice(1)
      .map((one) => ({ words: one.slice(0, one.indexOf('\n')), output: one.slice(one.indexOf('\n') + 1) })),
  );

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(7);
  });

  it.each(examples)(
    'portolan $words: prints what it says',
    { timeout: 60_000 },
    async ({ words, output }) => {
      const [line, file] = words.split(' > ');
      const child = spawn(process.execPath, [join(root, 'bin/portolan.js'), ...line.split(' ')], {
        cwd: folder,
      });
      const printed = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'])
        child[name].on('data', (piece) => {
          printed[name] += piece;
        });
      const [status] = await once(child, 'close');
      if (file !== undefined) writeFileSync(join(folder, file), printed.stdout);
      const shown = `${file === undefined ? printed.stdout : ''}${printed.stderr}`;
      expect({ shown: auditShape(shown), status }).toEqual({
        shown: auditShape(output),
        status: codes[line.split(' ').at(-1)],
      });
    },
  );

  it('has a pipeline that ends with the code of its audit', { timeout: 60_000 }, async () => {
    // Its own server takes the port.
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    const report = join(folder, 'report.xml');
    const child = spawn('sh', [join(root, 'examples/audit/run.sh'), report], { stdio: 'ignore' });
    const [status] = await once(child, 'close');
    expect(status).toBe(0);
    expect(readFileSync(report, 'utf8')).toContain('<testsuite name="web server" tests="11" failures="0"');
  });
});

// Without root there is no listener.
describe.skipIf(process.getuid?.() !== 0)('docs/listen.md', () => {
  const page = textOf('docs/listen.md');
  const folder = mkdtempSync(join(tmpdir(), 'portolan-listen-docs-'));
  const program = join(root, 'bin/portolan.js');
  const web = createServer();
  const silent = createSocket('udp4');
  beforeAll(async () => {
    writeFileSync(join(folder, 'inside.yaml'), /^```yaml\n(.*?)^```/ms.exec(page)[1]);
    await new Promise((resolve) => web.listen(18080, '127.0.0.1', resolve));
    await new Promise((resolve) => silent.bind(18053, '127.0.0.1', resolve));
  });
  afterAll(() => {
    web.close();
    silent.close();
    rmSync(folder, { recursive: true });
  });
  const examples = [...page.matchAll(/^```console\n(.*?)^```/gms)].flatMap(([, text]) =>
    text
      .split(/^\$ sudo npx portolan /m)
      .slice(1)
      .map((one) => ({ words: one.slice(0, one.indexOf('\n')), output: one.slice(one.indexOf('\n') + 1) })),
  );

  it('prints what it says', { timeout: 60_000 }, async () => {
    const background = [];
    const shown = [];
    for (const { words } of examples) {
      const [line, file] = words.replace(/ &$/, '').split(' > ');
      const child = spawn(process.execPath, [program, ...line.split(' ')], { cwd: folder });
      if (file !== undefined) {
        child.stdout.on('data', (piece) => writeFileSync(join(folder, file), piece, { flag: 'a' }));
        writeFileSync(join(folder, file), '');
        background.push(child);
        shown.push('');
        continue;
      }
      let printed = '';
      for (const name of ['stdout', 'stderr'])
        child[name].on('data', (piece) => {
          printed += piece;
        });
      await once(child, 'close');
      shown.push(printed);
    }
    for (const child of background) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    expect(examples.length).toBe(3);
    expect(shown.map(auditShape)).toEqual(examples.map(({ output }) => auditShape(output)));
    const keys = (line) => Object.keys(JSON.parse(line)).join();
    const heard = readFileSync(join(folder, 'heard.ndjson'), 'utf8').split('\n');
    const sample = /^```json\n(.*?)^```/ms.exec(page)[1].split('\n');
    expect([keys(heard[0]), keys(heard[1])]).toEqual([keys(sample[0]), keys(sample[1])]);
  });

  it('has a pipeline that ends with the code of its audit', { timeout: 60_000 }, async () => {
    // Somebody else's machine is this one, and whoever is called is this checkout.
    const stub = (name, script) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    stub('ssh', 'shift; exec sh -c "$*"');
    stub('portolan', `exec '${process.execPath}' '${program}' "$@"`);
    const run = spawn(
      'sh',
      [join(root, 'examples/listen/both-ends.sh'), 'inside', 'inside.yaml', '18000-18100'],
      {
        cwd: folder,
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      },
    );
    let printed = '';
    run.stdout.on('data', (piece) => {
      printed += piece;
    });
    const [status] = await once(run, 'close');
    expect(status).toBe(1);
    expect(printed).toContain(
      'udp/18053: wanted filtered, found open|filtered (no-response): its probe arrived',
    );
  });
});

const namesMissing = labMissing(['ip', 'unshare', 'nft', 'knotd', 'dig']);
describe.skipIf(namesMissing !== undefined)('docs/dns.md', () => {
  const page = textOf('docs/dns.md');
  const examples = [...page.matchAll(/^```console\n\$ npx portolan ([^\n]*)\n(.*?)^```/gms)].map(
    ([, words, output]) => ({
      words,
      output,
    }),
  );
  let servers;
  beforeAll(async () => {
    servers = new NameServers();
    const write = (name, text) => writeFileSync(join(servers.folder, name), text);
    write('words.txt', 'www\nmail\nshop\ndev\napi\nvpn\nold\n');
    write('certificates.json', '[{"name_value":"*.example.test\\nlogin.example.test\\nstale.example.test"}]');
    write('scope.txt', '10.53.0.9\n10.53.0.25\n');
    servers.namespace.ip('address add 10.53.0.9/32 dev lo', 'address add 10.53.0.25/32 dev lo');
    const records = [
      '* A 10.53.0.9\nwww A 10.53.0.9\nmail A 10.53.0.25\n@ MX 10 mail\ndev A 10.53.0.9\napi.dev A 10.53.0.10',
      'old CNAME gone.example.org.\nlogin A 10.53.0.9',
    ].join('\n');
    await servers.serve('knot', '10.53.0.1', [
      { apex: 'example.test', records },
      { apex: 'open.test', transfer: 'anyone', records: 'www A 10.53.0.9\ndb A 10.53.0.11' },
      { apex: 'signed.test', signing: 'nsec', records: 'www A 10.53.0.9\nhidden A 10.53.0.12' },
      {
        apex: '0.53.10.in-addr.arpa',
        records: '1 PTR ns.example.test.\n9 PTR www.example.test.\n25 PTR mail.example.test.',
      },
    ]);
  });
  afterAll(() => servers?.close());

  it.each(examples)(
    'portolan $words: prints what it says',
    { timeout: 60_000 },
    async ({ words, output }) => {
      const argv = [process.execPath, join(root, 'bin/portolan.js'), ...words.split(' ')];
      const { stdout, stderr, status } = await servers.namespace.run(argv, { cwd: servers.folder });
      expect({ shown: namesShape(`${stdout}${stderr}`), status }).toEqual({
        shown: namesShape(output),
        status: 0,
      });
    },
  );

  /** What differs from run to run: times, how many queries the search took, and which of two types was answered first. */
  function namesShape(text) {
    return text
      .replaceAll(/^(# Portolan \S+ started).*?(as: )/gm, '$1 $2')
      .replaceAll(/\d+ (names asked|absent|sent|answered|repeated|wildcard|queries)/g, 'N $1')
      .trimEnd()
      .split('\n')
      .sort();
  }
});

/** What differs with privileges and from run to run; a table's columns are as wide as their numbers. */
function auditShape(text) {
  return text
    .replaceAll(/^# Loss: .*\n/gm, '')
    .replaceAll(/^(# Portolan \S+ started).*?(as: )/gm, '$1 $2')
    .replaceAll(/^(# The policy is .*) in \S+ seconds$/gm, '$1')
    .replaceAll(/^# Packets: .*$/gm, '# Packets')
    .replaceAll(/\((?:reset|refused)\)/g, '(refused)')
    .trimEnd();
}

describe('docs/output.md', () => {
  const page = textOf('docs/output.md');
  const sampleOf = (title) =>
    page.match(new RegExp(`^## ${title}\\n.*?^\`\`\`\\w+\\n(.*?)^\`\`\``, 'ms'))?.[1] ?? '';
  const written = {};
  const show = { openOnly: false, reason: true, verbosity: 0 };
  const sinks = Object.entries(writers).map(([name, writer]) => ({
    writer: writer(show),
    out: (text) => {
      written[name] = `${written[name] ?? ''}${text}`;
    },
  }));
  const collector = new Collector(sinks, show);
  const record = sampleOf('NDJSON');
  for (const line of record.trimEnd().split('\n')) collector.take(JSON.parse(line));

  it.each([
    ['NDJSON', 'ndjson'],
    ['Normal', 'normal'],
    ['XML', 'xml'],
    ['Grepable', 'grepable'],
    ['CSV', 'csv'],
  ])('shows %s as it is written', (title, format) => {
    expect(sampleOf(title).trimEnd()).toBe(written[format].replaceAll('\r\n', '\n').trimEnd());
  });
});

describe('README.md: what is in this version, and what is not', () => {
  const table = /^## What is in this version.*?\n\n(.*?)\n\n/ms.exec(textOf('README.md'))?.[1] ?? '';
  const rows = table.split('\n').map((line) => line.split('|').slice(1));
  const wordsIn = (column) => rows.flatMap((row) => row[column].match(/(?<=[` ])-{1,2}[\w-]+|`\w+`/g) ?? []);
  const isHere = (word) => {
    const flag = flags.find((each) => spellings(each).includes(word));
    if (flag !== undefined) return isSupported(flag);
    const command = commands.find(({ name }) => `\`${name}\`` === word);
    return command === undefined ? undefined : command.isHere;
  };

  it('lists nothing as in that is refused, and nothing as missing that is here', () => {
    expect(wordsIn(1).length).toBeGreaterThan(40);
    expect(wordsIn(1).filter((word) => isHere(word) === false)).toEqual([]);
    // One engine of several is missing, not the option.
    expect(wordsIn(2).filter((word) => isHere(word) === true)).toEqual(['--engine']);
  });

  it('lists everything that is missing', () => {
    const missing = [
      ...flags.filter((flag) => !isSupported(flag)).map((flag) => spellings(flag)[0]),
      ...commands.filter(({ isHere }) => !isHere).map(({ name }) => `\`${name}\``),
    ].filter((word) => !word.startsWith('--version-'));
    expect(wordsIn(2)).toEqual(expect.arrayContaining(missing));
  });
});

describe('command lines', () => {
  const lines = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/^(?:\$|#)? ?(?:sudo )?(?:npx |node bin\/)portolan(?:\.js)? (.+?)(?: +#.*)?$/gm)].map(
      ([, words]) => ({ name, words }),
    ),
  );

  it('are found', () => {
    expect(lines.length).toBeGreaterThan(5);
  });

  it.each(lines)('$name: portolan $words', ({ words }) => {
    const [command] = words.split(' ');
    if (['explain', 'doctor', 'help', 'completions'].includes(command)) return;
    if (command === 'audit') {
      expect(() =>
        readAuditCall(
          words
            .replace(/ [|>].*/, '')
            .split(/\s+/)
            .slice(1),
        ),
      ).not.toThrow();
      return;
    }
    const all = words.replace(/ [|>].*/, '').split(/\s+/);
    const readers = {
      diff: readDiffCall,
      history: readHistoryCall,
      show: readShowCall,
      watch: readWatchCall,
    };
    if (Object.hasOwn(readers, command)) {
      expect(() => readers[command](all.slice(1))).not.toThrow();
      return;
    }
    if (command === 'listen') {
      expect(() => readListenCall(all.slice(1))).not.toThrow();
      return;
    }
    if (command === 'dns') {
      expect(() => readNamesCall(all.slice(1))).not.toThrow();
      return;
    }
    if (command === 'firewall') {
      expect(() => readScanCall(all.slice(1), new Date(), firewallLanguage)).not.toThrow();
      return;
    }
    expect(() => readScanCall(all)).not.toThrow();
  });
});

function textOf(wanted) {
  return pages.find(({ name }) => name === wanted)?.text ?? '';
}

/** Ports and times differ from run to run; what is said about them does not. */
function shapeOf(text) {
  return text.replaceAll(/\d+(?:\.\d+)?/g, 'N');
}
