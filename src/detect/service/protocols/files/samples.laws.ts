/** What servers of these protocols have said, each with where it comes from. @module */

import { latin1, type Sample } from '../../sample.laws.ts';

/** smbd 4.17.12 of Debian: the negotiation, then the challenge to who begins a session. */
const sambaTalk =
  `\0\0\0\xca\xfeSMB@\0\0\0\0\0\0\0\0\0\x01\0\x01${'\0'.repeat(47)}A\0\x01\0\x02\x03\0\0labhost\0\0\0\0\0\0\0\0\0\x07\0\0\0\0\0\x80\0\0\0\x80\0\0\0\x80\0\xc4\xa32\xecO\x81\xdd\x01\0\0\0\0\0\0\0\0\x80\0J\0\0\0\0\0` +
  '`H\x06\x06+\x06\x01\x05\x05\x02\xa0>0<\xa0\x0e0\x0c\x06\x0a+\x06\x01\x04\x01\x827\x02\x02\x0a\xa3*0(\xa0&\x1b$not_defined_in_RFC4178@please_ignore' +
  `\0\0\0\xed\xfeSMB@\0\0\0\x16\0\0\xc0\x01\0\x01\0\x01\0\0\0\0\0\0\0\x01${'\0'.repeat(15)}\xbd\xc7&\x93${'\0'.repeat(20)}\x09\0\0\0H\0\xa5\0\xa1\x81\xa20\x81\x9f\xa0\x03\x0a\x01\x01\xa1\x0c\x06\x0a+\x06\x01\x04\x01\x827\x02\x02\x0a\xa2\x81\x89\x04\x81\x86`;
const sambaChallenge =
  'NTLMSSP\0\x02\0\0\0\x0e\0\x0e\x008\0\0\0\x05\x82\x8a\xa2\xad\0g~\x8a\xcc\xb18\0\0\0\0\0\0\0\0@\0@\0F\0\0\0\x06\x01\0\0\0\0\0\x0fL\0A\0B\0H\0O\0S\0T\0\x02\0\x0e\0L\0A\0B\0H\0O\0S\0T\0\x01\0\x0e\0L\0A\0B\0H\0O\0S\0T\0\x04\0\0\0\x03\0\x04\0v\0m\0\x07\0\x08\0\\<4\xecO\x81\xdd\x01\0\0\0\0';

