import { decode, encode } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import type { Move, Outcome } from '../service/moves.ts';
import { samples } from '../service/samples.laws.ts';
import type { DeviceClaim, DeviceQuestion, Learnt } from './contract.ts';
import { textElements } from './elements.ts';
import { areOneByName, areTwo, marksOf } from './identity.ts';
import { deviceQuestions, questionsByPort } from './index.ts';
import { readPrinter } from './ipp.ts';
import { joinDevice } from './join.ts';
import { mdnsQuestion } from './mdns.ts';
import { claimsOfService } from './of-service.ts';
import { placeOn } from './place.ts';
import { readDescription, ssdpQuestion } from './ssdp.ts';
import { readMetadata, wsdQuestion } from './wsd.ts';

const device = { address: '10.0.0.5' };
const bytes = (text: string) => new TextEncoder().encode(text);

/** Holds a talk with somebody who answers each thing that is said; '': nobody is there. */
function talkWith(question: DeviceQuestion, answer: (said: Uint8Array) => readonly Uint8Array[]): Learnt {
  const talk = question.ask(device);
  let queue: Uint8Array[] = [];
  const outcomeOf = (move: Move): Outcome => {
    if (move.does === 'open') return { was: 'opened', rttMs: 1 };
    if (move.does === 'say') queue = [...answer(move.bytes)];
    return { was: 'heard', bytes: queue.shift() ?? new Uint8Array(0), end: 'quiet' };
  };
  let step = talk.next();
  for (let moves = 0; step.done !== true; moves++) {
    if (moves > 100) throw new Error('the talk does not end');
    step = talk.next(outcomeOf(step.value));
  }
  return step.value;
}

/** What is claimed, as short lines. */
function lines({ claims }: Pick<Learnt, 'claims'>): readonly string[] {
  return claims.map(({ field, value, source }) => `${source} ${field}: ${value}`);
}

const description = (text: string, before = '') => `<?xml version="1.0"?>${before}
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major></specVersion><device>${text}
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><friendlyName>inner</friendlyName></device></deviceList>
</device></root>`;
const router = `<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>Edge &amp; co</friendlyName>
<manufacturer>AVM Berlin</manufacturer><modelName>FRITZ!Box 7590</modelName><modelNumber>avm</modelNumber>
<UDN>uuid:75802409-bccb-40e7-8e6c-0123456789AB</UDN>`;

