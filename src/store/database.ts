/**
 * SQLite, as far as the store needs it: Node's own where there is one, else libsql. Both have the same calls.
 *
 * @module
 */

import { createRequire } from 'node:module';
import { PortolanError } from '../base/errors.ts';

/** A value of a row. */
export type Cell = string | number | null;

/** An open database. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement. */
export interface Statement {
  run(...cells: readonly Cell[]): unknown;
  all(...cells: readonly Cell[]): readonly unknown[];
}

/** Opens a database, or makes it. Several processes may: who writes waits for others. */
export function openDatabase(path: string): Database {
  const database = new (databaseClass())(path);
  database.exec(`PRAGMA busy_timeout = ${patienceMs}`);
  database.exec('PRAGMA journal_mode = WAL');
  // It can be made again from the files whose index it is.
  database.exec('PRAGMA synchronous = OFF');
  return database;
}

type DatabaseClass = new (path: string) => Database;

function databaseClass(): DatabaseClass {
  const load = createRequire(import.meta.url);
  const own = quietly(() => load('node:sqlite') as { DatabaseSync: DatabaseClass });
  if (own !== undefined) return own.DatabaseSync;
  const other = quietly(() => load('libsql') as DatabaseClass);
  if (other !== undefined) return other;
  throw new PortolanError(
    'not-available',
    'Kept scans cannot be searched: this Node has no SQLite, and the package libsql is not there for this machine',
  );
}

/** Node tells that its SQLite is new; that is no news for who wants to see a scan. */
function quietly<Module>(load: () => Module): Module | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return load();
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

const patienceMs = 10_000;
