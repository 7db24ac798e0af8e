/**
 * A program: a device that says what it is, or one that means no good. Arguments: its role, its address, and an address that
 * nobody may be led to. Prints `ready` when it listens.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { decode, encode } from 'dns-packet';

const [role = '', address = '', elsewhere = ''] = process.argv.slice(2);

/** What a datagram is answered by. */
type Answer = (said: Buffer) => readonly Buffer[];

const probeMatches = (types: string, more: string) =>
  Buffer.from(
    `<?xml version="1.0"?><e:Envelope xmlns:e="a" xmlns:w="b"><e:Header><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</w:Action></e:Header><e:Body><w:Types>${types}</w:Types>${more}</e:Body></e:Envelope>`,
  );
const found = (location: string, name = 'x') =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:6a3b0c52-3a55-4b1f-9c6f-00000000000${role.length % 10}::upnp:rootdevice\r\nSERVER: ${name} UPnP/1.0 ${name}/1\r\nLOCATION: ${location}\r\n\r\n`,
  );
const hostile = '\x1b]0;owned\x07\x1b[31m\u202egpj\u2066=cmd|x!A1"</script><b>';

const listensTo: Readonly<Record<string, Readonly<Record<number, Answer>>>> = {
  camera: {
    3702: () => [
      probeMatches(
        'dn:NetworkVideoTransmitter',
        `<w:Scopes>onvif://www.onvif.org/hardware/IPC-1 onvif://www.onvif.org/name/Hall</w:Scopes><w:XAddrs>http://${address}/onvif</w:XAddrs>`,
      ),
    ],
  },
  windows: {
    5355: (said) => {
      const { id = 0, questions = [] } = decode(said);
      const [question] = questions;
      if (question === undefined) return [];
      return [
        encode({
          type: 'response',
          id,
          questions,
          answers: [{ type: 'PTR', name: question.name, data: 'windows' }],
        }),
      ];
    },
  },
  printer: {},
  hostile: {
    1900: () => [
      found(`http://${elsewhere}/d.xml`, hostile),
      ...Array.from({ length: 40 }, (_, i) => found(`http://${address}:8080/${i}`, hostile)),
    ],
    3702: () => [
      probeMatches(
        'wsdp:Device',
        `<w:Address>${hostile.replaceAll('<', '')}</w:Address><w:XAddrs>http://${elsewhere}/x http://${address}:8080/moved</w:XAddrs>${'y'.repeat(40_000)}`,
      ),
    ],
    137: (said) => [Buffer.concat([said, Buffer.alloc(20_000, 0xc0)])],
    161: () => [Buffer.alloc(30_000, 0x30)],
    5353: (said) => [
      Buffer.concat([
        Buffer.from([said[0] ?? 0, said[1] ?? 0, 0x84, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0]),
        Buffer.alloc(8000, 0xc0),
      ]),
    ],
    5355: (said) => [said, said],
  },
};

const pages: Readonly<Record<string, (path: string) => [number, Record<string, string>, Buffer]>> = {
  printer: () => {
    const attribute = (tag: number, name: string, value: string) =>
      Buffer.concat([
        Buffer.from([tag, 0, name.length]),
        Buffer.from(name),
        Buffer.from([0, value.length]),
        Buffer.from(value),
      ]);
    const content = Buffer.concat([
      Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 4]),
      attribute(0x41, 'printer-make-and-model', 'Lab Laser 2000'),
      attribute(0x42, 'printer-name', 'laser'),
      attribute(0x41, 'printer-device-id', 'MFG:Lab;MDL:Laser 2000;CLS:PRINTER;'),
      attribute(0x45, 'printer-uri-supported', `ipp://${address}/ipp/print`),
      attribute(0x45, 'printer-uuid', 'urn:uuid:6a3b0c52-3a55-4b1f-9c6f-0000000000aa'),
      Buffer.from([3]),
    ]);
    return [200, { 'content-type': 'application/ipp' }, content];
  },
  hostile: (path) => {
    if (path === '/moved') return [302, { location: `http://${elsewhere}/` }, Buffer.alloc(0)];
    const text = `<?xml version="1.0"?><!DOCTYPE root [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY x SYSTEM "http://${elsewhere}/x">]><root><device><friendlyName>&a;&x;${hostile.replaceAll('<', '')}</friendlyName></device></root>`;
    return [
      200,
      {},
      Buffer.concat([Buffer.from(path === '/0' ? text : '<root><device>'), Buffer.alloc(2 ** 20, '<a>')]),
    ];
  },
};

const sockets = Object.entries(listensTo[role] ?? {}).map(async ([port, answer]) => {
  const socket = createSocket({ type: 'udp4' });
  socket.on('message', (said, { port: back, address: from }) => {
    for (const one of answer(said)) socket.send(one, back, from);
  });
  socket.bind(Number(port), address);
  await once(socket, 'listening');
});
const page = pages[role];
if (page !== undefined) {
  const server = createServer((request, response) => {
    request.resume();
    const [status, headers, content] = page(request.url ?? '/');
    response.writeHead(status, headers).end(content);
  });
  sockets.push(
    once(server.listen(role === 'printer' ? 631 : 8080, address), 'listening').then(() => undefined),
  );
}
await Promise.all(sockets);
process.stdout.write('ready\n');