describe('UPnP', () => {
  test('a description tells of the root device, not of those within it', () => {
    expect(lines(readDescription(bytes(description(router))))).toEqual([
      'upnp name: Edge & co',
      'upnp kind: router',
      'upnp vendor: AVM Berlin',
      'upnp model: FRITZ!Box 7590',
      'upnp version: avm',
      'upnp uuid: 75802409-bccb-40e7-8e6c-0123456789ab',
      'upnp type: urn:schemas-upnp-org:device:InternetGatewayDevice:1',
    ]);
  });

  test('software that runs on any machine makes no vendor and no model', () => {
    const text = `<deviceType>urn:schemas-upnp-org:device:MediaServer:1</deviceType><friendlyName>cinema</friendlyName>
      <manufacturer>Justin Maggard</manufacturer><modelName>Windows Media Connect compatible (MiniDLNA)</modelName>`;
    const found = lines(readDescription(bytes(description(text))));
    expect(found).toContain('upnp kind: media');
    expect(found.filter((line) => /vendor|model:/.test(line))).toEqual([]);
  });

  test.each([
    ['declared entities', '<!DOCTYPE root [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>', '&b;'],
    ['external entities', '<!DOCTYPE root SYSTEM "http://10.0.0.66/x.dtd">', '&x;'],
    ['entities that nobody has declared', '', '&lol;'],
  ])('%s are never expanded, and end what is read', (_, before, text) => {
    const hostile = description(`<friendlyName>${text}</friendlyName><modelName>late</modelName>`, before);
    expect(lines(readDescription(bytes(hostile)))).toEqual([]);
  });

  test('a megabyte, endless depth and bytes of any kind are read to a bound, and what was told before stays', () => {
    const long = description(`<friendlyName>${'x'.repeat(2 ** 20)}</friendlyName>`);
    for (const line of lines(readDescription(bytes(long)))) expect(line.length).toBeLessThan(230);
    const deep = description(`<friendlyName>kept</friendlyName>${'<a>'.repeat(100_000)}`);
    expect(lines(readDescription(bytes(deep)))).toEqual(['upnp name: kept']);
    const names = '<x>y</x>'.repeat(50_000);
    expect(textElements(`<r>${names}</r>`).length).toBe(512);
    expect(lines(readDescription(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)))).toEqual([]);
    const escapes = description('<friendlyName>\u009b31m\u202eevil\u2066\u200b x</friendlyName>');
    expect(lines(readDescription(bytes(escapes)))).toEqual(['upnp name: 31m evil x']);
  });

  test.each([
    ['http://10.0.0.5:49152/d.xml', { port: 49_152, path: '/d.xml', host: '10.0.0.5:49152' }],
    ['http://10.0.0.5', { port: 80, path: '/', host: '10.0.0.5' }],
    ['http://10.0.0.6/d.xml', undefined],
    ['http://10.0.0.5@10.0.0.6/d.xml', undefined],
    ['http://user:pass@10.0.0.5/d.xml', undefined],
    ['http://router.lab/d.xml', undefined],
    ['https://10.0.0.5/d.xml', undefined],
    ['file:///etc/passwd', undefined],
    ['http://10.0.0.5:0/', undefined],
    ['http://10.0.0.5/a b', undefined],
    ['http://10.0.0.5/\r\nX: y', undefined],
    [`http://10.0.0.5/${'x'.repeat(2000)}`, undefined],
  ])('%s is asked on the device itself or not at all', (text, place) => {
    expect(placeOn(device, text)).toEqual(place);
  });

  test('a description is asked for where it is announced, and no redirection is followed', () => {
    const answer = (location: string) =>
      bytes(
        `HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:75802409-bccb-40e7-8e6c-0123456789ab::upnp:rootdevice\r\nSERVER: Linux UPnP/1.0 x/1\r\nLOCATION: ${location}\r\n\r\n`,
      );
    expect(talkWith(ssdpQuestion, () => [answer('http://10.0.0.66/d.xml')]).next).toEqual([]);
    const { next = [] } = talkWith(ssdpQuestion, () => [answer('http://10.0.0.5:80/d.xml')]);
    expect(next.map(({ transport, port }) => `${transport}/${port}`)).toEqual(['tcp/80']);
    const [question] = next as [DeviceQuestion];
    const whole = `HTTP/1.1 200 OK\r\n\r\n${description(router)}`;
    expect(lines(talkWith(question, () => [bytes(whole)]))).toContain('upnp model: FRITZ!Box 7590');
    const moved = `HTTP/1.1 302 Found\r\nLocation: http://10.0.0.66/\r\n\r\n${description(router)}`;
    expect(talkWith(question, () => [bytes(moved)])).toEqual({ claims: [] });
  });
});

