import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { CheckFact, CheckResult, Fact } from '../../model/fact.ts';
import { Collector } from '../collect.ts';
import { hostileTexts, scanFact, summaryFact } from '../writer.laws.ts';
import { type CheckShow, type CheckWriterName, checkWriters } from './index.ts';

const names = Object.keys(checkWriters) as CheckWriterName[];
const show: CheckShow = { file: 'policies/web.yaml', verbosity: 0 };

function check(port: number, result: CheckResult, rest: Partial<CheckFact> = {}): CheckFact {
  const found = { pass: 'open', fail: 'closed', inconclusive: 'unknown' } as const;
  return {
    type: 'check',
    n: 1,
    rule: 'web servers',
    host: '10.0.0.5',
    protocol: 'tcp',
    port,
    expected: 'open',
    found: found[result],
    result,
    line: 7,
    ...(result === 'inconclusive' ? { why: 'the host does not answer' } : { reason: 'reset' }),
    ...rest,
  };
}

const sample: readonly CheckFact[] = [
  check(22, 'pass'),
  check(23, 'fail'),
  check(24, 'fail'),
  check(80, 'fail', { host: '10.0.0.6', name: 'db.lab', found: 'filtered', reason: 'no-response' }),
  check(25, 'pass', {
    rule: 'no way round',
    expected: 'not-open',
    found: 'closed',
    line: 12,
    sourcePort: 53,
  }),
  check(26, 'inconclusive', { rule: 'no way round', expected: 'not-open', line: 13, sourcePort: 53 }),
];

/** The schema of SARIF 2.1.0 as OASIS published it. */
const schema: object = createRequire(import.meta.url)(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
const isSarif = addFormats
  .default(new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false }))
  .compile(schema);

