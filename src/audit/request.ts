/**
 * What an audit is asked for: a policy, and how the scans are to be made that it needs.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { nearest } from '../plan/nearest.ts';
import { quoted } from '../plan/quoted.ts';
import type { Request } from '../plan/request.ts';

/** An audit; its fields beside the policy are those of a scan. */
export interface AuditRequest extends Pick<Request, (typeof scanFields)[number]> {
  /** The text of the policy, YAML. */
  readonly policy: string;
  /** What it is called in messages and reports, usually the name of its file; `policy.yaml` otherwise. */
  readonly file?: string;
}

/** The fields of a scan that an audit has as well; the policy says whom it asks which ports from where. */
export const scanFields = [
  'exclude',
  'excludeFiles',
  'family',
  'discovery',
  'ignoreResets',
  'disableArpPing',
  'dnsServers',
  'timing',
  'minRatePps',
  'maxRatePps',
  'maxRetries',
  'scanDelayMs',
  'hostTimeoutMs',
  'initialRttTimeoutMs',
  'minRttTimeoutMs',
  'maxRttTimeoutMs',
  'maxParallelism',
  'packet',
  'seed',
  'scope',
  'scopeFile',
  'yes',
  'args',
] as const satisfies readonly (keyof Request)[];

/** The part of the request that a scan takes; a PortolanError names a field that is none of an audit's. */
export function scanPart(request: AuditRequest): Pick<Request, (typeof scanFields)[number]> {
  const { policy, file, ...scan } = request;
  if (typeof policy !== 'string') throw badRequest('policy is missing: wanted the text of a policy');
  if (file !== undefined && typeof file !== 'string') throw badRequest('file: wanted the name of a file');
  const known: readonly string[] = [...scanFields, 'policy', 'file'];
  const other = Object.keys(scan).find((field) => !known.includes(field));
  if (other !== undefined) throw badRequest(`An audit has no field ${quoted(other)}`, nearest(other, known));
  if (scan.packet?.sourcePort !== undefined)
    throw badRequest('packet.sourcePort: wanted source-ports in the policy');
  return scan;
}
