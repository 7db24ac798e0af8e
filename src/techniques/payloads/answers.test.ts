import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payloadsFor, udpPayloads } from './index.ts';

/** The id of every answer below; its bytes differ, and its top bit is set. */
const id = 0x9abcdef1;
/** Another id: one bit of every byte, so that even protocols that keep six bits tell it apart. */
const otherId = 0x9bbddff0;

const text = (content: string): string => Buffer.from(content, 'latin1').toString('hex');

/**
 * Answers to `build(id)`. Those of the first part came from the servers of test/net/lab/udp-servers.ts, some
 * cut short behind what is read; those of the second part are written from the documents.
 */
const genuine: Readonly<Record<string, string>> = {
  'dns-version':
    'def1848000010001000000000776657273696f6e0462696e640000100003c00c0010000300000000000d0c646e736d6173712d322e3930',
  'dns-root': 'def1818500010000000000000000020001',
  mdns: 'def184000001000100000000095f7365727669636573075f646e732d7364045f756470056c6f63616c00000c8001c00c000c00010000000a00140c5f776f726b73746174696f6e045f746370c023',
  'netbios-ns': `def18400000000010000000020434b${'41'.repeat(30)}0000210001000000000041014c4142202020202020202020202020200400`,
  echo: '706f72746f6c616e2039616263646566310d0a',
  ntp: 'e40000e700010000000100000000000000000000000000009abcdef11eb99496eeabfd6ae35802bfeeabfd6ae35cfc2a',
  'snmp-v1':
    '306202010004067075626c6963a25502041abcdef10201000201003047304506082b0601020101010004394c696e757820766d20362e31382e34342d66632d7637393520233120534d5020505245454d50545f44594e414d4943204030207838365f3634',
  'snmp-v2c':
    '306202010104067075626c6963a25502041abcdef10201000201003047304506082b0601020101010004394c696e757820766d20362e31382e34342d66632d7637393520233120534d5020505245454d50545f44594e414d4943204030207838365f3634',
  'snmp-v3':
    '3071020103301102041abcdef1020300ffe30401000201030421301f041180001f88809136480eea7e016b000000000201010201000400040004003036041180001f88809136480eea7e016b000000000400a81f02041abcdef10201000201003011300f060a2b060106030f01010400410101',
  rpcbind: '9abcdef10000000100000000000000000000000000000000',
  memcached: 'def100000001000056455253494f4e20312e362e31380d0a',
  radius: '03f10014c292914a1c60e93436e278cece73549b',
  stun: '0101003c2112a4429abcdef11eb99496b323f32f002000080001c2852b5fa540000100080001e3970a4d0102',
  openvpn: '400adf52e1664e0c3001000000009abcdef11eb9949600000000',
  'ike-v2': '9abcdef11eb9949640a6c81ad4c6170b292022200000000000000024000000080000000e',
  'ike-v1': '9abcdef11eb9949622f4afe9726310020b100500d89085c0000000280000000c000000010100000e',
  'ike-nat-t': '000000009abcdef11eb99496daff9deb2ab17323292022200000000000000024000000080000000e',
  l2tp: 'c8020063def1000000000001800800000000000280080000000201008009000000090a0800',
  sip: text(
    'SIP/2.0 483 Too Many Hops\r\nVia: SIP/2.0/UDP portolan.invalid;branch=z9hG4bK9abcdef1;rport=55762;received=10.77.1.2\r\n\r\n',
  ),
  coap: '6445def19abcdef1c128ff3c2f3e3b7469746c653d2247656e6572616c20496e666f22',
  mumble: '000103049abcdef11eb9949600000000000003e800011940',
  asf: '0600ff06000011be40710010000011be000000008100000000000000',
  ipmi: '0600ff0700000000000000000010811c6320c43800018504030000000057',
  quic: 'ce00000000089abcdef11eb99496086543210e5abd60b6fa8aaa9a00000001',
  'gtp-v1': '3202000600000000def100000e01',
  mgcp: '35303020353936303639313038204641494c0d0a',
  dhcp: '020106009abcdef10000000000000000',
  'bittorrent-tracker': '000000009abcdef1e7a46255f00c0c2a',

  llmnr: `def1800000010001000000000131013001300331323707${text('in-addr')}04${text('arpa')}00000c0001`,
  nfs: '9abcdef10000000100000000000000000000000000000000',
  mountd: '9abcdef10000000100000000000000000000000000000000',
  cldap: '300c02041abcdef1640404003000',
  'ws-discovery': text('<a:RelatesTo>urn:uuid:9abcdef1-706f-4274-8f6c-616e6543210e</a:RelatesTo>'),
  slp: '020b0000180000000000def10002656e00000000',
  iax2: '80015ef10000000000010603',
  teamspeak3: `${text('TS3INIT1')}00658801${'5a'.repeat(16)}f1debc9a`,
  'gtp-v2': '40020009bcdef1000300010005',
  pfcp: '2002000cbcdef10000600004e8000000',
  'rdp-udp': '9abcdef1040000050000004204d004d0',
  bacnet: '810a0014010030f10c0c023fffff194b3ec4020000013f',
  'ethernet-ip': '6300330000000000000000009abcdef11eb9949600000000',
  'minecraft-bedrock': '1c9abcdef11eb99496000000000000000100ffff00fefefefefdfdfdfd12345678',
  'minecraft-query': `090a0c0e01${text('9513307')}00`,
  quake3: `ffffffff${text('infoResponse\n\\challenge\\9abcdef1\\protocol\\68')}`,
  'bittorrent-dht': `${text('d1:rd2:id20:')}${'33'.repeat(20)}${text('e1:t4:')}9abcdef1${text('1:y1:re')}`,
};

