/** What a record says of the service on a port: what was proven, by what, and the talk where nothing was. @module */

import type { Exchange, ServiceFact } from '../../model/service-fact.ts';
import { counted, serviceName, versionText } from '../../report/phrases.ts';
import { serviceDetails } from '../../report/service-words.ts';

/** A service, line by line: the talk first, in its order, then what was made of it. */
export function describeService(service: ServiceFact): readonly string[] {
  const { protocol, cpe, talk, fingerprint, connections, bytes = 0, at } = service;
  const known = [serviceName(service, undefined), versionText(service)].filter(Boolean).join(' ');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ...(talk ?? []).map((exchange) => ['talk', exchangeText(exchange, protocol)] as const),
    ['decided', proofText(service)],
    ['product', productText(service)],
    // Of several services behind one port the first has the cost of all.
    [
      'cost',
      connections === undefined
        ? undefined
        : `${counted(connections, 'connection')}, ${counted(bytes, 'byte')}`,
    ],
    ['cpe', cpe.length === 0 ? undefined : cpe.join(' ')],
    ...serviceDetails(service),
    ['asked', talk === undefined ? fingerprint : undefined],
    [
      'not held',
      talk === undefined ? 'the talk, and the rule that named the product (--evidence)' : undefined,
    ],
  ];
  const told = lines.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(9)} ${text}`]));
  return ['', `service ${protocol} ${known}, ${at}`, ...told];
}

/** By what a protocol was proven, and how sure that is. */
function proofText({ name, via, guess, confidence, tls, stopped }: ServiceFact): string {
  if (name === null) {
    const usual = guess === undefined ? '' : `; ${guess} is only usual on this port`;
    return `nothing was proven: ${stopped === 'flagged' ? 'it was not asked' : 'nothing came that a parser understands'}${usual}`;
  }
  const source = via === undefined ? 'what it said' : (sources[via] ?? `its answer to a request of ${via}`);
  const sure = confidence >= 10 ? 'it says so itself' : 'by a shape that others hardly have';
  return `the parser of ${name} read ${source}${tls ? ' inside TLS' : ''}: ${sure} (${confidence} of 10)`;
}

const sources: Readonly<Record<string, string>> = {
  greeting: 'its greeting',
  scan: 'its answer to the scan of ports',
  tls: 'its answer to a hello of TLS',
};

/** What named the product. */
function productText({ name, product, rule, talk, extra = {} }: ServiceFact): string | undefined {
  if (name === null) return undefined;
  if (product === undefined) return 'none: no rule fits what it says of itself';
  if (rule !== undefined) return `${product}, by the rule ${rule}`;
  if (talk === undefined) return undefined;
  const recog = extra['recog'];
  return `${product}, by ${recog === undefined ? 'what the protocol itself says' : `recog's ${[recog].flat().join(', ')}`}`;
}

/** `connection 1: http said "GET / HTTP/1.1", heard "HTTP/1.1 200 OK"`. */
function exchangeText({ connection, word, said, heard, end }: Exchange, protocol: string): string {
  const where =
    connection === 0 ? 'scan of ports' : `${protocol === 'udp' ? 'socket' : 'connection'} ${connection}`;
  if (end === 'not-opened') return `${where}: it could not be opened`;
  const words = word === 'tls' ? ['hello of TLS', said] : [word, said];
  const told = words.filter(Boolean).join(': ');
  const answer = heard === '' ? 'nothing' : heard;
  const then =
    end === undefined ? '' : `, then ${protocol === 'udp' && end === 'reset' ? 'an ICMP error' : end}`;
  const before = told === '' ? (connection === 0 ? '' : 'listened; ') : `said ${told}; `;
  return `${where}: ${before}heard ${answer}${then}`;
}