/** The answers. */
export const filesSamples: readonly Sample[] = [
  {
    protocol: 'microsoft-ds',
    bytes: latin1(sambaTalk + sambaChallenge),
    facts: {
      dialect: '3.0.2',
      signing: 'not required',
      hostname: 'vm',
      netbiosName: 'LABHOST',
      netbiosDomain: 'LABHOST',
      osBuild: '6.1.0',
      systemTime: '2026-12-01T04:53:35.000Z',
    },
    product: 'Samba smbd',
    cpe: ['cpe:/a:samba:samba'],
  },
  {
    // The same, asked for SMB 1.
    protocol: 'microsoft-ds',
    bytes: latin1(
      `\0\0\0o\xffSMBr\0\0\0\0\x88\x03\xc0${'\0'.repeat(20)}\x11\0\0\x032\0\x01\0\x04A\0\0\0\0\x01\0\x10O\0\0\xfd\xf3\x80\0\x8b\xe9\xfd\x8aP\x81\xdd\x01\0\0\x08*\0}tAA\xaaOz\x97L\0A\0B\0G\0R\0O\0U\0P\0\0\0L\0A\0B\0H\0O\0S\0T\0\0\0`,
    ),
    facts: { dialect: 'NT LM 0.12', netbiosDomain: 'LABGROUP', netbiosName: 'LABHOST' },
  },
  {
    // The same behind a session of NetBIOS.
    protocol: 'netbios-ssn',
    bytes: latin1(`\x82\0\0\0${sambaTalk}${sambaChallenge}`),
    facts: { dialect: '3.0.2', hostname: 'vm', netbiosName: 'LABHOST' },
    product: 'Samba smbd',
  },
  {
    // RFC 1002, 4.3.4.
    protocol: 'netbios-ssn',
    bytes: latin1('\x83\0\0\x01\x82'),
    facts: { refusal: 'called name not present' },
  },
  {
    // samba-dcerpcd 4.17.12 of Debian.
    protocol: 'msrpc',
    bytes: latin1(
      `\x05\0\x0c\x03\x10\0\0\0\xca\0\x86\0OP\0\0\xb8\x10\xb8\x10\xba\xa3\0\0\x04\x00135\0\0\0\x01\0\0\0\0\0\0\0\x04]\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\0+\x10H\`\x02\0\0\0\x0a\x02\0\0\x01\0\0\0${sambaChallenge}`,
    ),
    facts: { answer: 'bind accepted', endpoint: '135', hostname: 'vm', netbiosName: 'LABHOST' },
    product: 'Samba',
    cpe: ['cpe:/a:samba:samba'],
  },
  {
    // Windows, told a question of DNS: in the form of [C706] 12.6.4.5, the reason is 4.
    protocol: 'msrpc',
    bytes: latin1('\x05\0\x0d\x03\x10\0\0\0\x18\0\0\0\0\0\x07v\x04\0\x01\x05\0\0\0\0'),
    facts: { answer: 'version refused' },
    product: 'Microsoft Windows RPC',
    os: 'Windows',
  },
  {
    // rpcbind 1.2.6 of Debian beside nfs-ganesha 4.3.
    protocol: 'rpcbind',
    bytes: latin1(`\x80\0\0\x94P\x01\x86\xa0\0\0\0\x01${'\0'.repeat(16)}${programs()}`),
    facts: {
      programs: ['rpcbind 2-4 tcp/111 udp/111', 'nfs 3-4 tcp/2049', 'mountd 3 tcp/46759'],
    },
    info: '2-4 (RPC #100000)',
  },
  {
    // A server of other programs, in the form of RFC 5531, 9.
    protocol: 'rpcbind',
    bytes: latin1(`\x80\0\0\x18P\x01\x86\xa0\0\0\0\x01${'\0'.repeat(12)}\0\0\0\x01`),
    name: 'rpc',
    facts: { refusal: 'program unavailable' },
  },
  {
    protocol: 'rpcbind',
    transport: 'udp',
    bytes: latin1(`P\x01\x86\xa0\0\0\0\x01${'\0'.repeat(16)}${programs()}`),
    info: '2-4 (RPC #100000)',
  },
  {
    // What the scan of ports is answered: only that it is there.
    protocol: 'rpcbind',
    transport: 'udp',
    bytes: latin1(`\x01\x02\x03\x04\0\0\0\x01${'\0'.repeat(16)}`),
    info: 'RPC #100000',
  },
  {
    // nfs-ganesha 4.3 of Debian.
    protocol: 'nfs',
    bytes: latin1('\x80\0\0 P\x01\x86\xa3\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x03\0\0\0\x04'),
    info: '3-4 (RPC #100003)',
  },
  {
    protocol: 'nfs',
    transport: 'udp',
    bytes: latin1('P\x01\x86\xa3\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x03\0\0\0\x04'),
    info: '3-4 (RPC #100003)',
  },
  {
    protocol: 'mountd',
    bytes: latin1('\x80\0\0 P\x01\x86\xa5\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x01\0\0\0\x03'),
    info: '1-3 (RPC #100005)',
  },
  {
    protocol: 'mountd',
    transport: 'udp',
    bytes: latin1('P\x01\x86\xa5\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x01\0\0\0\x03'),
    info: '1-3 (RPC #100005)',
  },
  {
    // In the form of the Apple Filing Protocol Reference, as Netatalk fills it.
    protocol: 'afp',
    bytes: afpStatus('labmac', 'Netatalk3.1.12', ['AFP2.2', 'AFP3.4'], ['DHCAST128', 'DHX2']),
    facts: { hostname: 'labmac', versions: ['AFP2.2', 'AFP3.4'] },
    product: 'Netatalk',
    version: '3.1.12',
    cpe: ['cpe:/a:netatalk:netatalk:3.1.12'],
  },
  {
    // tgtd 1.0.85 of Debian.
    protocol: 'iscsi',
    bytes: latin1(
      `#\0\0\0\0\0\0'\x80\0\0\0\0\0\0\0PORT\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x02${'\0'.repeat(12)}TargetPortalGroupTag=1\0AuthMethod=None\0\0`,
    ),
    facts: { status: 'success', portalGroup: '1', authentication: 'None' },
  },
  {
    // The same, told words of RTMP.
    protocol: 'iscsi',
    bytes: latin1(
      `?\x80\x04\0\0\0\x000${'\0'.repeat(8)}\xff\xff\xff\xff${'\0'.repeat(28)}\x03\0\0\0\0\0\0\0\0pw~\x85\x8c\x93\x9a\xa1\xa8\xaf\xb6\xbd\xc4\xcb\xd2\xd9\xe0\xe7\xee\xf5\xfc\x03\x0a\x11\x18\x1f&-4;BIPW^elsz`,
    ),
    facts: { status: 'rejected' },
  },
  {
    // nbd-server 3.24 of Debian.
    protocol: 'nbd',
    bytes: latin1(
      'NBDMAGICIHAVEOPT\0\x03\0\x03\xe8\x89\x04Ue\xa9\0\0\0\x03\0\0\0\x02\0\0\0\x08\0\0\0\x04disk\0\x03\xe8\x89\x04Ue\xa9\0\0\0\x03\0\0\0\x01\0\0\0\0',
    ),
    facts: { negotiation: 'fixed new style', exports: ['disk'] },
  },
  {
    // git 2.39 of Debian.
    protocol: 'git',
    bytes: latin1('0040ERR access denied or repository not exported: /portolan-asks'),
    facts: { error: 'access denied or repository not exported: /portolan-asks' },
  },
  {
    // svnserve 1.14.2 of Debian.
    protocol: 'svnserve',
    bytes: latin1(
      '( success ( 2 2 ( ) ( edit-pipeline svndiff1 accepts-svndiff2 absent-entries commit-revprops depth log-revprops atomic-revprops partial-replay inherited-props ephemeral-txnprops file-revs-reverse list ) ) ) ',
    ),
    info: 'protocol 2',
    product: 'Subversion',
  },
  {
    // in.tftpd of tftpd-hpa 5.2 of Debian.
    protocol: 'tftp',
    transport: 'udp',
    bytes: latin1('\0\x05\0\x01File not found\0'),
    facts: { errorCode: '1', error: 'File not found' },
  },
  // BEP 5, BEP 15; Amanda's own words.
  {
    protocol: 'bittorrent-dht',
    transport: 'udp',
    bytes: latin1(`d1:rd2:id20:${'3'.repeat(20)}e1:t4:port1:v4:LT\x01\x021:y1:re`),
    facts: { client: 'LT' },
    product: 'libtorrent',
  },
  {
    protocol: 'bittorrent-tracker',
    transport: 'udp',
    bytes: latin1('\0\0\0\0port\xe7\xa4\x62\x55\xf0\x0c\x0c\x2a'),
  },
  {
    protocol: 'bittorrent-tracker',
    transport: 'udp',
    bytes: latin1('\0\0\0\x03portunregistered torrent'),
    facts: { says: 'unregistered torrent' },
  },
  {
    protocol: 'amanda',
    transport: 'udp',
    bytes: latin1('Amanda 2.6 ACK HANDLE 000-00000000 SEQ 1\n'),
    facts: { protocol: '2.6', answer: 'ACK' },
    product: 'Amanda backup',
  },
  // NFS-Ganesha 4.3 of Debian 12, to calls of the mapper, of NFS and of MOUNT.
  {
    protocol: 'rpc',
    name: 'nfs',
    bytes: latin1(
      `\x80\0\0\x18P\x01\x86\xa0\0\0\0\x01${'\0'.repeat(15)}\x01\x80\0\0 P\x01\x86\xa3\0\0\0\x01${'\0'.repeat(15)}\x02\0\0\0\x04\0\0\0\x04\x80\0\0\x18P\x01\x86\xa5\0\0\0\x01${'\0'.repeat(15)}\x01`,
    ),
    info: '4 (RPC #100003)',
  },
];

