/**
 * A tunnel whose other end answers every echo request, whoever is asked. Argument: the interface's name.
 *
 * @module
 */

import { openSync, readSync, writeSync } from 'node:fs';
import { libc } from '../../../src/system/ffi.ts';
import { finishSum, writeWord } from '../../../src/wire/checksum.ts';

const [, , name = 'tun0'] = process.argv;
const tun = openSync('/dev/net/tun', 'r+');
const request = new Uint8Array(40);
request.set(new TextEncoder().encode(name));
// struct ifreq: 16 bytes of name, then IFF_TUN | IFF_NO_PI; TUNSETIFF.
new Uint16Array(request.buffer)[8] = 0x1001;
if (libc().ioctl(tun, 0x4004_54ca, request) !== 0) throw new Error('cannot make a TUN');
process.stdout.write('ready\n');

const packet = new Uint8Array(2048);
for (;;) {
  const length = readSync(tun, packet);
  const isV4 = packet[0]! >> 4 === 4;
  const [at, size, body] = isV4 ? [12, 4, 20] : [8, 16, 40];
  const isEcho = isV4 ? packet[9] === 1 && packet[body] === 8 : packet[6] === 58 && packet[body] === 128;
  if (!isEcho) continue;
  // Swapping the addresses changes no checksum.
  const source = packet.slice(at, at + size);
  packet.copyWithin(at, at + size, at + 2 * size);
  packet.set(source, at + size);
  const before = packet[body]! << 8;
  packet[body] = isV4 ? 0 : 129;
  const sum = (packet[body + 2]! << 8) | packet[body + 3]!;
  // One word under it changed: RFC 1624, equation 3.
  writeWord(packet, body + 2, finishSum((~sum & 0xffff) + (~before & 0xffff) + (packet[body]! << 8)));
  writeSync(tun, packet, 0, length);
}
