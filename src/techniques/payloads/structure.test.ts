import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { integer, readElement, readInteger } from './ber.ts';
import { udpPayloads } from './index.ts';

const anyId = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff));
const ids = [0, 1, 0x7f, 0x80, 0xff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0x9abcdef1, 0xffff_ffff];

/** Where one more byte is needed, or only just not. */
const edges = [0, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7f_ffff, 0x80_0000, 0x7fff_ffff];

function built(name: string, id = 0x9abcdef1): Buffer {
  const payload = udpPayloads.find((each) => each.name === name);
  if (payload === undefined) throw new Error(`there is no payload ${name}`);
  return Buffer.from(payload.build(id));
}

describe('every payload', () => {
  test.each(udpPayloads)('$name: depends on the id alone, and is not shared', ({ build }) => {
    fc.assert(
      fc.property(anyId, (id) => {
        const first = build(id);
        expect(build(id)).toEqual(first);
        first.fill(0xee);
        expect(build(id)).not.toBe(first);
        if (first.length > 0) expect(build(id)).not.toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  test.each(udpPayloads)(
    '$name: has one length, and fits the smallest IPv6 link whole',
    ({ name, build }) => {
      const lengths = new Set(ids.map((id) => build(id).length));
      // 1280 bytes without the headers of IPv6 and UDP (RFC 8200, 5).
      for (const length of lengths) expect(length).toBeLessThanOrEqual(1232);
      // Numbers in BER take the bytes they need, those in MGCP the digits.
      if (!['snmp-v1', 'snmp-v2c', 'snmp-v3', 'cldap', 'kerberos', 'mgcp'].includes(name)) {
        expect(lengths.size).toBe(1);
      }
    },
  );
});

describe('names', () => {
  test.each([
    ['dns-version', 'version.bind', 'TXT', 'CH'],
    ['dns-root', '.', 'NS', 'IN'],
    ['llmnr', '1.0.0.127.in-addr.arpa', 'PTR', 'IN'],
    ['mdns', '_services._dns-sd._udp.local', 'PTR', undefined],
  ])('%s asks for %s %s', (name, question, type, kind) => {
    const message = packet.decode(built(name));
    expect(message.id).toBe(0xdef1);
    expect(message.type).toBe('query');
    expect(message.questions).toHaveLength(1);
    expect(message.questions?.[0]).toMatchObject({ name: question, type });
    // The top bit of the class asks for a unicast answer (RFC 6762, 5.4); dns-packet knows no such class.
    if (kind === undefined) expect(built(name).readUInt16BE(built(name).length - 2)).toBe(0x8001);
    else expect(message.questions?.[0]?.class).toBe(kind);
    expect(packet.encodingLength(message)).toBe(built(name).length);
  });

  test('netbios asks for the status of *, padded with zeros and spread over letters', () => {
    const bytes = built('netbios-ns');
    expect(bytes.subarray(13, 45).toString()).toBe(`CK${'AA'.repeat(15)}`);
    const decoded = [...bytes.subarray(13, 45)].map((letter) => letter - 0x41);
    expect((decoded[0] as number) * 16 + (decoded[1] as number)).toBe('*'.charCodeAt(0));
    expect([bytes[12], bytes[45], bytes.length]).toEqual([32, 0, 50]);
    expect(bytes.subarray(46).toString('hex')).toBe('00210001');
  });
});

describe('ASN.1', () => {
  test.each(['snmp-v1', 'snmp-v2c', 'snmp-v3', 'cldap', 'kerberos'])(
    '%s is well formed to the last byte',
    (name) => {
      for (const id of ids) expect(() => readTree(built(name, id))).not.toThrow();
    },
  );

  test('SNMP asks for the description, the kind and the name of the system', () => {
    const variables =
      '302a300c06082b060102010101000500300c06082b060102010102000500300c06082b060102010105000500';
    expect(built('snmp-v1').toString('hex')).toBe(
      `304502010004067075626c6963a03802041abcdef1020100020100${variables}`,
    );
    expect(built('snmp-v2c').toString('hex')).toBe(
      `304502010104067075626c6963a03802041abcdef1020100020100${variables}`,
    );
    const [version, header, security, scope] = readTree(built('snmp-v3'))[0]?.children ?? [];
    expect(version?.value).toBe('03');
    expect(header?.children.map(({ value }) => value)).toEqual(['1abcdef1', '00ffe3', '04', '03']);
    expect(readTree(Buffer.from(security?.value ?? '', 'hex'))[0]?.children).toHaveLength(6);
    expect(scope?.children.map(({ tag }) => tag)).toEqual([0x04, 0x04, 0xa0]);
  });

  test('Kerberos asks for a ticket of a realm that is not there', () => {
    const request = readTree(built('kerberos'))[0];
    expect(request?.tag).toBe(0x6a);
    const fields = request?.children[0]?.children ?? [];
    expect(fields.map(({ tag }) => tag)).toEqual([0xa1, 0xa2, 0xa4]);
    const body = fields[2]?.children[0]?.children ?? [];
    expect(body.map(({ tag }) => tag)).toEqual([0xa0, 0xa1, 0xa2, 0xa3, 0xa5, 0xa7, 0xa8]);
    expect(Buffer.from(body[2]?.children[0]?.value ?? '', 'hex').toString()).toBe('PORTOLAN.INVALID');
  });

  test('integers are as short as they can be, and read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(0x7fff_ffff), fc.constantFrom(...edges)), (value) => {
        const bytes = integer(value);
        expect(readInteger(bytes, readElement(bytes, 0, bytes.length))).toBe(value);
        const [, length, first, second] = bytes as unknown as readonly number[];
        expect((first as number) < 0x80).toBe(true);
        if ((length as number) > 1 && first === 0) expect(second as number).toBeGreaterThanOrEqual(0x80);
      }),
    );
  });

  test('elements that run beyond the end, or have no end, are refused', () => {
    for (const hex of [
      '',
      '30',
      '3001',
      '308100'.slice(0, 4),
      '30820001',
      '3080',
      '308500000000',
      '3084ffffffff',
    ]) {
      expect(readElement(Buffer.from(hex, 'hex'), 0, hex.length / 2), hex).toBeUndefined();
    }
    expect(readElement(Buffer.from('3000', 'hex'), 0, 2)).toEqual({ tag: 0x30, start: 2, end: 2 });
    expect(readElement(Buffer.from('30820001ff', 'hex'), 0, 5)).toEqual({ tag: 0x30, start: 4, end: 5 });
    expect(readInteger(Buffer.from('0200', 'hex'), { tag: 2, start: 2, end: 2 })).toBeUndefined();
  });
});

describe('lengths and sums inside', () => {
  test('RADIUS: attributes fill the packet', () => {
    const bytes = built('radius');
    expect([bytes[0], bytes[1], bytes.readUInt16BE(2)]).toEqual([1, 0xf1, bytes.length]);
    const attributes = walk(bytes, 20, (at) => bytes[at + 1] as number).map((at) => bytes[at]);
    expect(attributes).toEqual([1, 2, 32]);
  });

  test('IKE: payloads fill the message, transforms the proposal', () => {
    for (const [name, offset] of [
      ['ike-v2', 0],
      ['ike-v1', 0],
      ['ike-nat-t', 4],
    ] as const) {
      const bytes = built(name).subarray(offset);
      expect(bytes.readUInt32BE(24), name).toBe(bytes.length);
      const payloads = walk(bytes, 28, (at) => bytes.readUInt16BE(at + 2));
      expect(payloads.map((at) => bytes[at]).at(-1), name).toBe(0);
      // Version 1 has a domain and a situation before the proposal.
      const proposal = 28 + 4 + (name === 'ike-v1' ? 8 : 0);
      const end = proposal + bytes.readUInt16BE(proposal + 2);
      expect(end).toBe(28 + bytes.readUInt16BE(30));
      const transforms = walk(bytes.subarray(0, end), proposal + 8, (at) => bytes.readUInt16BE(at + 2));
      expect(transforms).toHaveLength(bytes[proposal + 7] as number);
      expect(transforms.map((at) => bytes[at])).toEqual([...transforms.slice(1).map(() => 3), 0]);
    }
    const [, keyExchange] = walk(built('ike-v2'), 28, (at) => built('ike-v2').readUInt16BE(at + 2));
    expect(built('ike-v2').readUInt16BE((keyExchange as number) + 2)).toBe(4 + 4 + 256);
  });

  test('L2TP: attributes fill the message', () => {
    const bytes = built('l2tp');
    expect(bytes.readUInt16BE(2)).toBe(bytes.length);
    const types = walk(bytes, 12, (at) => bytes.readUInt16BE(at) & 0x3ff).map((at) =>
      bytes.readUInt16BE(at + 4),
    );
    expect(types).toEqual([0, 2, 3, 7, 9, 10]);
    expect(built('l2tp', 0x10000).toString('hex')).toContain('8008000000090001');
  });

  test('DTLS: record, handshake and extensions end together', () => {
    const bytes = built('dtls');
    expect(bytes.readUInt16BE(11)).toBe(bytes.length - 13);
    expect([bytes.readUIntBE(14, 3), bytes.readUIntBE(22, 3)]).toEqual([
      bytes.length - 25,
      bytes.length - 25,
    ]);
    const suites = 25 + 2 + 32 + 2;
    const compression = suites + 2 + bytes.readUInt16BE(suites);
    const extensions = compression + 2;
    expect(bytes.readUInt16BE(extensions)).toBe(bytes.length - extensions - 2);
    const types = walk(bytes, extensions + 2, (at) => 4 + bytes.readUInt16BE(at + 2)).map((at) =>
      bytes.readUInt16BE(at),
    );
    expect(types).toEqual([10, 11, 13, 23, 0xff01]);
  });

  test('QUIC: a version reserved to be unknown, in 1200 bytes', () => {
    const bytes = built('quic');
    expect(bytes.length).toBe(1200);
    expect(bytes.readUInt32BE(1) & 0x0f0f0f0f).toBe(0x0a0a0a0a);
    expect([bytes[5], bytes[14]]).toEqual([8, 8]);
    expect(bytes.subarray(6, 14)).not.toEqual(bytes.subarray(15, 23));
  });

  test('IPMI: both sums are zero, and the length is that of the message', () => {
    for (const id of ids) {
      const bytes = built('ipmi', id);
      const sum = (from: number, to: number) =>
        bytes.subarray(from, to).reduce((all, byte) => all + byte, 0) & 0xff;
      expect([sum(14, 17), sum(17, bytes.length), bytes[13]]).toEqual([0, 0, bytes.length - 14]);
    }
  });

  test('lengths in headers are those of what follows', () => {
    expect(built('slp').readUIntBE(2, 3)).toBe(built('slp').length);
    expect(built('bacnet').readUInt16BE(2)).toBe(built('bacnet').length);
    expect(built('knx').readUInt16BE(4)).toBe(built('knx').length);
    expect(built('gtp-v1').readUInt16BE(2)).toBe(built('gtp-v1').length - 8);
    expect(built('gtp-v2').readUInt16BE(2)).toBe(built('gtp-v2').length - 4);
    expect(built('pfcp').readUInt16BE(2)).toBe(built('pfcp').length - 4);
    expect(built('ethernet-ip').length).toBe(24);
    expect(built('rdp-udp').length).toBe(1232);
    expect(built('stun').readUInt16BE(2)).toBe(built('stun').length - 20);
    expect(built('rpcbind').length).toBe(40);
  });

  test('DHCP: the options stand behind the magic cookie', () => {
    const bytes = built('dhcp');
    expect(bytes.readUInt32BE(236)).toBe(0x63825363);
    expect(bytes.subarray(240, 243).toString('hex')).toBe('350108');
    expect(bytes.length).toBe(300);
  });
});

describe('values that protocols reserve are avoided', () => {
  test.each([
    ['iax2 has no call 0', 'iax2', 0x8000, (bytes: Buffer) => bytes.readUInt16BE(0) & 0x7fff],
    ['L2TP has no tunnel 0', 'l2tp', 0x10000, (bytes: Buffer) => bytes.readUInt16BE(bytes.length - 10)],
    ['LDAP has no message 0', 'cldap', 0x8000_0000, (bytes: Buffer) => bytes[4] as number],
    ['IKE has no cookie 0', 'ike-v2', 0, (bytes: Buffer) => Number(bytes.readBigUInt64BE(0) !== 0n)],
  ])('%s', (_what, name, id, read) => expect(read(built(name, id))).toBeGreaterThan(0));

  test('ASF never asks for silence', () => {
    for (const id of ids) expect(built('asf', id)[9]).not.toBe(0xff);
  });

  test('MGCP transactions are 1 to 999999999', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const transaction = Number(built('mgcp', id).toString().split(' ')[1]);
        expect(transaction).toBeGreaterThanOrEqual(1);
        expect(transaction).toBeLessThanOrEqual(999_999_999);
      }),
    );
  });
});

interface Node {
  readonly tag: number;
  readonly value: string;
  readonly children: readonly Node[];
}

/** A reader of its own: every constructed element is full to its last byte. */
function readTree(bytes: Buffer): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    let length = bytes.readUInt8(at + 1);
    let start = at + 2;
    if (length > 0x80) {
      start += length - 0x80;
      length = bytes.readUIntBE(at + 2, length - 0x80);
      expect(length).toBeGreaterThanOrEqual(0x80);
    }
    if (start + length > bytes.length) throw new RangeError(`an element at ${at} ends behind its parent`);
    const contents = bytes.subarray(start, start + length);
    nodes.push({
      tag,
      value: contents.toString('hex'),
      children: (tag & 0x20) === 0 ? [] : readTree(contents),
    });
    at = start + length;
  }
  return nodes;
}

/** Where the items of a list begin that must end exactly at the end. */
function walk(bytes: Buffer, from: number, lengthAt: (at: number) => number): number[] {
  const starts: number[] = [];
  let at = from;
  while (at < bytes.length) {
    starts.push(at);
    const length = lengthAt(at);
    expect(length).toBeGreaterThan(0);
    at += length;
  }
  expect(at).toBe(bytes.length);
  return starts;
}
