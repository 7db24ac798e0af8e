/** From what was typed behind `dns` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { isRecordType } from '../dns/message/record-types.ts';
import { readDomainName } from '../dns/read-domain-name.ts';
import { isServerAddress } from '../dns/server-address.ts';
import { parseBlock } from '../dns/zones/reverse-map.ts';
import { quoted } from '../plan/quoted.ts';
import { withoutKey } from '../plan/without-key.ts';
import type { NameWriterName } from '../report/names/index.ts';
import { requestOfJournal } from '../scan/names/names-journal.ts';
import type { NamesRequest } from '../scan/names/names-request.ts';
import type { FoundRequest } from '../scan/names/scan-found.ts';
import { fileNameAt } from './file-name.ts';
import { dnsLanguage } from './flags/dns.ts';
import type { Draft, Output, View } from './flags/flag.ts';
import { parse } from './parse.ts';
import { refuseSharedPlaces } from './places.ts';
import { readScanCall } from './scan-call.ts';

/** What `dns` is to do. */
export type NamesCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'names' | 'forecast';
      readonly request: NamesRequest;
      readonly outputs: readonly { readonly format: NameWriterName; readonly path: string }[];
      readonly view: View;
      /** `--scan`: what is done with the addresses that are found. */
      readonly found?: FoundRequest;
    };

/** Reads the arguments of `dns` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readNamesCall(all: readonly string[], now: Date = new Date()): NamesCall {
  const at = all.indexOf('--scan');
  const argv = at < 0 ? all : all.slice(0, at);
  const scan = at < 0 ? undefined : readFound(all.slice(at + 1), now);
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
      args: withoutKey(['dns', ...all]),
    },
    outputs: outputsOf(draft, scan?.outputs ?? [], scan !== undefined, now),
    view: {
      ...draft.view,
      verbosity: Math.max(verbosity, scan?.view.verbosity ?? 0),
      openOnly: scan?.view.openOnly ?? false,
    },
    ...(scan !== undefined && { found: scan.request }),
  };
}

/** What stands behind `--scan`: the options of a scan, without targets. */
function readFound(words: readonly string[], now: Date) {
  // A target stands for those that will be found.
  const { wants, request, outputs, view, netcat } = readScanCall([stand, ...words], now);
  const { targets, targetFiles = [], args: _, ...found } = request;
  if (targets.length !== 1 || targetFiles.length > 0)
    throw badRequest('--scan scans the addresses that are found: wanted it without targets behind it');
  if (wants !== 'scan' || netcat || found.resume !== undefined)
    throw badRequest(
      '--scan takes the options of a scan: wanted it without -h, -V, --dry-run, -z and --resume',
    );
  // The screen is what the options before it make of it.
  const isStandard = ({ format, path }: Output) =>
    format === 'normal' && path === '-' && !words.includes('-oN');
  return { request: found, view, outputs: outputs.filter((output) => !isStandard(output)) };
}

function nameOf(word: string): string {
  if (/^[a-z]+:\/\//i.test(word))
    throw badRequest(`${quoted(word)}: found a URL, wanted a name such as example.test`);
  // Other names with a slash there are (RFC 2317).
  if (/^[\da-f.:]+\/\d+$/i.test(word) && parseBlock(word) !== undefined)
    throw badRequest(`${quoted(word)}: found a block of addresses, wanted a name: --reverse ${word} maps it`);
  const name = readDomainName(word);
  if (name === undefined)
    throw badRequest(
      `${quoted(word)}: wanted a name such as example.test, with labels of at most 63 octets and 255 octets in all`,
    );
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
  behind: readonly Output[],
  hasScan: boolean,
  now: Date,
): Extract<NamesCall, { wants: 'names' | 'forecast' }>['outputs'] {
  const strange = hasScan
    ? [...given, ...behind].find(({ format }) => !['normal', 'ndjson'].includes(format))
    : undefined;
  if (strange !== undefined)
    throw badRequest(
      `--scan: names and hosts together are told as -oN and -oJ, found ${quoted(strange.format)}`,
    );
  const outputs = [...given, ...behind].map(({ format, path }) => ({
    format: format as NameWriterName,
    path: fileNameAt(path, now),
  }));
  const taken = refuseSharedPlaces(outputs.map(({ path, format }) => ({ path, what: format })));
  return taken.has('-') ? outputs : [...outputs, { format: 'normal', path: '-' }];
}

/** A documentation address (RFC 5737). */
const stand = '192.0.2.1';
