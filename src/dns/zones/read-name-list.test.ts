import { expect, it } from 'vitest';
import { readNameList, readWordList } from './read-name-list.ts';

const roots = ['z.test', 'xn--bcher-kva.test'];

it.each([
  ['lines', 'a.z.test\nB.Z.test.\n\nother.test\nz.test\nnotz.test\n', ['a.z.test', 'b.z.test']],
  ['a zone file', 'a.z.test. 300 IN CNAME b.z.test.\n', ['a.z.test', 'b.z.test']],
  ['a hosts file', '10.0.0.1\ta.z.test a\n', ['a.z.test']],
  ['URLs', 'https://a.z.test:8443/x?y=b.z.test\nhttp://u@c.z.test/', ['a.z.test', 'b.z.test', 'c.z.test']],
  ['a table', '"a.z.test","10.0.0.1"\nb.z.test;x', ['a.z.test', 'b.z.test']],
  [
    'certificate logs',
    '[{"common_name":"a.z.test","name_value":"*.b.z.test\\nnb.z.test\\nz.test"}]',
    ['b.z.test', 'nb.z.test', 'a.z.test'],
  ],
  [
    'JSON by lines',
    '{"host":"a.z.test"}\n{"name":"b.z.test","addresses":[{"ip":"10.0.0.1"}]}\n',
    ['a.z.test', 'b.z.test'],
  ],
  ['broken JSON', '[{"name":"a.z.test"},\n', ['a.z.test']],
  ['names of other alphabets', 'www.bücher.test', ['www.xn--bcher-kva.test']],
  ['services', '_sip._tcp.z.test', ['_sip._tcp.z.test']],
  ['labels too long', `${'a'.repeat(64)}.z.test`, []],
])('reads %s', (_, text, names) => {
  expect(readNameList(text, roots)).toEqual(names);
});

it('reads words, and counts out what is none', () => {
  expect(readWordList('# ours\nwww\nWWW\n mail # post\r\na.b\n-x\nx y\n*.z\n\nbücher\n')).toEqual({
    words: ['www', 'mail', 'a.b', 'xn--bcher-kva'],
    refused: 3,
  });
});