/** A name and a kind, then versions and ways to log in, each list behind its number. */
function afpStatus(
  name: string,
  machine: string,
  versions: readonly string[],
  methods: readonly string[],
): Uint8Array {
  const text = (one: string) => `${String.fromCharCode(one.length)}${one}`;
  const list = (all: readonly string[]) => `${String.fromCharCode(all.length)}${all.map(text).join('')}`;
  const parts = [text(machine), list(versions), list(methods)];
  const head = 10 + 1 + name.length;
  const at = parts.map((_, i) => head + parts.slice(0, i).join('').length);
  const body = `${at.map((one) => `\0${String.fromCharCode(one)}`).join('')}\0\0\x83\x71${text(name)}${parts.join('')}`;
  return latin1(`\x01\x03PO\0\0\0\0\0\0\0${String.fromCharCode(body.length)}\0\0\0\0${body}`);
}

/** A list as the mapper of ports gives it: program, version, transport, port. */
function programs(): string {
  const rows = [
    [100_000, 4, 6, 111],
    [100_000, 3, 17, 111],
    [100_000, 2, 17, 111],
    [100_003, 3, 6, 2049],
    [100_003, 4, 6, 2049],
    [100_005, 3, 6, 46_759],
  ];
  const u32 = (number: number) =>
    String.fromCharCode(number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255);
  return `${rows.map((row) => `${u32(1)}${row.map(u32).join('')}`).join('')}${u32(0)}`;
}
