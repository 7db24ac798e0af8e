/**
 * From what was typed to what is to be done: the request for the library, and what the command line itself
 * has to see to. Contradictions between options are found here.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { portFileOf } from '../plan/port-files.ts';
import type { Request } from '../plan/request.ts';
import { withoutKey } from '../plan/without-key.ts';
import { fileNameAt } from './file-name.ts';
import { fingerprintLanguage } from './flags/fingerprint.ts';
import { firewallLanguage } from './flags/firewall.ts';
import { type Draft, dashed, type Language, type Output, type View } from './flags/flag.ts';
import { optionWords } from './option-words.ts';
import { parse } from './parse.ts';
import { type OutputPlace, refuseSharedPlaces } from './places.ts';

/** How scans are kept. */
export interface KeepWish {
  /** How many that ask the same. */
  readonly most: number;
}

/** A scan as the command line asks for it. */
export interface ScanCall {
  readonly wants: Draft['wants'];
  readonly request: Request;
  readonly outputs: readonly Output[];
  readonly view: View;
  /** `--key`, as it was given. */
  readonly key?: string;
  /** `--arrived`: where a listener's lines are read. */
  readonly arrived?: string;
  /** Which scans are kept; absent: this one is not. */
  readonly keep?: KeepWish;
  /** Answer in netcat's words. */
  readonly netcat: boolean;
  /** Answer in signatures. */
  readonly fingerprints?: true;
}

/**
 * Reads the arguments of `scan`, or of `firewall`, as a whole. `now` is what % words in the names of files that it writes
 * stand for.
 */
export function readScanCall(argv: readonly string[], now: Date = new Date(), language?: Language): ScanCall {
  const draft = withTime(parse(argv, language), now);
  const { wants, netcat } = draft;
  const verbosity = Math.max(draft.view.verbosity, Math.min(draft.view.debug, 1));
  const view = { ...draft.view, verbosity };
  if (wants === 'help' || wants === 'version') {
    return { wants, request: { targets: [] }, outputs: [], view, netcat };
  }
  refuseContradictions(draft);
  const outputs = placeOutputs(draft);
  const request: Request = {
    ...draft.request,
    targets: draft.words,
    ...(Object.keys(draft.packet).length > 0 ? { packet: draft.packet } : {}),
    ...(draft.techniques.length > 0 ? { techniques: draft.techniques } : {}),
    ...(draft.probes.length > 0 ? { discovery: draft.probes } : {}),
    ...(verbosity > 1 ? { ungrouped: true } : {}),
    ...(netcat ? askAsNetcat(draft) : {}),
    ...(draft.request.services === undefined ? {} : { services: draft.services }),
    ...(language === firewallLanguage ? filterAsked(draft) : {}),
    ...(language === fingerprintLanguage ? { systems: true } : {}),
    args: withoutKey(language === undefined ? argv : [language.command, ...argv]),
  };
  const asksLink =
    request.goal === 'discover' && request.family === 6 && request.packet?.interface !== undefined;
  const isNamed = request.targets.length > 0 || (request.targetFiles ?? []).length > 0;
  if (!isNamed && !asksLink && request.resume === undefined) {
    throw badRequest(
      'No target: wanted an address, a name, a range, or -iL FILE',
      language === undefined ? 'portolan --help' : `portolan ${language.command} --help`,
    );
  }
  const { key, arrived } = draft;
  const keep = keptOf(draft);
  return {
    wants,
    request,
    outputs,
    view,
    ...(key !== undefined && { key }),
    ...(arrived !== undefined && { arrived }),
    ...(keep !== undefined && { keep }),
    netcat,
    ...(language === fingerprintLanguage && { fingerprints: true as const }),
  };
}

/** What becomes of the scan when it is finished. */
function keptOf({ kept, netcat }: Draft): KeepWish | undefined {
  if (kept.isOff === true && kept.most !== undefined)
    throw badRequest('--keep and --no-keep contradict each other: wanted one of them');
  return kept.isOff === true || netcat ? undefined : { most: kept.most ?? usualMost };
}

/** The files that a request is read from; `-` is standard input. */
export function inputsOf(
  request: Pick<Request, 'targetFiles' | 'excludeFiles' | 'scopeFile' | 'ports' | 'excludePorts'>,
): readonly (string | undefined)[] {
  const { targetFiles = [], excludeFiles = [], scopeFile, ports, excludePorts } = request;
  return [...targetFiles, ...excludeFiles, scopeFile, portFileOf(ports), portFileOf(excludePorts)];
}

