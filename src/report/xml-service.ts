/**
 * What listens on a port in nmap's XML: its `<service>`, and its certificate where readers look for it, in the script
 * `ssl-cert` (its page in NSE's documentation has the names of the elements).
 *
 * @module
 */

import type { CertificateFact, ServiceFact } from '../model/service-fact.ts';
import { element, elems, empty, textElement } from './xml-element.ts';

/** Where nothing was proven the port's usual name stands as one from a table, as nmap has it. */
export function serviceElement(service: ServiceFact): string {
  const { name, guess, product, version, info, hostname, os, device, fingerprint, tls, cpe } = service;
  const attributes = {
    name: name ?? guess ?? 'unknown',
    product,
    version,
    extrainfo: info,
    hostname,
    ostype: os,
    devicetype: device,
    servicefp: fingerprint,
    tunnel: tls && name !== 'ssl' ? 'ssl' : undefined,
    method: name === null ? 'table' : 'probed',
    conf: name === null ? 3 : Math.min(10, Math.max(0, Math.round(service.confidence))),
  };
  const known = attributes.name === '' ? { ...attributes, name: 'unknown' } : attributes;
  const names = cpe.map((one) => textElement('cpe', {}, one));
  return names.length === 0 ? empty('service', known) : element('service', known, names);
}

/** A certificate as `ssl-cert` tells it: in lines, and in tables. */
export function certificateScript(certificate: CertificateFact): string {
  const { names, fingerprint } = certificate;
  const [subject, issuer] = [partsOf(certificate.subject), partsOf(certificate.issuer)];
  const key = keyOf(certificate.key);
  // Times of UTC, without saying so, as there.
  const [notBefore, notAfter] = [certificate.from, certificate.to].map((time) => time.slice(0, 19));
  const alternatives = names.map((name) => `${isAddress(name) ? 'IP Address' : 'DNS'}:${name}`).join(', ');
  const extension = { name: 'X509v3 Subject Alternative Name', value: alternatives };
  const output = [
    `Subject: ${textOf(subject)}`,
    ...(names.length === 0 ? [] : [`Subject Alternative Name: ${alternatives}`]),
    `Issuer: ${textOf(issuer)}`,
    `Public Key type: ${key.type}`,
    ...(key.bits === undefined ? [] : [`Public Key bits: ${key.bits}`]),
    `Not valid before: ${notBefore}`,
    `Not valid after:  ${notAfter}`,
    `SHA-256: ${fingerprint}`,
  ];
  const table = (name: string, children: readonly string[]) => element('table', { key: name }, children);
  return element('script', { id: 'ssl-cert', output }, [
    table('subject', parts(subject)),
    table('issuer', parts(issuer)),
    table('pubkey', elems(key)),
    ...(names.length === 0 ? [] : [table('extensions', [element('table', {}, elems(extension))])]),
    table('validity', elems({ notBefore, notAfter })),
    ...elems({ sha256: fingerprint }),
  ]);
}

type Part = readonly [name: string, value: string];

/** A distinguished name; a value that looks like further parts is split as well. */
function partsOf(name: string): readonly Part[] {
  return name.split(/, (?=[A-Za-z0-9.]{1,64}=)/).map((part) => {
    const at = part.indexOf('=');
    const short = part.slice(0, Math.max(0, at));
    return [longNames[short] ?? short, part.slice(at + 1)];
  });
}

function textOf(name: readonly Part[]): string {
  return name.map(([key, value]) => `${key}=${value}`).join('/');
}

function parts(name: readonly Part[]): readonly string[] {
  return name.map(([key, value]) => textElement('elem', { key }, value));
}

/** `RSA 2048` is of kind `rsa` and has 2048 bits, `EC P-256` is `ec` and has 256. */
function keyOf(key: string): { readonly type: string; readonly bits: string | undefined } {
  const [kind = '', size = ''] = key.split(' ');
  return { type: kind.toLowerCase(), bits: /\d+$/.exec(size)?.[0] };
}

function isAddress(name: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$|:/.test(name);
}

/** RFC 4519's words, as OpenSSL has them. */
const longNames: Readonly<Record<string, string>> = {
  CN: 'commonName',
  C: 'countryName',
  L: 'localityName',
  ST: 'stateOrProvinceName',
  O: 'organizationName',
  OU: 'organizationalUnitName',
  DC: 'domainComponent',
};