/** Texts have no fixed place for what they echo. */
const textual = new Set(['echo', 'ws-discovery', 'sip', 'mgcp', 'quake3', 'bittorrent-dht']);

const withId = udpPayloads.flatMap((payload) =>
  payload.answers === undefined
    ? []
    : [{ name: payload.name, build: payload.build, answers: payload.answers }],
);
const answerTo = (name: string): Buffer => Buffer.from(genuine[name] ?? '', 'hex');

describe('answers', () => {
  test('there is a genuine one for every payload that has an id, and for no other', () => {
    expect(Object.keys(genuine).sort()).toEqual(withId.map(({ name }) => name).sort());
  });

  test.each(withId)(
    '$name: the genuine answer is taken, wherever it lies, and only for its id',
    ({ name, answers }) => {
      const reply = answerTo(name);
      expect(answers(reply, 0, reply.length, id)).toBe(true);
      expect(answers(reply, 0, reply.length, id | 0)).toBe(true);
      expect(answers(reply, 0, reply.length, otherId)).toBe(false);
      const within = Buffer.concat([Buffer.alloc(42, 0xff), reply, Buffer.alloc(4)]);
      expect(answers(within, 42, 42 + reply.length, id)).toBe(true);
      if (!textual.has(name)) expect(answers(within, 41, 42 + reply.length, id)).toBe(false);
    },
  );

  test.each(withId)('$name: a shortened answer is taken only while the id is whole', ({ name, answers }) => {
    const reply = answerTo(name);
    const verdicts = Array.from({ length: reply.length + 1 }, (_, end) => answers(reply, 0, end, id));
    expect(verdicts[0]).toBe(false);
    expect(verdicts.at(-1)).toBe(true);
    // Once the id is there, more bytes do not take it back, but for formats whose form depends on the length.
    if (!['coap', 'teamspeak3'].includes(name)) expect(verdicts).toEqual([...verdicts].sort());
  });

  test('an id of few bits is not enough without the form around it', () => {
    const taken = (name: string, hex: string) => {
      const bytes = Buffer.from(hex, 'hex');
      return withId.find((each) => each.name === name)?.answers(bytes, 0, bytes.length, id);
    };
    expect(taken('radius', '03f10013c292914a1c60e93436e278cece7354')).toBe(false);
    expect(taken('radius', `01f10014${'00'.repeat(16)}`)).toBe(false);
    expect(taken('asf', '0600ff06000011bf40710010')).toBe(false);
    expect(taken('bacnet', '800a0014010030f10c0c')).toBe(false);
    expect(taken('coap', '6545def19abcdef1c1')).toBe(false);
    expect(taken('coap', '7000def1')).toBe(true);
    expect(taken('ipmi', `0500ff07${'00'.repeat(10)}811c6320c438`)).toBe(false);
    expect(taken('teamspeak3', `${text('TS3INIT2')}00658801${'5a'.repeat(16)}f1debc9a`)).toBe(false);
    expect(taken('quic', '4e00000000089abcdef11eb99496')).toBe(false);
  });

  test.each(withId)(
    '$name: what lies beyond the end changes nothing, and nothing throws',
    ({ name, answers }) => {
      const reply = answerTo(name);
      const datagram = fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.tuple(fc.nat(reply.length), fc.nat(reply.length), fc.nat(255)).map(([end, at, byte]) => {
          const mutated = Uint8Array.from(reply.subarray(0, end));
          if (at < end) mutated[at] = byte;
          return mutated;
        }),
      );
      fc.assert(
        fc.property(datagram, fc.nat(8), fc.uint8Array({ maxLength: 40 }), (bytes, start, beyond) => {
          const alone = new Uint8Array(start + bytes.length);
          alone.set(bytes, start);
          const end = alone.length;
          const verdict = answers(alone, start, end, id);
          const followed = Uint8Array.from([...alone, ...beyond]);
          expect(answers(followed, start, end, id)).toBe(verdict);
          const genuineBeyond = Uint8Array.from([...alone, ...reply]);
          expect(answers(genuineBeyond, start, end, id)).toBe(verdict);
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each(withId)('$name: hardly any noise passes for an answer', ({ answers }) => {
    // The weakest protocols tie an answer by 16 bits.
    let taken = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        if (answers(bytes, 0, bytes.length, id)) taken++;
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeLessThan(5);
  });

  test.each(withId)('$name: the id is in the question, so that it can come back', ({ build }) => {
    expect(build(id)).not.toEqual(build(otherId));
  });
});

describe('registry', () => {
  test('every payload is found under each of its ports, and only there', () => {
    for (let port = 0; port <= 65_535; port++) {
      const expected = udpPayloads.filter(({ ports }) => ports.includes(port)).map(({ name }) => name);
      expect(payloadsFor(port).map(({ name }) => name)).toEqual(expected);
    }
  });

  test('names are unique, ports are ports, and no port is asked more than three questions', () => {
    expect(new Set(udpPayloads.map(({ name }) => name)).size).toBe(udpPayloads.length);
    for (const { name, ports } of udpPayloads) {
      expect(ports.length, name).toBeGreaterThan(0);
      expect(new Set(ports).size, name).toBe(ports.length);
      for (const port of ports) {
        expect(Number.isInteger(port) && port > 0 && port < 65_536, `${name} ${port}`).toBe(true);
        expect(payloadsFor(port).length, `${port}`).toBeLessThanOrEqual(3);
      }
    }
  });

  test('only TFTP answers from another port', () => {
    expect(udpPayloads.filter((payload) => payload.repliesFromOtherPort).map(({ name }) => name)).toEqual([
      'tftp',
    ]);
  });

  test('a port nobody is known at has none', () => {
    expect(payloadsFor(40_125)).toEqual([]);
    expect(payloadsFor(0)).toEqual([]);
  });
});
