/**
 * How the ports of hosts answer, in the form of the signatures: what `portolan fingerprint` prints. A system that is not known
 * has words in capitals where its name belongs.
 *
 * @module
 */

import type { OsFact } from '../model/os-fact.ts';
import { printable } from './escape.ts';
import { hostTitle, osSources, osText } from './phrases.ts';
import type { ShowOptions, Writer } from './writer.ts';

/** A writer of signatures. */
export function fingerprints(_show: ShowOptions): Writer {
  return {
    name: 'fingerprints',
    mediaType: 'text/plain',
    host({ host, systems }, out) {
      const seen = systems.filter(({ fingerprint }) => fingerprint !== undefined);
      const lines =
        seen.length === 0
          ? [`# ${hostTitle(host)}: no open TCP port has answered`, ...systems.flatMap(remarks)]
          : seen.flatMap((system) => [
              `# ${hostTitle(host)}: ${osText(system) || 'not known'}`,
              ...remarks(system),
              systemLine(system),
              `  ${system.fingerprint}`,
            ]);
      out(`${lines.map(printable).join('\n')}\n\n`);
    },
  };
}

function remarks(system: OsFact): readonly string[] {
  return osSources(system).map((source) => `# ${source}`);
}

function systemLine({ matches: [best], host }: OsFact): string {
  const fields =
    best === undefined || best.accuracy < sure
      ? ['NAME', 'FAMILY', '', '', '', '']
      : [best.name, best.family, best.generation, best.kind, best.vendor, best.cpe[0]];
  // A bar ends a field.
  return [...fields, `seen at ${host}`].map((field) => (field ?? '').replaceAll('|', '/')).join(' | ');
}

const sure = 80;
