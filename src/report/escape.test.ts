import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, grepable, htmlText, jsonLine, printable, xmlText } from './escape.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('printable', () => {
  test.each([
    ['\x1b[31m', '\\x1b[31m'],
    ['a\r\n\tb\x00\x7f\x9b', 'a\\x0d\\x0a\\x09b\\x00\\x7f\\x9b'],
    ['\u202egpj\u2066\u200b\ufeff', '\\u202egpj\\u2066\\u200b\\ufeff'],
    ['\ud83dx\udc00', '\\ud83dx\\udc00'],
    ['\u{e0041}\u2028\uffff', '\\u{e0041}\\u2028\\uffff'],
  ])('makes %j visible', (text, visible) => expect(printable(text)).toBe(visible));

  test.each(['plain ~ text', 'ünïcödé', '日本語', '😀', 'DOMAIN\\host'])('leaves %s alone', (text) => {
    expect(printable(text)).toBe(text);
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});

describe('jsonLine', () => {
  test('is one line of printable text that reads back the same', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = jsonLine({ [text]: [text] });
        expect(line).toBe(printable(line));
        expect(JSON.parse(line)).toEqual({ [wellFormed(text)]: [wellFormed(text)] });
      }),
    );
  });

  test('mends halves of surrogate pairs and leaves whole ones and backslashes alone', () => {
    expect(jsonLine('\ud83d😀\udc00')).toBe('"\\ufffd😀\\ufffd"');
    expect(jsonLine('\\ud83d')).toBe('"\\\\ud83d"');
    expect(jsonLine('\ud83d\\ud83d')).toBe('"\\ufffd\\\\ud83d"');
    expect(jsonLine('\u{e0041}')).toBe('"\\udb40\\udc41"');
  });
});

describe('xmlText and htmlText', () => {
  test('leave no markup', () => {
    const text = `<a href="x" title='y'>&amp;</a>`;
    const safe = '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;';
    expect(xmlText(text)).toBe(safe);
    expect(htmlText(text)).toBe(safe);
  });

  test('hold only characters that XML 1.0 allows', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(xmlText(text)).toMatch(/^[\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        expect(xmlText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe('csvCell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    [' =1', "' =1"],
    ['\uff1d1', "'\uff1d1"],
    ['\t=1', '\\x09=1'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', 'two\\x0alines'],
    ['10.0.0.5', '10.0.0.5'],
    ['', ''],
  ])('writes %j as %j', (text, cell) => expect(csvCell(text)).toBe(cell));

  test('leaves numbers alone', () => expect(csvCell(-1.5)).toBe('-1.5'));
});

test('grepable leaves none of its separators', () => {
  expect(grepable('a/b,c\td\ne')).toBe('a|b;c\\x09d\\x0ae');
  fc.assert(
    fc.property(anyText, (text) => {
      expect(grepable(text)).not.toMatch(/[\t\r\n,/]/);
    }),
  );
});

/** A string with halves of surrogate pairs replaced. */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
