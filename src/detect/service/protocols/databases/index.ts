/**
 * Databases and stores. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { cassandra, ceph, kafka, zookeeper } from './clusters.ts';
import { drda } from './drda.ts';
import { firebird } from './firebird.ts';
import { mongodb } from './mongodb.ts';
import { mssql, mssqlBrowser } from './mssql.ts';
import { mysql } from './mysql.ts';
import { oracle } from './oracle.ts';
import { bolt, clickhouse, rethinkdb, tarantool } from './others.ts';
import { postgresql } from './postgresql.ts';
import { memcached, memcachedOverUdp, redis, redisProxy } from './stores.ts';

/** Over TCP. */
export const databasesProtocols: readonly Protocol[] = [
  mysql,
  redis,
  redisProxy,
  memcached,
  postgresql,
  mongodb,
  mssql,
  oracle,
  drda,
  cassandra,
  kafka,
  zookeeper,
  ceph,
  firebird,
  bolt,
  rethinkdb,
  clickhouse,
  tarantool,
];

/** Over UDP. */
export const databasesDatagrams: readonly DatagramProtocol[] = [memcachedOverUdp, mssqlBrowser];
