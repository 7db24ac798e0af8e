/**
 * A program: prints the Debian packages of the UDP servers, one a line, for
 * `apt-get install --no-install-recommends`. On a machine where packages start their services by themselves,
 * let /usr/sbin/policy-rc.d exit with 101 meanwhile.
 *
 * @module
 */

import { udpServerPackages } from './udp-servers.ts';

process.stdout.write(`${udpServerPackages.join('\n')}\n`);
