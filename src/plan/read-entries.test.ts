import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { readEntries } from './read-entries.ts';
import { textFiles } from './text-files.laws.ts';

const { folder, fileWith } = textFiles();

async function read(path: string, stdin: AsyncIterable<Uint8Array> = chunks()): Promise<string[]> {
  const entries: string[] = [];
  await readEntries(path, 'targets', { stdin }, (entry) => entries.push(entry));
  return entries;
}

async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

describe('files of targets', () => {
  test('hold entries between white space and comments', async () => {
    const path = fileWith('# all\r\n10.0.0.1\t10.0.0.2  ::1 # three\n\n  a.test\n#b.test\nc.test#d\nlast');
    expect(await read(path)).toEqual(['10.0.0.1', '10.0.0.2', '::1', 'a.test', 'c.test', 'last']);
  });

  test('say where an entry stands', async () => {
    const places: string[] = [];
    await readEntries(fileWith('a\n\nb'), 'targets', { stdin: chunks() }, (_, where) => places.push(where()));
    expect(places.map((place) => place.replace(/^.*"/, ''))).toEqual([', line 1: ', ', line 3: ']);
  });

  test('may be standard input, cut anywhere', async () => {
    const text = Buffer.from('\ufeffbücher.test\n10.0.0.1\n');
    for (let at = 0; at < text.length; at++) {
      expect(await read('-', chunks(text.subarray(0, at), text.subarray(at)))).toEqual([
        'bücher.test',
        '10.0.0.1',
      ]);
    }
  });

  test('may be empty', async () => {
    expect(await read(fileWith(''))).toEqual([]);
    expect(await read('-')).toEqual([]);
  });

  test('may have comments in any encoding', async () => {
    const latin = Buffer.from('10.0.0.1 # B\xfcro, M\xfcnchen\n# caf\xe9\n10.0.0.2\n#\xff', 'latin1');
    expect(await read(fileWith(latin))).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(
      (await refusal(() => read(fileWith(Buffer.from('a\n\nb\xfcro.test\n', 'latin1'))))).line,
    ).toContain('line 3 is not UTF-8 text');
  });

  test('a hundred thousand lines are read', async () => {
    expect(await read(fileWith('10.0.0.1\n'.repeat(100_000)))).toHaveLength(100_000);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['binary data', Uint8Array.of(0x31, 0, 0x32), 'line 1 holds binary data'],
    ['UTF-16', Buffer.from('10.0.0.1\n', 'utf16le'), 'binary data'],
    ['broken UTF-8', Uint8Array.of(0x0a, 0xff, 0xfe, 0x0a), 'not UTF-8'],
    ['half a character at the end', Uint8Array.of(0x61, 0xc3), 'not UTF-8'],
    ['an endless line', 'a'.repeat(100_000), 'line 1 is longer than 65536'],
    ['an endless line after others', `a\nb\n${'c '.repeat(50_000)}\n`, 'line 3 is longer'],
  ])('%s is refused', async (_, content, problem) => {
    const error = await refusal(() => read(fileWith(content)));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
    expect(error.line).toMatch(/^Cannot read targets from "/);
  });

  test('an endless input is refused', async () => {
    async function* endless() {
      const chunk = Buffer.alloc(2 ** 20, '\n');
      for (;;) yield chunk;
    }
    const error = await refusal(() => read('-', endless()));
    expect(error.line).toBe('Cannot read targets from standard input: larger than 64 MiB');
  });

  test('an endless line is refused as soon as it is too long', async () => {
    let chunks = 0;
    async function* endless() {
      for (;;) {
        chunks++;
        yield Buffer.alloc(1024, 'a');
      }
    }
    expect((await refusal(() => read('-', endless()))).line).toContain('line 1 is longer than 65536');
    expect(chunks).toBe(65);
  });

  test('a file that cannot be read is refused', async () => {
    expect((await refusal(() => read(join(folder, 'none')))).line).toMatch(/: no such file$/);
    expect((await refusal(() => read(folder))).line).toMatch(/: it is a directory$/);
    expect((await refusal(() => read('a\0b'))).line).toMatch(/: no file can have this name$/);
    expect((await refusal(() => read(join(folder, 'x'.repeat(5000))))).line).toMatch(
      /: the name is too long$/,
    );
  });
});