/** What is asked of the filter; a journal has it already. */
function filterAsked({ request, firewall }: Draft): Partial<Request> {
  if (request.resume !== undefined && firewall.budget !== undefined)
    throw badRequest('--resume goes on with the budget in the journal: wanted it without --budget');
  return { firewall };
}

function withTime(draft: Draft, now: Date): Draft {
  const { capture, journal } = draft.request;
  const outputs = draft.outputs.map((output) => ({ ...output, path: fileNameAt(output.path, now) }));
  const request = {
    ...draft.request,
    ...(capture !== undefined && { capture: fileNameAt(capture, now) }),
    ...(journal !== undefined && { journal: fileNameAt(journal, now) }),
  };
  return { ...draft, outputs, request };
}

function refuseContradictions({
  request,
  probes,
  netcat,
  beside,
  view,
  wants,
  outputs,
  arrived,
  services,
}: Draft): void {
  if (request.discovery === 'skip' && probes.length > 0) {
    throw badRequest('-Pn takes every target to be up: wanted it without probes of host discovery');
  }
  if ([...inputsOf(request), arrived].filter((path) => path === '-').length > 1) {
    throw badRequest(
      'Standard input can be read once: wanted one - among -iL, --excludefile, --scope, -p, --exclude-ports and --arrived',
    );
  }
  if (!netcat && (beside.udp !== undefined || beside.waitMs !== undefined)) {
    const [name, hint] = beside.udp ? ['u', '-sU for a UDP scan'] : ['w', '--max-rtt-timeout TIME'];
    throw badRequest(`${dashed(name)} means something only beside -z`, hint);
  }
  if (request.services === undefined && Object.keys(services).length > 0) {
    const [field = 'intensity'] = Object.keys(services) as (keyof typeof services)[];
    throw badRequest(
      `${optionWords(`services.${field}`)} and its like mean something only beside -sV: wanted it with -sV`,
    );
  }
  if (netcat && request.services !== undefined)
    throw badRequest('-z tells which ports take connections, not what listens there: wanted it without -sV');
  if (wants === 'forecast') {
    const idle = {
      'reports other than -oJ':
        outputs.some(({ format }) => format !== 'ndjson') || request.capture !== undefined,
      '--packet-trace': view.packetTrace,
      '--stats-every': view.statsEveryMs !== undefined,
      '--journal': request.journal !== undefined,
      '--resume': request.resume !== undefined,
      '--arrived': arrived !== undefined,
    };
    const found = Object.entries(idle).find(([, isGiven]) => isGiven);
    if (found !== undefined) throw badRequest(`--dry-run only forecasts: wanted it without ${found[0]}`);
  }
  if (request.goal === 'list' && view.packetTrace) {
    throw badRequest('--packet-trace has nothing to show with -sL: wanted a scan that sends packets');
  }
}

/** Every report needs a place of its own; the screen shows the normal format unless another one goes there. */
function placeOutputs({ outputs, request, netcat }: Draft): readonly Output[] {
  const places: readonly OutputPlace[] = [
    ...outputs.map(({ path, format }) => ({ path, what: format })),
    ...(request.capture === undefined ? [] : [{ path: request.capture, what: 'pcapng' }]),
    ...[request.journal, request.resume].flatMap((path) =>
      path === undefined ? [] : [{ path, what: 'the journal' }],
    ),
  ];
  const taken = refuseSharedPlaces(places);
  return taken.has('-') || netcat ? outputs : [...outputs, { format: 'normal', path: '-' }];
}

/** `-z HOST PORT...`: connect to each port once, without looking for the host first. */
function askAsNetcat({ words, beside, request, techniques }: Draft): Partial<Request> {
  const [host, ...ports] = words;
  if (host === undefined || ports.length === 0 || request.ports !== undefined) {
    throw badRequest('-z needs a host and its ports, such as portolan -zv HOST 20-30 80');
  }
  if (techniques.length > 0 || request.goal !== undefined) {
    throw badRequest('-z chooses its own technique: wanted it without -sS and its like');
  }
  const waitMs = beside.waitMs;
  const patience: Partial<Request> =
    waitMs === undefined
      ? {}
      : { initialRttTimeoutMs: waitMs, minRttTimeoutMs: waitMs, maxRttTimeoutMs: waitMs, maxRetries: 0 };
  return {
    targets: [host],
    ports: `${beside.udp ? 'U' : 'T'}:${ports.join(',')}`,
    techniques: [beside.udp ? 'udp' : 'connect'],
    discovery: 'skip',
    ungrouped: true,
    ...patience,
  };
}

/** As many as a nightly job leaves in a quarter of a year. */
const usualMost = 100;
