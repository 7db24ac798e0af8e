/**
 * What is known of a service besides its name and product, in words that several formats say alike. Nothing here is
 * escaped: each sink does that.
 *
 * @module
 */

import type { CertificateFact, ServiceFact } from '../model/service-fact.ts';

/** A thing that is known, by its name. */
export type Detail = readonly [name: string, text: string];

/** All that is known: of its machine, what its protocol says, its certificate; of an unknown one what it said. */
export function serviceDetails(service: ServiceFact): readonly Detail[] {
  const { hostname, os, device, starttls, alpn, certificate, banner, stopped } = service;
  return known([
    ['hostname', hostname],
    ['os', os],
    ['device', device],
    ...extraDetails(service),
    ['starttls', starttls && (certificate === undefined ? 'offered' : 'begun')],
    ['alpn', alpn],
    ['certificate', certificate && certificateText(certificate)],
    ['said', banner],
    // Of a host that says open everywhere a finding tells it once.
    ['stopped', stopped === 'flagged' ? undefined : stopped],
  ]);
}

/** What its protocol says of it. */
export function extraDetails({ extra = {} }: ServiceFact): readonly Detail[] {
  return Object.entries(extra).map(([name, value]) => [name, [value].flat().join(', ')]);
}

/** Whose it is, who says so, and for how long. */
export function certificateText(certificate: CertificateFact): string {
  const { subject, names, issuer, from, to, key, fingerprint } = certificate;
  const all = names.length === 0 ? '' : `, for ${names.join(' ')}`;
  return `${subject}${all}, by ${issuer}, from ${from} to ${to}, ${key}, SHA-256 ${fingerprint}`;
}

function known(details: readonly (readonly [string, string | undefined])[]): readonly Detail[] {
  return details.filter((detail): detail is Detail => detail[1] !== undefined);
}