describe('multicast DNS', () => {
  const answers: Readonly<Record<string, readonly object[]>> = {
    '5.0.0.10.in-addr.arpa PTR': [{ type: 'PTR', name: '5.0.0.10.in-addr.arpa', data: 'office.local' }],
    '_services._dns-sd._udp.local PTR': [
      { type: 'PTR', name: '_services._dns-sd._udp.local', data: '_ipp._tcp.local' },
    ],
    '_ipp._tcp.local PTR': [{ type: 'PTR', name: '_ipp._tcp.local', data: 'Laser 2000._ipp._tcp.local' }],
    'office.local A': [
      { type: 'A', name: 'office.local', data: '10.0.0.5' },
      { type: 'A', name: 'office.local', data: '10.0.0.6' },
    ],
  };
  const respond = (texts: readonly string[], target: string) => (said: Uint8Array) => {
    const { questions = [], id = 0 } = decode(Buffer.from(said));
    const instance = 'Laser 2000._ipp._tcp.local';
    const all: Readonly<Record<string, readonly object[]>> = {
      ...answers,
      [`${instance} TXT`]: [{ type: 'TXT', name: instance, data: texts.map((one) => Buffer.from(one)) }],
      [`${instance} SRV`]: [{ type: 'SRV', name: instance, data: { target, port: 631 } }],
    };
    const found = questions.flatMap(({ name, type }) => all[`${name} ${type}`] ?? []);
    if (found.length === 0) return [];
    return [encode({ type: 'response', id, flags: 0x0400, answers: found as [] })];
  };
  const texts = ['rp=ipp/print', 'ty=Lab Laser 2000', 'USB_MFG=Lab', 'usb_MDL=Laser 2000', 'UUID=x'];

  test('services are asked for, then their places and texts', () => {
    const learnt = talkWith(mdnsQuestion, respond(texts, 'office.local'));
    expect(lines(learnt)).toEqual([
      'mdns name: office',
      'mdns service: _ipp._tcp',
      'mdns address: 10.0.0.5',
      'mdns address: 10.0.0.6',
      'mdns kind: printer',
      'mdns vendor: Lab',
      'mdns model: Laser 2000',
    ]);
    expect(learnt.next?.map(({ name }) => name)).toEqual(['ipp']);
  });

  test('a queue that is lent makes no printer of its server, and what others announce says nothing of this one', () => {
    const lent = lines(talkWith(mdnsQuestion, respond(['rp=printers/lent', 'ty=HP 4'], 'office.local')));
    expect(lent).toContain('mdns queue: Laser 2000');
    expect(lent.filter((line) => /kind|model|vendor/.test(line))).toEqual([]);
    const others = lines(talkWith(mdnsQuestion, respond(texts, 'other.local')));
    expect(others.filter((line) => /kind|model|vendor/.test(line))).toEqual([]);
  });

  test('the reverse name of an IPv6 address, which has 34 labels, is read', () => {
    const name = `${'1.'.repeat(32)}ip6.arpa`;
    const answer = encode({
      type: 'response',
      flags: 0x0400,
      answers: [{ type: 'PTR', name, data: 'six.local' }],
    });
    expect(lines(talkWith(mdnsQuestion, () => [answer]))).toContain('mdns name: six');
  });
});

