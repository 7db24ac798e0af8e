/**
 * Databases and stores. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { mysql } from './mysql.ts';
import { postgresql } from './postgresql.ts';
import { memcached, redis } from './stores.ts';

/** Over TCP. */
export const databasesProtocols: readonly Protocol[] = [mysql, redis, memcached, postgresql];

/** Over UDP. */
export const databasesDatagrams: readonly DatagramProtocol[] = [];