/** What the schema has against a log. */
function problemsOf(log: unknown): readonly string[] {
  isSarif(log);
  return (isSarif.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function render(
  name: CheckWriterName,
  checks: readonly CheckFact[],
  shown: CheckShow = show,
  title = 'web tier',
): string {
  const pieces: string[] = [];
  const sink = { writer: checkWriters[name](shown), out: (text: string) => pieces.push(text) };
  const collector = new Collector([sink], { openOnly: false, reason: true, verbosity: 0 });
  const count = (result: CheckResult) => checks.filter((one) => one.result === result).length;
  const counts = { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') };
  const facts: readonly Fact[] = [
    { ...scanFact, options: { policy: { name: title } } },
    ...checks.map((one, i) => ({ ...one, n: i + 2 })),
    { ...summaryFact, n: checks.length + 2, checks: counts },
  ];
  for (const fact of facts) collector.take(fact);
  return pieces.join('');
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('an audit as text', () => {
  it('tells what failed and what is not known, ports that are alike in one line, then the counts', () => {
    expect(lines(render('normal', sample))).toEqual([
      'FAIL policies/web.yaml:7 web servers: 10.0.0.5 tcp/23-24: wanted open, found closed (reset)',
      'FAIL policies/web.yaml:7 web servers: db.lab (10.0.0.6) tcp/80: wanted open, found filtered (no-response)',
      'INCONCLUSIVE policies/web.yaml:13 no way round: 10.0.0.5 tcp/26 from port 53: wanted anything but open, found unknown: the host does not answer',
      'PASS  FAIL  INCONCLUSIVE  RULE',
      '   1     3             0  web servers',
      '   1     0             1  no way round',
    ]);
    expect(render('normal', sample)).toContain(
      '# The policy is violated: 6 checks, 2 passed, 3 failed, 1 inconclusive, in 12.03 seconds\n',
    );
  });

  it('tells passes too where more is wanted', () => {
    expect(lines(render('normal', sample, { ...show, verbosity: 1 }))[0]).toBe(
      'PASS policies/web.yaml:7 web servers: 10.0.0.5 tcp/22: wanted open, found open (reset)',
    );
  });
});

describe('an audit as NDJSON and CSV', () => {
  it('has a line for each check, with the fields of the contract in its order', () => {
    const [begin, first, ...others] = render('ndjson', sample).trimEnd().split('\n');
    expect(JSON.parse(begin as string)).toMatchObject({ type: 'scan', n: 1 });
    expect(first).toBe(
      '{"type":"check","n":2,"rule":"web servers","host":"10.0.0.5","protocol":"tcp","port":22,"expected":"open","found":"open","result":"pass","line":7,"reason":"reset"}',
    );
    expect(JSON.parse(others.at(-1) as string)).toMatchObject({
      type: 'summary',
      n: 8,
      checks: { pass: 2, fail: 3, inconclusive: 1 },
    });
    const [head, row, ...rows] = render('csv', sample).trimEnd().split('\r\n');
    expect(head).toBe(
      'type,rule,host,name,protocol,port,sourcePort,expected,found,reason,result,line,why,arrived',
    );
    expect(row).toBe('check,web servers,10.0.0.5,,tcp,22,,open,open,reset,pass,7,,');
    expect(rows).toHaveLength(5);
  });
});

describe('an audit as JUnit', () => {
  it('has a suite for each rule with its counts, and a case for each check', () => {
    expect(render('junit', sample)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="web tier">
<testsuite name="web servers" tests="4" failures="3" errors="0" skipped="0" file="policies/web.yaml">
<testcase name="10.0.0.5 tcp/22 open" classname="web servers" file="policies/web.yaml" line="7"/>
<testcase name="10.0.0.5 tcp/23 open" classname="web servers" file="policies/web.yaml" line="7">
<failure message="wanted open, found closed (reset)" type="open"/>
</testcase>
<testcase name="10.0.0.5 tcp/24 open" classname="web servers" file="policies/web.yaml" line="7">
<failure message="wanted open, found closed (reset)" type="open"/>
</testcase>
<testcase name="db.lab (10.0.0.6) tcp/80 open" classname="web servers" file="policies/web.yaml" line="7">
<failure message="wanted open, found filtered (no-response)" type="open"/>
</testcase>
</testsuite>
<testsuite name="no way round" tests="2" failures="0" errors="0" skipped="1" file="policies/web.yaml">
<testcase name="10.0.0.5 tcp/25 from port 53 not-open" classname="no way round" file="policies/web.yaml" line="12"/>
<testcase name="10.0.0.5 tcp/26 from port 53 not-open" classname="no way round" file="policies/web.yaml" line="13">
<skipped message="wanted anything but open, found unknown: the host does not answer"/>
</testcase>
</testsuite>
</testsuites>
`);
  });
});

describe('an audit as SARIF', () => {
  it('has a result for each check that did not pass, at the line of the policy', () => {
    const log = JSON.parse(render('sarif', sample));
    expect(Object.keys(log)).toEqual(['$schema', 'version', 'runs']);
    expect(log.version).toBe('2.1.0');
    const [run, ...others] = log.runs;
    expect(others).toEqual([]);
    expect(run.tool.driver).toEqual({
      name: 'Portolan',
      version: '0.1.0',
      rules: [
        { id: 'web servers', shortDescription: { text: 'web servers' } },
        { id: 'no way round', shortDescription: { text: 'no way round' } },
      ],
    });
    expect(run.results).toHaveLength(4);
    expect(run.results[0]).toEqual({
      ruleId: 'web servers',
      ruleIndex: 0,
      kind: 'fail',
      level: 'error',
      message: { text: 'web servers: 10.0.0.5 tcp/23: wanted open, found closed (reset)' },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'policies/web.yaml' }, region: { startLine: 7 } } },
      ],
    });
    expect(run.results[3]).toMatchObject({ ruleIndex: 1, kind: 'open', level: 'none' });
  });

  it.each([
    ['of failures and doubts', sample],
    ['of passes alone', [check(22, 'pass')]],
    ['of nothing', []],
    ['of hostile names', [{ ...check(22, 'fail'), rule: '\u202e\x1b[31m</rule>', host: 'a\u0000b' }]],
  ])('is valid against the schema of OASIS: a log %s', (_, checks) => {
    expect(problemsOf(JSON.parse(render('sarif', checks)))).toEqual([]);
  });

  it('would not be valid with a word that the schema does not have', () => {
    const log = JSON.parse(render('sarif', sample));
    log.runs[0].results[0].level = 'bad';
    expect(problemsOf(log)).not.toEqual([]);
  });

  it('is a whole log where nothing is wrong, and names files by URIs', () => {
    expect(JSON.parse(render('sarif', [check(22, 'pass')])).runs[0].results).toEqual([]);
    const of = (file: string) =>
      JSON.parse(render('sarif', sample, { ...show, file })).runs[0].results[0].locations[0].physicalLocation
        .artifactLocation.uri;
    expect(of('my policies/ü#1.yaml')).toBe('my%20policies/%C3%BC%231.yaml');
    expect(of('/etc/web.yaml')).toBe('file:///etc/web.yaml');
  });
});

describe('an audit as annotations', () => {
  it('has an error for what failed and a warning for what is not known', () => {
    expect(render('github', sample).split('\n')).toEqual([
      '::error file=policies/web.yaml,line=7,title=web servers::10.0.0.5 tcp/23-24: wanted open, found closed (reset)',
      '::error file=policies/web.yaml,line=7,title=web servers::db.lab (10.0.0.6) tcp/80: wanted open, found filtered (no-response)',
      '::warning file=policies/web.yaml,line=13,title=no way round::10.0.0.5 tcp/26 from port 53: wanted anything but open, found unknown: the host does not answer',
      'Portolan: 2 passed, 3 failed, 1 inconclusive',
      '',
    ]);
  });
});

describe.each(names)('%s: whatever the policy and the network say', (name) => {
  const worse = [
    ...hostileTexts,
    '::error file=x::no',
    'a,line=1::b',
    '##[error]no',
    'x\r\n::stop-commands::y',
    '</testsuites>',
    ']]>&"\'<!--',
    '=HYPERLINK("x")',
  ];
  it.each(worse)('nothing but printable text gets out: %j', (text) => {
    const hostile = sample.map((one) => ({
      ...one,
      rule: `${text}${one.rule}`,
      name: text,
      ...(one.why !== undefined && { host: text, why: text }),
    }));
    const out = render(name, hostile, { file: `p${text}`, verbosity: 1 }, text);
    expect(out.replaceAll(/[\n\r]/g, '')).toMatch(/^[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]*$/u);
    expect(shapeFault(name, out)).toBeUndefined();
  });
});

/** What keeps the text from being of its format. */
function shapeFault(name: CheckWriterName, out: string): unknown {
  switch (name) {
    case 'ndjson':
      for (const line of out.trimEnd().split('\n')) JSON.parse(line);
      return undefined;
    case 'sarif':
      return JSON.parse(out).runs[0].results.length === 4 ? undefined : out;
    case 'junit':
      // Elements and attributes as they are written here, and no character of markup between them.
      return out.replaceAll(/<[/?]?[\w]+(?: \w+="[^"<>]*")*[/?]?>|\s/g, '') || undefined;
    case 'github':
      return out
        .trimEnd()
        .split('\n')
        .find(
          (line) =>
            line.includes('##[') ||
            !/^(?:::(?:error|warning) file=[^,:]*,line=\d+,title=[^,:]*::|Portolan: \d)/.test(line),
        );
    case 'csv':
      return out
        .split('\r\n')
        .find((line) => /(?:^|,)"?[=+@-]/.test(line.replaceAll(/"(?![=+@-])(?:[^"]|"")*"/g, '')));
    case 'normal':
      return undefined;
  }
}
