/** Runs an audit: from a policy's file to reports and exit code. @module */

import { closeSync, openSync, readSync } from 'node:fs';
import { badRequest, type ExitCode, exitCode } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import { type CheckShow, checkWriters } from '../report/checks/index.ts';
import { arrivalSource } from './arrival-source.ts';
import type { AuditCall } from './audit-call.ts';
import { keyOption } from './read-key.ts';
import { inputsOf } from './scan-call.ts';
import { Screen } from './screen.ts';
import { tellFacts } from './tell-facts.ts';
import type { World } from './world.ts';

/** Carries the audit out and returns the code to end with: of a failure and a doubt the failure counts. */
export async function runAudit(
  { file, request, outputs, view, key: given, arrived }: Extract<AuditCall, { wants: 'audit' }>,
  world: World,
): Promise<ExitCode> {
  const key = keyOption(given, world);
  if (arrived !== undefined && key.key === undefined)
    throw badRequest('--arrived tells of marked probes: wanted --key beside it');
  const policy = readText(file);
  const source = arrived !== undefined && { arrived: arrivalSource(arrived, world) };
  const show: CheckShow = { file, verbosity: view.verbosity };
  const { code, summary } = await tellFacts(
    {
      view,
      show: { openOnly: false, reason: true, verbosity: view.verbosity },
      reports: outputs.map(({ path, format }) => ({
        path,
        writer: checkWriters[format](show),
        isText: format === 'normal',
      })),
      readsInput: [...inputsOf(request), arrived].includes('-'),
      facts: (options) => world.audit({ ...request, policy }, { ...options, ...key, ...source }),
    },
    new Screen(world),
    world,
  );
  const isDecided = code === exitCode.done || code === exitCode.incomplete;
  return isDecided && (summary?.checks?.fail ?? 0) > 0 ? exitCode.no : code;
}

/** Audits again and again, and tells what changes. The policy is read once. */
export async function runAuditWatch(
  { file, request, key, watching }: Extract<AuditCall, { wants: 'watch' }>,
  world: World,
): Promise<ExitCode> {
  const { watchAudit } = await import('./watch-audit.ts');
  return watchAudit({ ...request, policy: readText(file) }, keyOption(key, world), watching, world);
}

/** The text of a policy, or as much of it as is too much. */
function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest(`Cannot read the policy ${quoted(file)}: it is not UTF-8 text`);
  }
}

/** A device without end must not fill the memory. */
function readBytes(file: string): Uint8Array {
  const buffer = new Uint8Array(mostBytes);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      for (;;) {
        const read = readSync(descriptor, buffer, length, buffer.length - length, null);
        if (read === 0) break;
        length += read;
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(`the policy ${quoted(file)}`, error);
  }
  if (length === mostBytes)
    throw badRequest(`Cannot read the policy ${quoted(file)}: it is larger than 1 MiB`);
  return buffer.subarray(0, length);
}

/** One more than a policy may have. */
const mostBytes = 2 ** 20 + 1;
