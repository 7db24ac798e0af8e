/**
 * Files and remote procedure calls.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAt, join, u16, u32, zeros } from './parts.ts';

/** The portmapper's NULL procedure, RFC 1833 section 3.2. Servers of versions 3 and 4 only say so. */
const portmap: UdpPayload = {
  name: 'rpcbind',
  service: 'sunrpc',
  ports: [111],
  build: (id) => call(id, 100_000, 2),
  answers: echoAt(0, u32),
};

/** NFS version 3, NULL, RFC 1813 section 3.3.0. */
const nfs: UdpPayload = {
  name: 'nfs',
  service: 'nfs',
  ports: [2049],
  build: (id) => call(id, 100_003, 3),
  answers: echoAt(0, u32),
};

/** MOUNT version 3, NULL, RFC 1813 section 5.2.0. */
const mount: UdpPayload = {
  name: 'mountd',
  service: 'mountd',
  ports: [635, 20048],
  build: (id) => call(id, 100_005, 3),
  answers: echoAt(0, u32),
};

/** Read request for a file that is hardly there, RFC 1350 section 5: an error answers, from a port of its own. */
const tftp: UdpPayload = {
  name: 'tftp',
  service: 'tftp',
  ports: [69],
  repliesFromOtherPort: true,
  build: () => join(u16(1), 'portolan-no-such-file', 0, 'octet', 0),
};

/** Frame header of memcached's protocol.txt ("UDP protocol") and the command `version`. */
const memcached: UdpPayload = {
  name: 'memcached',
  service: 'memcache',
  ports: [11211],
  note: 'since version 1.5.6 UDP is off unless asked for',
  build: (id) => join(u16(id), u16(0), u16(1), u16(0), 'version\r\n'),
  answers: echoAt(0, u16),
};

/** The payloads of file and procedure services. */
export const rpc = [portmap, nfs, mount, tftp, memcached] as const;

/** A call of procedure 0 without credentials, RFC 5531 section 9: every program has it, and it does nothing. */
function call(id: number, program: number, version: number): Uint8Array {
  return join(u32(id), u32(0), u32(2), u32(program), u32(version), u32(0), zeros(16));
}
