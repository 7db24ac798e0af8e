/**
 * A program: prints the Debian packages of the servers of its argument, `udp` or `tcp`, one a line, for
 * `apt-get install --no-install-recommends`. On a machine where packages start their services by themselves,
 * let /usr/sbin/policy-rc.d exit with 101 meanwhile.
 *
 * @module
 */

import { tcpServerPackages } from './tcp-servers.ts';
import { udpServerPackages } from './udp-servers.ts';

const packages = process.argv[2] === 'tcp' ? tcpServerPackages : udpServerPackages;
process.stdout.write(`${packages.join('\n')}\n`);
