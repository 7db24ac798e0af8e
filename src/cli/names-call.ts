/** From what was typed behind `dns` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { isRecordType } from '../dns/message/record-types.ts';
import { readDomainName } from '../dns/read-domain-name.ts';
import { isServerAddress } from '../dns/server-address.ts';
import { quoted } from '../plan/quoted.ts';
import type { NameWriterName } from '../report/names/index.ts';
import { requestOfJournal } from '../scan/names/names-journal.ts';
import type { NamesRequest } from '../scan/names/names-request.ts';
import { fileNameAt } from './file-name.ts';
import { dnsLanguage } from './flags/dns.ts';
import type { Draft, View } from './flags/flag.ts';
import { parse } from './parse.ts';
import { refuseSharedPlaces } from './places.ts';

/** What `dns` is to do. */
export type NamesCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'names' | 'forecast';
      readonly request: NamesRequest;
      readonly outputs: readonly { readonly format: NameWriterName; readonly path: string }[];
      readonly view: View;
    };

/** Reads the arguments of `dns` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readNamesCall(argv: readonly string[], now: Date = new Date()): NamesCall {
  const draft = parse(argv, dnsLanguage);
  const { wants, words, request, names: given } = draft;
  if (wants === 'help' || wants === 'version') return { wants };
  const names = [...new Set(words.map(nameOf))];
  const { resume, reverse = [] } = given;
  if (names.length === 0 && reverse.length === 0 && resume === undefined)
    throw badRequest('No name: wanted a name such as example.test', 'portolan dns --help');
  const strange = given.types?.find((type) => !isRecordType(type));
  if (strange !== undefined)
    throw badRequest(
      `--types: found ${quoted(strange)}, wanted types of records such as A,AAAA,MX or TYPE65280`,
    );
  // Whoever goes on wants what was wanted before.
  const earlier = resume === undefined ? undefined : requestOfJournal(resume);
  const dnsServers = request.dnsServers?.map(serverOf);
  const verbosity = Math.max(draft.view.verbosity, Math.min(draft.view.debug, 1));
  return {
    wants: wants === 'forecast' ? 'forecast' : 'names',
    request: {
      ...earlier,
      names: names.length > 0 ? names : (earlier?.names ?? []),
      ...given,
      ...(dnsServers !== undefined && { dnsServers }),
      args: ['dns', ...argv],
    },
    outputs: outputsOf(draft, now),
    view: { ...draft.view, verbosity },
  };
}

function nameOf(word: string): string {
  const name = readDomainName(word);
  if (name === undefined)
    throw badRequest(`${quoted(word)}: wanted a name such as example.test, with labels of at most 63 octets`);
  return name;
}

function serverOf(text: string): string {
  if (isServerAddress(text)) return text;
  throw badRequest(
    `--dns-servers ${quoted(text)}: wanted an IPv4 or IPv6 address, with a port if it is not 53 (192.0.2.53:5353)`,
  );
}

function outputsOf(
  { outputs: given }: Draft,
  now: Date,
): Extract<NamesCall, { wants: 'names' | 'forecast' }>['outputs'] {
  const outputs = given.map(({ format, path }) => ({
    format: format as NameWriterName,
    path: fileNameAt(path, now),
  }));
  const taken = refuseSharedPlaces(outputs.map(({ path, format }) => ({ path, what: format })));
  return taken.has('-') ? outputs : [...outputs, { format: 'normal', path: '-' }];
}
