import { describe, expect, test } from 'vitest';
import { type WriterName, writers } from './index.ts';
import { plainShow, render, sampleFacts } from './writer.laws.ts';

const extensionOf: Readonly<Record<WriterName, string>> = {
  normal: 'txt',
  xml: 'xml',
  grepable: 'gnmap',
  ndjson: 'ndjson',
  csv: 'csv',
  html: 'html',
};

describe.each(Object.keys(writers) as WriterName[])('%s', (name) => {
  test('writes the rich sample as agreed', async () => {
    await expect(withoutProgram(render(name, sampleFacts()))).toMatchFileSnapshot(
      `golden/plain.${extensionOf[name]}`,
    );
  });
});

test('normal: -v adds reasons, evidence, the SYN profile and hosts that are down', async () => {
  const text = render('normal', sampleFacts(), { ...plainShow, verbosity: 1 });
  await expect(text).toMatchFileSnapshot('golden/verbose.txt');
});

test('normal: --open leaves open ports, and the counts whole', async () => {
  const text = render('normal', sampleFacts(), { ...plainShow, openOnly: true });
  await expect(text).toMatchFileSnapshot('golden/open.txt');
});

/** A page without its style and script, which are the same in every report. */
function withoutProgram(text: string): string {
  return text
    .replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>')
    .replaceAll(/sha256-[\w+/=]+/g, 'sha256-…');
}
