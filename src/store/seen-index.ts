/**
 * The index over kept scans: which states each host's ports had in which scan. It holds nothing that the files do not, and is
 * made again where it is missing or broken.
 *
 * @module
 */

import { closeSync, fchmodSync, fchownSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedFact } from '../model/fact.ts';
import { type Database, openDatabase } from './database.ts';
import type { StoreFolder } from './folder.ts';
import type { KeptScan } from './kept-files.ts';

/** What a scan saw of a host: ports by protocol and state, as ranges. */
export type HostLook = readonly (readonly [protocol: string, state: string, ports: string])[];

/** A scan's look at a host. */
export interface SeenHost {
  readonly startedMs: number;
  readonly vantage: string;
  readonly look: HostLook;
}

/** Reads a kept scan: its facts, and from where it looked. */
export interface ScanReader {
  facts(path: string): Iterable<object>;
  vantageOf(path: string): string | undefined;
}

/** The index of a folder. */
export class SeenIndex {
  readonly #database: Database;
  readonly #reader: ScanReader;

  private constructor(database: Database, reader: ScanReader) {
    this.#database = database;
    this.#reader = reader;
  }

  /** Opens it, or makes it. One that cannot be read is made anew. */
  static open(folder: StoreFolder, reader: ScanReader): SeenIndex {
    const path = join(folder.path, 'index.db');
    try {
      return new SeenIndex(openWhole(path, folder), reader);
    } catch (error) {
      if (!/malformed|not a database|no such column/i.test((error as Error).message)) throw error;
      for (const ending of ['', '-wal', '-shm']) remove(`${path}${ending}`);
      return new SeenIndex(openWhole(path, folder), reader);
    }
  }

  /** Takes in scans that it does not know, and forgets those that are gone. */
  update(scans: readonly KeptScan[]): void {
    const known = new Map(
      (this.#database.prepare('SELECT id, path FROM scans').all() as { id: number; path: string }[]).map(
        ({ id, path }) => [path, id],
      ),
    );
    const here = new Set(scans.map(({ path }) => path));
    for (const [path, id] of known) if (!here.has(path)) this.#forget(id);
    for (const scan of [...scans].reverse()) if (!known.has(scan.path)) this.#take(scan);
  }

  /** What was seen of a host, the earliest first. */
  looksAt(host: string): readonly SeenHost[] {
    const rows = this.#database
      .prepare(
        `SELECT scans.started AS started, scans.vantage AS vantage, looks.text AS text FROM seen
         JOIN hosts ON hosts.id = seen.host JOIN scans ON scans.id = seen.scan JOIN looks ON looks.id = seen.look
         WHERE hosts.name = ? ORDER BY scans.started`,
      )
      .all(host) as { started: number; vantage: string; text: string }[];
    return rows.map(({ started, vantage, text }) => ({
      startedMs: started,
      vantage,
      look: JSON.parse(text) as HostLook,
    }));
  }

  close(): void {
    this.#database.close();
  }

  #forget(id: number): void {
    this.#inOne(() => {
      this.#database.prepare('DELETE FROM seen WHERE scan = ?').run(id);
      this.#database.prepare('DELETE FROM scans WHERE id = ?').run(id);
    });
  }

  /** All of a scan or nothing of it. */
  #take({ path, startedMs }: KeptScan): void {
    const vantage = this.#reader.vantageOf(path);
    if (vantage === undefined) return;
    this.#inOne(() => {
      const database = this.#database;
      // Another process may have been faster.
      database
        .prepare('INSERT OR IGNORE INTO scans (path, started, vantage) VALUES (?, ?, ?)')
        .run(path, startedMs, vantage);
      const [row] = database.prepare('SELECT id FROM scans WHERE path = ?').all(path) as { id: number }[];
      const scan = row?.id ?? 0;
      const addHost = database.prepare('INSERT OR IGNORE INTO hosts (name) VALUES (?)');
      const addLook = database.prepare('INSERT OR IGNORE INTO looks (text) VALUES (?)');
      const addSeen = database.prepare(
        `INSERT OR IGNORE INTO seen (host, scan, look)
         SELECT hosts.id, ?, looks.id FROM hosts, looks WHERE hosts.name = ? AND looks.text = ?`,
      );
      for (const [host, look] of hostLooks(this.#reader.facts(path))) {
        const text = JSON.stringify(look);
        addHost.run(host);
        addLook.run(text);
        addSeen.run(scan, host, text);
      }
    });
  }

  #inOne(act: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      act();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** The ports of each host, told when the host is done or the scan ends. */
function* hostLooks(facts: Iterable<object>): Generator<readonly [string, HostLook]> {
  const open = new Map<string, Map<string, string[]>>();
  const ended = (host: string): readonly [string, HostLook] => {
    const look = [...(open.get(host) ?? [])].map(([key, ports]) => {
      const [protocol = '', state = ''] = key.split(' ');
      return [protocol, state, ports.join()] as const;
    });
    open.delete(host);
    return [host, look];
  };
  for (const fact of facts as Iterable<
    RecordedFact | { readonly type: 'host-done'; readonly host: string }
  >) {
    if (fact.type === 'host-done') {
      if (open.has(fact.host)) yield ended(fact.host);
    } else if (fact.type === 'port' || fact.type === 'ports') {
      // What could not be judged was not looked at.
      if (fact.state === 'unknown') continue;
      const states = open.get(fact.host) ?? new Map<string, string[]>();
      open.set(fact.host, states);
      const key = `${fact.protocol} ${fact.state}`;
      const ports = states.get(key) ?? [];
      states.set(key, ports);
      ports.push(fact.type === 'port' ? `${fact.port}` : fact.ports);
    }
  }
  for (const host of [...open.keys()]) yield ended(host);
}

function openWhole(path: string, { owner }: StoreFolder): Database {
  // For its owner alone, before anything is in it.
  const descriptor = openSync(path, 'a', 0o600);
  fchmodSync(descriptor, 0o600);
  if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
  closeSync(descriptor);
  const database = openDatabase(path);
  try {
    database.exec(tables);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is not there.
  }
}

const tables = `
  CREATE TABLE IF NOT EXISTS scans (id INTEGER PRIMARY KEY, path TEXT UNIQUE, started REAL, vantage TEXT);
  CREATE TABLE IF NOT EXISTS hosts (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
  CREATE TABLE IF NOT EXISTS looks (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
  CREATE TABLE IF NOT EXISTS seen (host INTEGER, scan INTEGER, look INTEGER, PRIMARY KEY (host, scan)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS seen_by_scan ON seen (scan);
`;
