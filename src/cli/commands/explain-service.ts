/** What a record says of the service on a port: what was proven, by what, and the talk where nothing was. @module */

import type { ServiceFact } from '../../model/service-fact.ts';
import { serviceName, versionText } from '../../report/phrases.ts';

/** A service, line by line. */
export function describeService(service: ServiceFact): readonly string[] {
  const { protocol, confidence, via, cpe, extra = {}, certificate, stopped, at } = service;
  const { banner, fingerprint, connections = 0, bytes = 0 } = service;
  const known = [serviceName(service, undefined), versionText(service)].filter(Boolean).join(' ');
  const proof = via === undefined ? 'nothing was proven' : `by ${via}, ${confidence} of 10 sure`;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['cost', `${connections} connections, ${bytes} bytes`],
    ['stopped', stopped],
    ['cpe', cpe.length === 0 ? undefined : cpe.join(' ')],
    ...Object.entries(extra).map(([name, value]) => [name, [value].flat().join(', ')] as const),
    ['certificate', certificate && `${certificate.subject}, until ${certificate.to}, ${certificate.key}`],
    ['said', banner],
    ['talk', fingerprint],
  ];
  const told = lines.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(9)} ${text}`]));
  return ['', `service ${protocol} ${known} (${proof}), ${at}`, ...told];
}
