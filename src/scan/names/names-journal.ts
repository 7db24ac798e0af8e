/**
 * The journal of a look at names: a line that says what was asked for, then a line for each answer, synced four times a
 * second. Whoever goes on must want the same.
 *
 * @module
 */

import { closeSync, constants, fdatasync, fdatasyncSync, readFileSync, writeSync } from 'node:fs';
import { badRequest, PortolanError } from '../../base/errors.ts';
import { quoted } from '../../plan/quoted.ts';
import { readable } from '../../plan/read-trouble.ts';
import { writeTrouble } from '../../plan/write-trouble.ts';
import { openOutput, takeOutput } from '../../system/open-output.ts';
import type { NamesRequest } from './names-request.ts';

/** A journal that is open. */
export interface NamesJournal {
  readonly seed: number;
  /** What an earlier run had learnt. */
  readonly past: readonly string[];
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** Opens the journal that a request names, a new one or one to go on with; undefined where it names none. */
export function openNamesJournal(request: NamesRequest, newSeed: () => number): NamesJournal | undefined {
  const { journal, resume } = request;
  if (resume !== undefined) {
    const { seed, wanted, past } = readJournal(resume);
    const now = wantedOf(request);
    const changed = Object.keys({ ...now, ...wanted }).find(
      (field) => JSON.stringify(now[field]) !== JSON.stringify(wanted[field]),
    );
    if (changed !== undefined)
      throw badRequest(
        `Cannot go on with ${quoted(resume)}: ${fieldWords[changed] ?? changed} was ${said(wanted[changed])}, found ${said(now[changed])}`,
      );
    return { seed, past, ...writer(resume, constants.O_APPEND) };
  }
  if (journal === undefined) return undefined;
  const seed = newSeed();
  const open = writer(journal, constants.O_CREAT | constants.O_EXCL);
  const { ratePerSecond } = request;
  open.write(
    JSON.stringify({ portolan: 'names', version: 1, seed, wanted: wantedOf(request), ratePerSecond }),
  );
  return { seed, past: [], ...open };
}

/**
 * The request that a journal was begun with. A server that is spared is spared by whoever goes on as well; a budget is
 * one run's, since the first has spent its own.
 */
export function requestOfJournal(path: string): NamesRequest {
  const { wanted, ratePerSecond } = readJournal(path);
  return {
    ...(wanted as unknown as NamesRequest),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  };
}

type Wanted = Readonly<Record<string, unknown>>;

/** What decides the questions; whoever goes on may choose another pace. */
function wantedOf({
  names,
  types,
  dnsServers,
  wantsTransfers,
  wantsSubdomains,
  wordlist,
  nameLists,
  reverse,
}: NamesRequest): Wanted {
  const all = { names, types, dnsServers, wantsTransfers, wantsSubdomains, wordlist, nameLists, reverse };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function readJournal(path: string): {
  readonly seed: number;
  readonly wanted: Wanted;
  readonly past: readonly string[];
  readonly ratePerSecond?: number;
} {
  const [first = '', ...past] = readable(`the journal ${quoted(path)}`, () =>
    readFileSync(path, 'utf8'),
  ).split('\n');
  try {
    const header = JSON.parse(first) as {
      portolan?: unknown;
      version?: unknown;
      seed?: unknown;
      wanted?: unknown;
      ratePerSecond?: unknown;
    };
    const { portolan, version, seed, wanted, ratePerSecond } = header;
    if (portolan === 'names' && version === 1 && typeof seed === 'number' && isWanted(wanted)) {
      if (ratePerSecond === undefined) return { seed, wanted, past };
      if (typeof ratePerSecond === 'number' && ratePerSecond > 0)
        return { seed, wanted, past, ratePerSecond };
    }
  } catch {
    // It is none of ours.
  }
  throw badRequest(`${quoted(path)} is no journal of portolan dns`);
}

function isWanted(wanted: unknown): wanted is Wanted {
  if (typeof wanted !== 'object' || wanted === null) return false;
  const { names } = wanted as { names?: unknown };
  const lists = ['names', 'types', 'dnsServers', 'nameLists', 'reverse'];
  const isText = (value: unknown) => typeof value === 'string';
  return (
    Array.isArray(names) &&
    Object.entries(wanted).every(([field, value]) =>
      lists.includes(field)
        ? Array.isArray(value) && value.every(isText)
        : field === 'wordlist'
          ? isText(value)
          : ['wantsTransfers', 'wantsSubdomains'].includes(field) && typeof value === 'boolean',
    )
  );
}

function writer(path: string, flags: number): Pick<NamesJournal, 'write' | 'close'> {
  let descriptor: number;
  try {
    descriptor = openOutput(path, constants.O_WRONLY | flags, 0o600);
  } catch (error) {
    throw badRequest(
      `Cannot write the journal ${quoted(path)}: ${writeTrouble(error as NodeJS.ErrnoException)}`,
    );
  }
  if (!takeOutput(descriptor)) {
    closeSync(descriptor);
    throw badRequest(`The journal ${quoted(path)} is being written by a search that still runs`);
  }
  // A line that a crash cut short ends here.
  let waiting = flags === constants.O_APPEND ? '\n' : '';
  let isDirty = false;
  let isSyncing = false;
  let isClosed = false;
  let trouble: PortolanError | undefined;
  const flush = () => {
    if (waiting === '') return;
    try {
      writeSync(descriptor, waiting);
      waiting = '';
      isDirty = true;
    } catch (error) {
      const why = writeTrouble(error as NodeJS.ErrnoException);
      trouble = new PortolanError('write-failed', `Cannot go on writing the journal ${quoted(path)}: ${why}`);
    }
  };
  const timer = setInterval(() => {
    flush();
    if (!isDirty || isSyncing || isClosed) return;
    isDirty = false;
    isSyncing = true;
    fdatasync(descriptor, () => {
      isSyncing = false;
    });
  }, syncMs);
  timer.unref();
  return {
    write(line) {
      if (trouble !== undefined) throw trouble;
      waiting += `${line}\n`;
      if (waiting.length > mostWaiting) flush();
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      flush();
      try {
        fdatasyncSync(descriptor);
      } catch {
        // A pipe or a device has nothing to sync.
      }
      closeSync(descriptor);
    },
  };
}

function said(value: unknown): string {
  return value === undefined
    ? 'none'
    : Array.isArray(value)
      ? quoted(value.join(','))
      : quoted(String(value));
}

const fieldWords: Readonly<Record<string, string>> = {
  names: 'NAME',
  types: '--types',
  dnsServers: '--dns-servers',
  wantsTransfers: '--axfr',
  wantsSubdomains: '--subdomains',
  wordlist: '--wordlist',
  nameLists: '--names',
  reverse: '--reverse',
};
const syncMs = 250;
const mostWaiting = 65_536;
