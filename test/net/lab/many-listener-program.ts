/**
 * A program: listens on more ports than Node could in a reasonable time, by the system calls alone. Connections
 * are completed by the kernel and never taken; they go when the other side lets go. Argument: range
 * list and family as JSON. Prints `ready`.
 *
 * @module
 */

import {
  domainOf,
  lengthOf,
  socketAddressBytes,
  writeSocketAddress,
} from '../../../src/dial/socket-address.ts';
import { parsePortRanges } from '../../../src/model/ports.ts';
import { errno, libc } from '../../../src/system/ffi.ts';

const { tcp, family } = JSON.parse(process.argv[2] as string) as {
  readonly tcp: string;
  readonly family: 4 | 6;
};
const backlog = 4096;
const { socket, bind, listen } = libc();
const name = new Uint8Array(socketAddressBytes);
const anywhere = new Uint8Array(family === 4 ? 4 : 16);
for (const port of parsePortRanges(tcp)) {
  const fd = socket(domainOf(family), 1, 0);
  writeSocketAddress(name, 0, family, anywhere, 0, port);
  if (fd < 0 || bind(fd, name, lengthOf(family)) < 0 || listen(fd, backlog) < 0) {
    throw new Error(`cannot listen on ${port}: errno ${errno()}`);
  }
}
process.stdout.write('ready\n');
setInterval(() => undefined, 1 << 30);
