/** The types of records by name and number (the registry of RFC 6895, 3.1). @module */

/** The number of each type that has a name here. */
export const typeNumbers = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  A6: 38,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
  AVC: 258,
  TA: 32768,
  DLV: 32769,
} as const satisfies Readonly<Record<string, number>>;

const nameOf: ReadonlyMap<number, string> = new Map(
  Object.entries(typeNumbers).map(([name, number]) => [number, name]),
);

/** The name of a type; one without is TYPE and its number (RFC 3597, 5). */
export function typeName(number: number): string {
  return nameOf.get(number) ?? `TYPE${number}`;
}

/** The number of a type, by its name in upper case or as `TYPE65280`; undefined where there is none. */
export function typeNumber(name: string): number | undefined {
  const known = numberOf.get(name);
  if (known !== undefined) return known;
  const number = /^TYPE(\d{1,5})$/.exec(name)?.[1];
  return number !== undefined && Number(number) <= 0xffff ? Number(number) : undefined;
}

/** Whether a type can be asked for. */
export function isRecordType(name: string): boolean {
  const number = typeNumber(name);
  return number !== undefined && number > 0 && !unaskable.has(number);
}

/** Those that are about messages, or transfers: they are no questions of their own here. */
const unaskable: ReadonlySet<number> = new Set([
  typeNumbers.OPT,
  typeNumbers.TKEY,
  typeNumbers.TSIG,
  typeNumbers.IXFR,
  typeNumbers.AXFR,
]);

const numberOf: ReadonlyMap<string, number> = new Map(Object.entries(typeNumbers));