describe('other sources', () => {
  test('a printer of IPP is one, and a queue is none', () => {
    const attribute = (tag: number, name: string, value: string) =>
      Buffer.concat([
        Buffer.from([tag, 0, name.length]),
        Buffer.from(name),
        Buffer.from([0, value.length]),
        Buffer.from(value),
      ]);
    const answer = (...attributes: readonly Buffer[]) =>
      Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 4]), ...attributes, Buffer.from([3])]);
    const model = attribute(0x41, 'printer-make-and-model', 'Lab Laser 2000');
    const name = attribute(0x42, 'printer-name', 'office');
    const own = answer(model, name, attribute(0x45, 'printer-uri-supported', 'ipp://x/ipp/print'));
    expect(lines(readPrinter(own))).toEqual([
      'ipp name: office',
      'ipp kind: printer',
      'ipp model: Lab Laser 2000',
    ]);
    const lent = answer(model, name, attribute(0x45, 'printer-uri-supported', 'ipp://x/printers/a'));
    expect(lines(readPrinter(lent))).toEqual(['ipp queue: office']);
    expect(readPrinter(Buffer.from([1, 1, 4, 6, 0, 0, 0, 1, 3])).claims).toEqual([]);
  });

  test('the metadata of WS-Discovery names computer, maker and model', () => {
    const text = `<s:Envelope xmlns:s="a" xmlns:d="b" xmlns:p="c"><s:Body><d:ThisDevice><d:FriendlyName>friend</d:FriendlyName><d:SerialNumber>7</d:SerialNumber></d:ThisDevice><d:ThisModel><d:Manufacturer>Lab</d:Manufacturer><d:ModelName>Two</d:ModelName></d:ThisModel><p:Computer>SHARES/Workgroup:LAB</p:Computer></s:Body></s:Envelope>`;
    expect(lines(readMetadata(bytes(text)))).toEqual([
      'wsd name: SHARES',
      'wsd vendor: Lab',
      'wsd model: Two',
      'wsd serial: 7',
      'wsd workgroup: LAB',
    ]);
  });

  test('a camera of ONVIF is one by its type', () => {
    const match = `<e:Envelope><e:Header><w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</w:Action></e:Header><w:Types>dn:NetworkVideoTransmitter</w:Types><w:Scopes>onvif://www.onvif.org/hardware/IPC-1%20X onvif://www.onvif.org/name/Hall%20way</w:Scopes><w:XAddrs>http://10.0.0.66/x</w:XAddrs></e:Envelope>`;
    const learnt = talkWith(wsdQuestion, () => [bytes(match)]);
    expect(lines(learnt)).toEqual([
      'wsd name: Hall way',
      'wsd kind: camera',
      'wsd model: IPC-1 X',
      'wsd type: NetworkVideoTransmitter',
    ]);
    expect(learnt.next).toEqual([]);
  });

  test('what services show: keys, names, a kind where the product is certain', () => {
    const service = { name: 'http', cpe: [], tls: true, confidence: 7, device: 'broadband router' };
    const certificate = {
      subject: 'CN=a',
      issuer: 'CN=a',
      names: ['box.lab', '*.lab', '10.0.0.1'],
      from: '',
      to: '',
      key: '',
      fingerprint: '00ff',
    };
    expect(lines({ claims: claimsOfService({ ...service, certificate }) })).toEqual([
      'http kind: router',
      'tls name: box.lab',
      'tls ownCertificate: 00ff',
    ]);
    expect(claimsOfService({ ...service, confidence: 3 })).toEqual([]);
    expect(claimsOfService({ ...service, name: 'constructor' })).toEqual([]);
  });

  test('no question throws, whatever answers: samples of all protocols, cut and changed', () => {
    for (const question of [...deviceQuestions, ...questionsByPort.values()])
      for (const { bytes: said } of samples)
        for (const one of [said, said.subarray(0, said.length >> 1), said.map((byte) => byte ^ 1)])
          expect(Array.isArray(talkWith(question, () => [one, one]).claims)).toBe(true);
  });
});

const claim = (
  field: string,
  value: string,
  source: DeviceClaim['source'],
  more: Partial<DeviceClaim> = {},
): DeviceClaim => ({
  field,
  value,
  source,
  measured: true,
  ...more,
});

