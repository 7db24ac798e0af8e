/**
 * From what was typed behind `audit` to what is to be done.
 *
 * @module
 */

import type { AuditRequest } from '../audit/request.ts';
import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import type { Request } from '../plan/request.ts';
import { withoutKey } from '../plan/without-key.ts';
import { changeWriters } from '../report/changes/index.ts';
import type { CheckWriterName } from '../report/checks/index.ts';
import { changeOutputs, fileAt } from './change-outputs.ts';
import { fileNameAt } from './file-name.ts';
import { auditLanguage } from './flags/audit.ts';
import { type Draft, dashed, type View } from './flags/flag.ts';
import { parse } from './parse.ts';
import { refuseSharedPlaces } from './places.ts';
import { inputsOf } from './scan-call.ts';
import type { Watching } from './watching.ts';

/** A report of an audit and where it goes. */
export interface AuditOutput {
  readonly format: CheckWriterName;
  readonly path: string;
}

/** What `audit` is to do. */
export type AuditCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'audit';
      readonly file: string;
      readonly request: Omit<AuditRequest, 'policy'>;
      readonly outputs: readonly AuditOutput[];
      readonly view: View;
      /** `--key`, as it was given. */
      readonly key?: string;
      /** `--arrived`. */
      readonly arrived?: string;
    }
  | {
      readonly wants: 'watch';
      readonly file: string;
      readonly request: Omit<AuditRequest, 'policy'>;
      readonly key?: string;
      readonly watching: Watching;
    }
  | { readonly wants: 'init'; readonly request: Request; readonly view: View; readonly key?: string }
  | {
      readonly wants: 'merge';
      readonly files: readonly string[];
      readonly outputs: readonly AuditOutput[];
      readonly view: View;
    };

/** Reads the arguments of `audit` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readAuditCall(argv: readonly string[], now: Date = new Date()): AuditCall {
  const draft = parse(argv, auditLanguage);
  const { wants, audit, words } = draft;
  if (wants === 'help' || wants === 'version') return { wants };
  const verbosity = Math.max(draft.view.verbosity, Math.min(draft.view.debug, 1));
  const view = { ...draft.view, verbosity };
  const request = requestOf(draft, argv);
  const key = draft.key !== undefined && { key: draft.key };
  const written = [...draft.outputs, ...audit.reports].map(({ format, path }) => ({
    format: format as CheckWriterName,
    path: fileNameAt(path, now),
  }));
  if (audit.does !== 'audit' && draft.arrived !== undefined)
    throw badRequest(`--arrived is for checks: wanted it without --${audit.does}`);
  const watches = isWatch(draft);
  if (audit.does !== 'init') {
    const [unfit] = [...(draft.request.ports === undefined ? [] : ['p']), ...draft.techniques];
    if (unfit !== undefined)
      throw badRequest(
        '-p and techniques are for --init: wanted the ports in the policy, and the privileges choose',
      );
  }
  switch (audit.does) {
    case 'audit': {
      const [file, ...others] = words;
      if (file === undefined || others.length > 0)
        throw badRequest(
          `audit takes one policy, found ${words.length === 0 ? 'none' : words.map(quoted).join(', ')}`,
          'portolan audit policy.yaml',
        );
      if (watches) {
        // Where changes are sent is nobody's business who looks at a record.
        const args = ['audit', file];
        return {
          wants: 'watch',
          file,
          request: { ...request, file, args },
          watching: watchingOf(draft, file, now),
          ...key,
        };
      }
      const outputs = placed(written, [file, draft.arrived ?? '-']);
      const { arrived } = draft;
      return {
        wants: 'audit',
        file,
        request: { ...request, file },
        outputs,
        view,
        ...key,
        ...(arrived !== undefined && { arrived }),
      };
    }
    case 'init': {
      if (words.length === 0) throw badRequest('--init: no target, wanted whom the policy shall be about');
      const [output] = written;
      if (output !== undefined)
        throw badRequest('--init writes a policy to standard output: wanted it without a report');
      const { ports } = draft.request;
      const techniques = draft.techniques.length > 0 && { techniques: draft.techniques };
      return {
        wants: 'init',
        request: { targets: words, ...request, ...(ports !== undefined && { ports }), ...techniques },
        view,
        ...key,
      };
    }
    case 'merge': {
      if (words.length < 2)
        throw badRequest('--merge: wanted the records (-oJ) of two or more vantage points');
      refuseScanOptions(request, draft);
      const format = written.find(({ format }) => format !== 'normal' && format !== 'ndjson')?.format;
      if (format !== undefined)
        throw badRequest(`--merge: found ${format}, wanted text (-oN) or NDJSON (-oJ)`);
      return { wants: 'merge', files: words, outputs: placed(written, words), view };
    }
  }
}

/** Whether the policy is watched; refuses what a watch cannot do. */
function isWatch({ watch, audit, arrived, view }: Draft): boolean {
  const { everyMs, isOnce, command, webhook } = watch;
  if (everyMs === undefined && isOnce !== true) {
    const [beside] = [
      ...(command === undefined ? [] : ['command']),
      ...(webhook === undefined ? [] : ['webhook']),
    ];
    if (beside !== undefined)
      throw badRequest(`--${beside} hears of changes: wanted it with --watch TIME or --once`);
    return false;
  }
  if (isOnce === true && everyMs !== undefined)
    throw badRequest('--once ends after one round: wanted it without --watch');
  if (audit.does !== 'audit')
    throw badRequest(
      `--${audit.does} is no audit that could be watched: wanted it without --watch and --once`,
    );
  const [report] = audit.reports;
  if (report !== undefined)
    throw badRequest(
      `--${report.format} tells checks, and a watch tells changes: wanted it without --watch and --once`,
    );
  if (arrived !== undefined)
    throw badRequest('--arrived is for one audit beside one listener: wanted it without --watch and --once');
  if (view.packetTrace || view.statsEveryMs !== undefined)
    throw badRequest(
      '--packet-trace and --stats-every are for one audit: wanted it without --watch and --once',
    );
  return true;
}

