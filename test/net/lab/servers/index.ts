/** Every server: those whose names were known when rules were written, and the others. @module */

import { heldBackServers } from './held-back.ts';
import { loginServers } from './login.ts';
import { otherServers } from './others.ts';
import type { Server } from './server.ts';
import { shyServers } from './shy.ts';
import { storeServers } from './stores.ts';
import { webServers } from './web.ts';

export { heldBackServers } from './held-back.ts';
export { shyServers } from './shy.ts';

/** Known by name. */
export const knownServers: readonly Server[] = [
  ...webServers,
  ...loginServers,
  ...storeServers,
  ...otherServers,
];

/** All of them. */
export const servers: readonly Server[] = [...knownServers, ...heldBackServers, ...shyServers];

/** By their packages. */
const quick: ReadonlySet<string> = new Set([
  ...['openssh-server', 'dropbear-bin', 'vsftpd', 'rsync', 'dovecot-core', 'nginx', 'lighttpd', 'caddy'],
  ...['redis-server', 'memcached', 'mosquitto', 'bind9', 'tor', 'slapd'],
]);

/** Some of every kind that start at once. */
export const quickServers: readonly Server[] = knownServers.filter((server) => quick.has(server.package));

/** The packages to be installed for them; those that are unpacked need not be. */
export function packagesOf(some: readonly Server[]): readonly string[] {
  const installed = some.filter(({ unpacks }) => unpacks === undefined);
  return [...new Set(installed.flatMap((server) => [server.package, ...(server.needs ?? [])]))];
}
