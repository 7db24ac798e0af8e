/**
 * What fingerprints of the user's tell of services whose protocol was proven: products where our own rules say nothing,
 * operating systems and devices where nobody has named any.
 *
 * @module
 */

import type { ServiceFact } from '../../model/service-fact.ts';
import { Database, type Match } from './database.ts';
import type { FingerprintFile } from './fingerprints.ts';

/** What is read and filled in of a service. */
export type Recognised = Pick<
  ServiceFact,
  'name' | 'product' | 'version' | 'info' | 'os' | 'device' | 'hostname' | 'cpe' | 'confidence' | 'extra'
> & { readonly certificate?: Pick<NonNullable<ServiceFact['certificate']>, 'subject'> };

/** Files of fingerprints, as far as services say what they read. */
export class Recog {
  /** How many fingerprints there are of those, and how many of them cannot be compiled. */
  readonly count: number;
  readonly failures: number;
  readonly #databases: ReadonlyMap<string, Database>;

  constructor(files: readonly FingerprintFile[]) {
    const used = files.filter(({ matches }) => readTexts.has(matches));
    this.#databases = new Map(
      used.map(({ matches, fingerprints }) => [matches, new Database(fingerprints)] as const),
    );
    this.count = used.reduce((sum, { fingerprints }) => sum + fingerprints.length, 0);
    this.failures = [...this.#databases.values()].reduce((sum, { failures }) => sum + failures, 0);
  }

  /** The service with what the fingerprints add, and `extra.recog`, which says of whom that comes. */
  recognise<Service extends Recognised>(service: Service): Service {
    let known = service;
    for (const { matches, textIn, isShape } of service.name === null ? [] : textsFor(service.name)) {
      const text = textIn(service);
      const match = text && this.#databases.get(matches)?.match(text);
      if (match) known = joined(known, match, isShape === true);
    }
    return known;
  }
}

/** A text that a service says, and whose fingerprints read it. */
interface TextSource {
  readonly matches: string;
  textIn(service: Recognised): string | undefined;
  /** It is not the name of a program, but what one shows. */
  readonly isShape?: true;
}

function textsFor(name: string): readonly TextSource[] {
  return [...(sources[name] ?? []), subjectOfCertificate];
}

/** Fields stand as long as nobody has filled them; a product, its version and its CPE come of one. */
function joined<Service extends Recognised>(service: Service, match: Match, isShape: boolean): Service {
  const { fields } = match;
  const found: { -readonly [Field in keyof Recognised]?: Recognised[Field] } = {};
  const cpe: string[] = [];
  const product = isSure(fields, 'service') ? nameOf(fields, 'service') : undefined;
  if (service.product === undefined && product !== undefined) {
    found.product = product;
    if (fields['service.version']) found.version = fields['service.version'];
    if (fields['service.cpe23']) cpe.push(fields['service.cpe23']);
    if (isShape) found.confidence = Math.min(service.confidence, byShape);
  }
  const os = isSure(fields, 'os') ? (nameOf(fields, 'os') ?? fields['os.family']) : undefined;
  if (service.os === undefined && os !== undefined) {
    found.os = os;
    if (fields['os.cpe23']) cpe.push(fields['os.cpe23']);
  }
  const device = isSure(fields, 'hw') ? (fields['hw.device'] ?? fields['os.device']) : undefined;
  if (service.device === undefined && device !== undefined) {
    found.device = device;
    if (fields['hw.cpe23']) cpe.push(fields['hw.cpe23']);
    const model = nameOf(fields, 'hw');
    if (service.info === undefined && model !== undefined) found.info = model;
  }
  if (service.hostname === undefined && fields['host.name']) found.hostname = fields['host.name'];
  if (Object.keys(found).length === 0) return service;
  const told = [service.extra?.['recog'] ?? [], match.description].flat();
  return {
    ...service,
    ...found,
    cpe: [...service.cpe, ...cpe.filter((one) => one.startsWith('cpe:/') && !service.cpe.includes(one))],
    extra: { ...service.extra, recog: told },
  };
}

/** Such as `HP LaserJet`: the maker stands before what it makes, once. */
function nameOf(fields: Match['fields'], kind: 'service' | 'os' | 'hw'): string | undefined {
  const { [`${kind}.vendor`]: vendor = '', [`${kind}.product`]: product = '' } = fields;
  if (product === '' || vendor === '' || product.toLowerCase().startsWith(vendor.toLowerCase()))
    return product === '' ? undefined : product;
  return `${vendor} ${product}`;
}

/** What only tells that a text is common says so with no certainty. */
function isSure(fields: Match['fields'], kind: 'service' | 'os' | 'hw'): boolean {
  return Number(fields[`${kind}.certainty`] ?? 1) > 0;
}

/** A fact of the protocol, as text. */
function fact(matches: string, name: string, isShape?: true): TextSource {
  return {
    matches,
    ...(isShape && { isShape }),
    textIn: ({ extra }) => {
      const value = extra?.[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

const web: readonly TextSource[] = [
  fact('http_header.server', 'server'),
  fact('http_header.x-powered-by', 'poweredBy'),
  fact('http_header.wwwauth', 'authenticate', true),
  fact('html_title', 'title', true),
];

/** recog writes it as RFC 4514 does, from the last part to the first. */
const subjectOfCertificate: TextSource = {
  matches: 'x509.subject',
  isShape: true,
  textIn: ({ certificate }) =>
    certificate?.subject
      .split(/, (?=[\w.]+=)/)
      .toReversed()
      .join(),
};

const sources: Readonly<Record<string, readonly TextSource[]>> = {
  http: web,
  'http-proxy': web,
  ipp: web,
  ssh: [
    {
      matches: 'ssh.banner',
      textIn: ({ extra = {} }) => [extra['software'], extra['comment']].flatMap((one) => one ?? []).join(' '),
    },
  ],
  ftp: [fact('ftp.banner', 'greeting')],
  smtp: [fact('smtp.banner', 'greeting')],
  pop3: [fact('pop3.banner', 'greeting')],
  imap: [fact('imap4.banner', 'greeting')],
  nntp: [fact('nntp.banner', 'greeting')],
  telnet: [fact('telnet_banners', 'text', true)],
  domain: [fact('dns.versionbind', 'version')],
  mysql: [fact('mysql.banners', 'version'), fact('mysql.error', 'error')],
  ntp: [fact('ntp.readvar', 'variables')],
  snmp: [fact('snmp.sys_description', 'sysDescr'), fact('snmp.sys_object_id', 'sysObjectID')],
  sip: [fact('sip_header.server', 'server'), fact('sip_header.user_agent', 'userAgent')],
  rtsp: [fact('rtsp_header.server', 'server')],
  'microsoft-ds': [fact('smb.native_lm', 'nativeLm'), fact('smb.native_os', 'nativeOs')],
  X11: [fact('x11.vendor', 'vendor')],
  jetdirect: [fact('hp_pjl_id', 'id')],
};

const readTexts: ReadonlySet<string> = new Set(
  [...Object.values(sources).flat(), subjectOfCertificate].map(({ matches }) => matches),
);
const byShape = 7;
