/**
 * Microsoft's SQL Server: what it says before anybody logs in ([MS-TDS] 2.2.6.5), and its browser, which lists instances
 * ([MC-SQLR] 2.2).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, zeros } from '../../byte-writer.ts';
import type { DatagramProtocol, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Years by the beginning of versions. */
const years: readonly (readonly [begin: RegExp, year: string])[] = [
  [/^(8\.0\S*)/, '2000'],
  [/^(9\.0\S*)/, '2005'],
  [/^(10\.0\S*)/, '2008'],
  [/^(10\.50\S*)/, '2008 R2'],
  [/^(11\.\S+)/, '2012'],
  [/^(12\.\S+)/, '2014'],
  [/^(13\.\S+)/, '2016'],
  [/^(14\.\S+)/, '2017'],
  [/^(15\.\S+)/, '2019'],
  [/^(16\.\S+)/, '2022'],
  [/^(17\.\S+)/, '2025'],
];
const products: readonly ProductRule[] = years.map(([version, year]) => ({
  when: { version },
  product: `Microsoft SQL Server ${year}`,
  version: '$1',
  cpe: `a:microsoft:sql_server_${year.toLowerCase().replace(' ', '_')}`,
}));

/** The server. */
export const mssql: Protocol = {
  name: 'ms-sql-s',
  transport: 'tcp',
  ports: [1433],
  request: { cost: 8, toStrangers: 'closes', bytes: () => preLogin },
  parse,
  isWhole: (bytes) => bytes.length >= 8 && bytes.length >= new ByteReader(bytes.subarray(2)).u16(),
  products,
};

/** The browser. */
export const mssqlBrowser: DatagramProtocol = {
  name: 'ms-sql-m',
  transport: 'udp',
  ports: [1434],
  request: { cost: 9, bytes: () => Uint8Array.of(3) },
  parse: parseBrowser,
  products: products.map((rule) => ({
    ...rule,
    product: rule.product.replace('Server', 'Server browser for'),
  })),
};

/** Options: what each is, where it stands, how long it is; then what they hold. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [type, status, length] = [reader.u8(), reader.u8(), reader.u16()];
  reader.take(4);
  if (reader.isShort || type !== 4 || status !== 1 || length < 14 || length > bytes.length) return undefined;
  const payload = bytes.subarray(8, length);
  const options = new Map<number, Uint8Array>();
  for (let i = 0; i < 12; i++) {
    const option = reader.u8();
    if (option === terminator) break;
    const [at, size] = [reader.u16(), reader.u16()];
    if (reader.isShort || option > 7 || at + size > payload.length) return undefined;
    options.set(option, payload.subarray(at, at + size));
  }
  const version = options.get(0);
  const encryption = encryptions[options.get(1)?.[0] ?? -1];
  if (version?.length !== 6 || encryption === undefined) return undefined;
  const told = new ByteReader(version);
  const [major, minor, build] = [told.u8(), told.u8(), told.u16()];
  return {
    facts: { version: `${major}.${`${minor}`.padStart(2, '0')}.${build}`, encryption },
  };
}

/** `ServerName;HOST;InstanceName;…;IsClustered;No;Version;15.0.2000.5;tcp;1433;;`, once for each instance. */
function parseBrowser(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [type, length] = [reader.u8(), reader.u16le()];
  if (type !== 5 || length > reader.left || length < 20) return undefined;
  const instances = textOf(reader.take(length))
    .split(';;', 16)
    .filter((one) => one !== '');
  const read = instances.map((one) => {
    const words = one.split(';', 24);
    return new Map(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ''] as const] : [])));
  });
  const [first] = read;
  const [hostname, version] = [first?.get('ServerName'), first?.get('Version')];
  if (hostname === undefined || version === undefined || !/^\d[\d.]*$/.test(version)) return undefined;
  return {
    facts: {
      hostname,
      version,
      instances: read.map((one) => {
        const [tcp, pipe] = [one.get('tcp'), one.get('np')];
        const places = [tcp && `tcp/${tcp}`, pipe].filter((place) => place !== undefined && place !== '');
        return [one.get('InstanceName') ?? '', one.get('Version') ?? '', ...places].join(' ');
      }),
    },
  };
}

const terminator = 0xff;
const encryptions: Readonly<Record<number, string>> = {
  0: 'off',
  1: 'on',
  2: 'not supported',
  3: 'required',
};
/** Version, encryption (not supported by us), instance (any), thread, several results at once (no). */
const optionBytes = [6, 1, 1, 4, 1];
const optionsAt = 5 * optionBytes.length + 1;
const options = optionBytes.flatMap((size, i) => [
  i,
  ...u16(optionsAt + optionBytes.slice(0, i).reduce((sum, one) => sum + one, 0)),
  ...u16(size),
]);
const body = bytesFrom(options, terminator, zeros(6), 2, 0, zeros(4), 0);
const preLogin = bytesFrom([0x12, 1], u16(8 + body.length), zeros(4), body);
