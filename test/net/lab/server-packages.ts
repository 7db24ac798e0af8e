/**
 * A program: prints the Debian packages of the servers of its argument, `udp`, `quick` (a few of the servers over TCP) or `all`, one a line, for
 * `apt-get install --no-install-recommends`. On a machine where packages start their services by themselves,
 * let /usr/sbin/policy-rc.d exit with 101 meanwhile.
 *
 * @module
 */

import { packagesOf, quickServers, servers } from './servers/index.ts';
import { udpServerPackages } from './udp-servers.ts';

const packages =
  process.argv[2] === 'udp'
    ? udpServerPackages
    : packagesOf(process.argv[2] === 'quick' ? quickServers : servers);
process.stdout.write(`${packages.join('\n')}\n`);