function watchingOf({ watch, outputs }: Draft, file: string, now: Date): Watching {
  const { everyMs = 0, isOnce = false, command, webhook } = watch;
  return {
    everyMs,
    isOnce,
    ...(command !== undefined && { command }),
    ...(webhook !== undefined && { webhook }),
    outputs: changeOutputs(outputs, [file], now, changeWriters),
  };
}

/** The part of the request that a scan has as well. */
function requestOf(draft: Draft, argv: readonly string[]): Omit<AuditRequest, 'policy' | 'file'> {
  // Names of hosts are never asked for, so -n names what is done anyway.
  const { ports, reverseNames, ...request } = draft.request;
  if (draft.request.discovery === 'skip' && draft.probes.length > 0)
    throw badRequest('-Pn takes every target to be up: wanted it without probes of host discovery');
  if ([...inputsOf(request), draft.arrived].filter((path) => path === '-').length > 1)
    throw badRequest(
      'Standard input can be read once: wanted one - among --excludefile, --scope and --arrived',
    );
  return {
    ...(request as Omit<AuditRequest, 'policy' | 'file'>),
    ...(Object.keys(draft.packet).length > 0 && { packet: draft.packet }),
    ...(draft.probes.length > 0 && { discovery: draft.probes }),
    args: withoutKey(['audit', ...argv]),
  };
}

/** `--merge` sends nothing. */
function refuseScanOptions(
  { args, ...request }: Partial<AuditRequest>,
  { view, request: given, key }: Draft,
): void {
  const isTold =
    key !== undefined ||
    view.packetTrace ||
    view.statsEveryMs !== undefined ||
    given.reverseNames !== undefined;
  if (Object.keys(request).length > 0 || isTold)
    throw badRequest(
      `--merge sends nothing: wanted it with records, ${dashed('oN')}, ${dashed('oJ')} and -v alone`,
    );
}

/** Every report needs a place of its own, which is no file that is read; the screen shows text unless another goes there. */
function placed(outputs: readonly AuditOutput[], inputs: readonly string[]): readonly AuditOutput[] {
  const taken = refuseSharedPlaces(outputs.map(({ format, path }) => ({ path, what: format })));
  for (const input of inputs) {
    const own = fileAt(input);
    const over = outputs.find(({ path }) => path !== '-' && own !== undefined && fileAt(path) === own);
    if (over !== undefined)
      throw badRequest(`${over.format} cannot go to ${quoted(over.path)}: it is read, wanted another place`);
  }
  return taken.has('-') ? outputs : [...outputs, { format: 'normal', path: '-' }];
}
