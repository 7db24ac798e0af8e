/**
 * A program: a device that says what it is, or one that means no good. Arguments: its role, its address, and an address that
 * nobody may be led to. Prints `ready` when it listens.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
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
/** An address of another on the link. */
const neighbour = (last: number) => address.replace(/\d+$/, String(last));
const hostile = '\x1b]0;owned\x07\x1b[31m\u202egpj\u2066=cmd|x!A1"</script><b>';

/** An element of BER, at most 64 KiB long. */
const ber = (tag: number, ...content: readonly (Buffer | string)[]) => {
  const bytes = Buffer.concat(content.map((one) => Buffer.from(one)));
  return Buffer.concat([Buffer.from([tag, 0x82, bytes.length >> 8, bytes.length & 255]), bytes]);
};
/** 1.3.6.1.2.1.1.N.0, and a text. */
const variable = (number: number, text: string) =>
  ber(0x30, ber(6, Buffer.from([0x2b, 6, 1, 2, 1, 1, number, 0])), ber(4, text));
const small = (value: number) => ber(2, Buffer.from([value]));

/** Answers of mDNS: whoever asks is told all of it. */
const announces =
  (name: string, addresses: readonly string[], texts: readonly string[]): Answer =>
  (said) => {
    const { id = 0, questions = [] } = decode(said);
    const service = `${name}._ipp._tcp.local`;
    return [
      encode({
        type: 'response',
        id,
        flags: 0x400,
        questions,
        answers: [
          ...questions
            .filter(({ name: asked }) => asked.endsWith('.arpa'))
            .map((one) => ({ type: 'PTR' as const, name: one.name, data: `${name}.local` })),
          { type: 'PTR', name: '_services._dns-sd._udp.local', data: '_ipp._tcp.local' },
          { type: 'PTR', name: '_ipp._tcp.local', data: service },
          { type: 'SRV', name: service, data: { port: 631, target: `${name}.local` } },
          { type: 'TXT', name: service, data: [...texts] },
          ...addresses.map((data) => ({ type: 'A' as const, name: `${name}.local`, data })),
        ],
      }),
    ];
  };

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
  // It calls itself what another is called, at the other's address, and has another's UUID.
  liar: {
    5353: announces('office', [neighbour(11), address], []),
    1900: () => [found(`http://${address}:8080/lie`)],
  },
  // What it announces never ends.
  endless: {
    1900: () => [found(`http://${address}:8080/drip`)],
    3702: () => [
      probeMatches(
        'wsdp:Device',
        `<w:Address>urn:uuid:1</w:Address><w:XAddrs>http://${address}:8080/flood</w:XAddrs>`,
      ),
    ],
  },
  // It speaks as one should, and what it says means no good.
  scribbler: {
    5353: announces(hostile, [address], [`ty=${hostile}`, `usb_MFG=${hostile}`, `note=${hostile}`]),
    5355: (said) => {
      const { id = 0, questions = [] } = decode(said);
      const answers = questions.map(({ name }) => ({ type: 'PTR' as const, name, data: hostile }));
      return [encode({ type: 'response', id, questions, answers })];
    },
    137: (said) => [
      Buffer.concat([
        said.subarray(0, 2),
        Buffer.from([0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
        said.subarray(12, 46),
        Buffer.from([0, 0x21, 0, 1, 0, 0, 0, 0, 0, 65, 1]),
        Buffer.from('\x1b[31m\r\n=x\x07\x9b<b>'.padEnd(15), 'latin1'),
        Buffer.from([0x20, 4, 0, 2, 0, 0, 0, 0, 1]),
        Buffer.alloc(40),
      ]),
    ],
    161: () => [
      ber(
        0x30,
        small(1),
        ber(4, 'public'),
        ber(
          0xa2,
          ...[small(1), small(0), small(0)],
          ber(0x30, variable(1, hostile.repeat(20)), variable(5, hostile)),
        ),
      ),
    ],
    1900: () => [found(`http://${address}:8080/scribble`, hostile)],
  },
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

/** What goes on for as long as somebody listens: a tag every 50 ms, or as many as are taken. */
const endlessly = (path: string, response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.write('<root><device><friendlyName>endless</friendlyName><modelName>');
  const drip = () => {
    if (response.destroyed) return;
    if (path === '/drip') setTimeout(() => response.write('y', drip), 50);
    else response.write('<a>y'.repeat(4096), drip);
  };
  drip();
};

const description = (...elements: readonly string[]) =>
  Buffer.from(
    `<?xml version="1.0"?><root><device>${elements.map((one) => `<${one}</${one.replace(/>.*/s, '')}>`).join('')}</device></root>`,
  );

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
  liar: () => [
    200,
    {},
    description(
      'deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      'friendlyName>edge',
      'serialNumber>77',
      'UDN>uuid:6a3b0c52-3a55-4b1f-9c6f-000000000019',
    ),
  ],
  scribbler: () => [
    200,
    {},
    description(
      ...['friendlyName', 'manufacturer', 'modelName', 'modelDescription', 'serialNumber'].map(
        (name) => `${name}>${'&#x9b;31m&#x85;&#x202e;&#x2066;=cmd|x!A1&lt;/script>&lt;b>'.repeat(3)}`,
      ),
    ),
  ],
  endless: () => [200, {}, Buffer.alloc(0)],
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
    if (role === 'endless') return endlessly(request.url ?? '/', response);
    const [status, headers, content] = page(request.url ?? '/');
    response.writeHead(status, headers).end(content);
  });
  sockets.push(
    once(server.listen(role === 'printer' ? 631 : 8080, address), 'listening').then(() => undefined),
  );
}
await Promise.all(sockets);
process.stdout.write('ready\n');