describe('joined', () => {
  test('nothing but addresses and the name that DNS has for one makes no device', () => {
    expect(joinDevice([], {})).toBeUndefined();
    expect(joinDevice([], { reverseName: 'a.lab' })).toBeUndefined();
    expect(joinDevice([], { vendor: 'Maker' })).toMatchObject({
      vendor: 'Maker',
      sources: ['mac'],
      name: null,
    });
  });

  test('each thing has its source, and what the device says itself comes first', () => {
    const joined = joinDevice(
      [
        claim('name', 'office', 'mdns'),
        claim('kind', 'printer', 'ipp'),
        claim('model', 'Lab L2', 'ipp'),
        claim('vendor', 'Lab', 'ipp'),
      ],
      { vendor: 'Card Maker', reverseName: 'p1.lab' },
    );
    expect(joined).toEqual({
      name: 'office',
      names: [
        { name: 'office', source: 'mdns' },
        { name: 'p1.lab', source: 'rdns' },
      ],
      kind: 'printer',
      vendor: 'Lab',
      model: 'L2',
      facts: [
        { field: 'kind', value: 'printer', source: 'ipp', measured: true },
        { field: 'vendor', value: 'Lab', source: 'ipp', measured: true },
        { field: 'model', value: 'Lab L2', source: 'ipp', measured: true },
        { field: 'name', value: 'office', source: 'mdns', measured: true },
        { field: 'vendor', value: 'Card Maker', source: 'mac', measured: true },
        { field: 'name', value: 'p1.lab', source: 'rdns', measured: false },
      ],
      sources: ['ipp', 'mdns', 'mac', 'rdns'],
    });
  });

  test.each([
    ['one', [['router', 3]], 'router'],
    [
      'what it is besides weighs less',
      [
        ['router', 3],
        ['media', 1],
      ],
      'router',
    ],
    [
      'a firewall routes as well',
      [
        ['router', 3],
        ['firewall', 3],
      ],
      'firewall',
    ],
    [
      'two that exclude each other',
      [
        ['router', 3],
        ['printer', 3],
      ],
      null,
    ],
    ['none', [], null],
    ['a word that is no kind', [['toaster', 3]], null],
  ] as const)('the kind: %s', (_, kinds, expected) => {
    const claims = kinds.map(([kind, weight]) => claim('kind', kind, 'upnp', { weight }));
    expect(joinDevice([claim('name', 'x', 'mdns'), ...claims], {})?.kind).toBe(expected);
  });

  test('what others claim makes no kind, and a hardware address that is told names the maker of a card', () => {
    const claims = [
      claim('kind', 'router', 'upnp', { measured: false }),
      claim('mac', '00:00:5e:00:53:01', 'netbios'),
    ];
    const vendorOf = (mac: string) => (mac.startsWith('00:00:5e') ? 'Card Maker' : undefined);
    expect(joinDevice(claims, { vendorOf })).toMatchObject({ kind: null, vendor: 'Card Maker' });
  });
});

describe('one device', () => {
  const key = claim('hostKey', 'ssh-ed25519 256 SHA256:x', 'ssh');

  test('keys, engines, own certificates and UUIDs are marks; names and certificates of others are none', () => {
    const claims = [
      key,
      claim('engineId', '8000', 'snmp'),
      claim('ownCertificate', 'ff', 'tls'),
      claim('certificate', 'ee', 'tls'),
      claim('name', 'a', 'mdns'),
    ];
    expect(marksOf(claims)).toEqual([
      'hostKey ssh-ed25519 256 sha256:x',
      'engineId 8000',
      'ownCertificate ff',
    ]);
  });

  test('machines of one image share their keys, and have names of their own', () => {
    const [a, b] = ['a', 'b'].map((name) => [key, claim('name', name, 'mdns')]) as [
      DeviceClaim[],
      DeviceClaim[],
    ];
    expect(areTwo(a, b)).toBe(true);
    expect(areTwo(a, [...a])).toBe(false);
    expect(areTwo(a, [key])).toBe(false);
  });

  test('a name of multicast DNS counts where each address is told as the other’s as well: one alone may lie', () => {
    const addresses = ['10.0.0.5', '10.0.0.6'] as const;
    const both = addresses.map((address) => claim('address', address, 'mdns'));
    const a = [claim('name', 'a', 'mdns'), ...both];
    const b = [claim('name', 'A', 'mdns'), ...both];
    expect(areOneByName(a, b, addresses)).toBe(true);
    expect(areOneByName(a, b, ['10.0.0.5', '10.0.0.7'])).toBe(false);
    expect(areOneByName(a, [claim('name', 'A', 'mdns')], addresses)).toBe(false);
    expect(areOneByName([claim('name', 'a', 'mdns')], b, addresses)).toBe(false);
    expect(areOneByName(a, [claim('name', 'c', 'mdns'), ...both], addresses)).toBe(false);
  });

  test('who has the UUID of another and a serial number of its own is another', () => {
    const [a, b] = ['1', '2'].map((serial) => [
      claim('uuid', '6a3b0c52-3a55-4b1f-9c6f-000000000019', 'upnp'),
      claim('serial', serial, 'upnp'),
    ]) as [DeviceClaim[], DeviceClaim[]];
    expect(areTwo(a, b)).toBe(true);
  });
});
