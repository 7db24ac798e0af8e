/** What servers of these protocols have said, each with where it comes from. @module */

import { encodedElement, tags } from '../../ber.ts';
import { bytesFrom, le16, le32, u16, zeros } from '../../byte-writer.ts';
import { base64, hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const remoteSamples: readonly Sample[] = [
  // openssh-server 9.2p1, its key exchange up to its key; the fingerprint is ssh-keyscan's.
  {
    protocol: 'ssh',
    bytes: base64(
      'U1NILTIuMC1PcGVuU1NIXzkuMnAxIERlYmlhbi0yK2RlYjEydTEwDQoAAARsCxSbpu5v4ZVpS+n41e8/ngHeAAABPXNudHJ1cDc2MXgyNTUxOS1zaGE1MTIsc250cnVwNzYxeDI1NTE5LXNoYTUxMkBvcGVuc3NoLmNvbSxjdXJ2ZTI1NTE5LXNoYTI1NixjdXJ2ZTI1NTE5LXNoYTI1NkBsaWJzc2gub3JnLGVjZGgtc2hhMi1uaXN0cDI1NixlY2RoLXNoYTItbmlzdHAzODQsZWNkaC1zaGEyLW5pc3RwNTIxLGRpZmZpZS1oZWxsbWFuLWdyb3VwLWV4Y2hhbmdlLXNoYTI1NixkaWZmaWUtaGVsbG1hbi1ncm91cDE2LXNoYTUxMixkaWZmaWUtaGVsbG1hbi1ncm91cDE4LXNoYTUxMixkaWZmaWUtaGVsbG1hbi1ncm91cDE0LXNoYTI1NixrZXgtc3RyaWN0LXMtdjAwQG9wZW5zc2guY29tAAAAOXNzaC1lZDI1NTE5LHJzYS1zaGEyLTUxMixyc2Etc2hhMi0yNTYsZWNkc2Etc2hhMi1uaXN0cDI1NgAAAGxjaGFjaGEyMC1wb2x5MTMwNUBvcGVuc3NoLmNvbSxhZXMxMjgtY3RyLGFlczE5Mi1jdHIsYWVzMjU2LWN0cixhZXMxMjgtZ2NtQG9wZW5zc2guY29tLGFlczI1Ni1nY21Ab3BlbnNzaC5jb20AAABsY2hhY2hhMjAtcG9seTEzMDVAb3BlbnNzaC5jb20sYWVzMTI4LWN0cixhZXMxOTItY3RyLGFlczI1Ni1jdHIsYWVzMTI4LWdjbUBvcGVuc3NoLmNvbSxhZXMyNTYtZ2NtQG9wZW5zc2guY29tAAAA1XVtYWMtNjQtZXRtQG9wZW5zc2guY29tLHVtYWMtMTI4LWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTItMjU2LWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTItNTEyLWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTEtZXRtQG9wZW5zc2guY29tLHVtYWMtNjRAb3BlbnNzaC5jb20sdW1hYy0xMjhAb3BlbnNzaC5jb20saG1hYy1zaGEyLTI1NixobWFjLXNoYTItNTEyLGhtYWMtc2hhMQAAANV1bWFjLTY0LWV0bUBvcGVuc3NoLmNvbSx1bWFjLTEyOC1ldG1Ab3BlbnNzaC5jb20saG1hYy1zaGEyLTI1Ni1ldG1Ab3BlbnNzaC5jb20saG1hYy1zaGEyLTUxMi1ldG1Ab3BlbnNzaC5jb20saG1hYy1zaGExLWV0bUBvcGVuc3NoLmNvbSx1bWFjLTY0QG9wZW5zc2guY29tLHVtYWMtMTI4QG9wZW5zc2guY29tLGhtYWMtc2hhMi0yNTYsaG1hYy1zaGEyLTUxMixobWFjLXNoYTEAAAAVbm9uZSx6bGliQG9wZW5zc2guY29tAAAAFW5vbmUsemxpYkBvcGVuc3NoLmNvbQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAALwIHwAAADMAAAALc3NoLWVkMjU1MTkAAAAgqx2Ix9eyFmMxbJ1+7WasCwdeEh1mIojjlcOaBNOYIGMAAAAgVZLyK6pRifIJ56qNbECx/dDuigbdCErNmCKFXU3kjWQAAABTAAAAC3NzaC1lZDI1NTE5AAAAQMZbD2Vp8oBnsgMqFPesCMd4Sczq8n+WqzcKOyQPY5wi9H4Uwid+w3A5z2eA7g9kyJp5uvNOwRFfh0OfineHVwQAAAAAAAAAAAAAAAwKFQAAAAAAAAAAAAA=',
    ),
    facts: {
      protocol: '2.0',
      hostKeys: ['ssh-ed25519 256 SHA256:TielX3rrAWRNUwmf3LK9IviVzS0JEeJb2rqajNYNlqQ'],
      hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256', 'ecdsa-sha2-nistp256'],
    },
    product: 'OpenSSH',
    version: '9.2p1',
    info: 'Debian 2+deb12u10',
    os: 'Linux',
    cpe: ['cpe:/a:openbsd:openssh:9.2p1'],
  },
  // tinysshd 20230101.
  {
    protocol: 'ssh',
    bytes: base64(
      'U1NILTIuMC10aW55c3NoXzIwMjMwMTAxLTEgQmJMZTFFczkNCgAAAQQNFNOOGB4L/S7yw2ueRrZKvksAAABRY3VydmUyNTUxOS1zaGEyNTYsY3VydmUyNTUxOS1zaGEyNTZAbGlic3NoLm9yZyxzbnRydXA3NjF4MjU1MTktc2hhNTEyQG9wZW5zc2guY29tAAAAC3NzaC1lZDI1NTE5AAAAHWNoYWNoYTIwLXBvbHkxMzA1QG9wZW5zc2guY29tAAAAHWNoYWNoYTIwLXBvbHkxMzA1QG9wZW5zc2guY29tAAAADWhtYWMtc2hhMi0yNTYAAAANaG1hYy1zaGEyLTI1NgAAAARub25lAAAABG5vbmUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMQQHwAAADMAAAALc3NoLWVkMjU1MTkAAAAgNaH1AwwGHO5+VdfdUTyTmwGYXJR2+PAmahmGGMsY8BUAAAAgyZH4zQhIYQaEUn1COhnsG9EFnQ1Mn5H8xH4REJ0bZDkAAABTAAAAC3NzaC1lZDI1NTE5AAAAQFb8GgwByOETfV4un3RHPFqOfvJdnD/SVKY/5gp/slFPPd1RFfNw/xMHWf9SwZQwzC0K+7z1AnXre7qpW10wxQAAAAAAAAAAAAAAAAAAAAAAAAAADAoVAAAAAAAAAAAAAA==',
    ),
    facts: {
      hostKeys: ['ssh-ed25519 256 SHA256:kjXjW0AChdDj2BDU2TW1pn5yqD7B1pDBoqASHLOLLgg'],
      ciphers: ['chacha20-poly1305@openssh.com'],
    },
    product: 'TinySSH',
    version: '20230101-1',
  },
  // python3-paramiko 2.12.0.
  {
    protocol: 'ssh',
    bytes: base64(
      'U1NILTIuMC1wYXJhbWlrb18yLjEyLjANCgAAAxwKFM0p+dSd+vgE/lZufCGKGc8AAAEQY3VydmUyNTUxOS1zaGEyNTZAbGlic3NoLm9yZyxlY2RoLXNoYTItbmlzdHAyNTYsZWNkaC1zaGEyLW5pc3RwMzg0LGVjZGgtc2hhMi1uaXN0cDUyMSxkaWZmaWUtaGVsbG1hbi1ncm91cDE2LXNoYTUxMixkaWZmaWUtaGVsbG1hbi1ncm91cC1leGNoYW5nZS1zaGEyNTYsZGlmZmllLWhlbGxtYW4tZ3JvdXAxNC1zaGEyNTYsZGlmZmllLWhlbGxtYW4tZ3JvdXAtZXhjaGFuZ2Utc2hhMSxkaWZmaWUtaGVsbG1hbi1ncm91cDE0LXNoYTEsZGlmZmllLWhlbGxtYW4tZ3JvdXAxLXNoYTEAAAAhcnNhLXNoYTItNTEyLHJzYS1zaGEyLTI1Nixzc2gtcnNhAAAASmFlczEyOC1jdHIsYWVzMTkyLWN0cixhZXMyNTYtY3RyLGFlczEyOC1jYmMsYWVzMTkyLWNiYyxhZXMyNTYtY2JjLDNkZXMtY2JjAAAASmFlczEyOC1jdHIsYWVzMTkyLWN0cixhZXMyNTYtY3RyLGFlczEyOC1jYmMsYWVzMTkyLWNiYyxhZXMyNTYtY2JjLDNkZXMtY2JjAAAAg2htYWMtc2hhMi0yNTYsaG1hYy1zaGEyLTUxMixobWFjLXNoYTItMjU2LWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTItNTEyLWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTEsaG1hYy1tZDUsaG1hYy1zaGExLTk2LGhtYWMtbWQ1LTk2AAAAg2htYWMtc2hhMi0yNTYsaG1hYy1zaGEyLTUxMixobWFjLXNoYTItMjU2LWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTItNTEyLWV0bUBvcGVuc3NoLmNvbSxobWFjLXNoYTEsaG1hYy1tZDUsaG1hYy1zaGExLTk2LGhtYWMtbWQ1LTk2AAAABG5vbmUAAAAEbm9uZQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACZAsfAAABFwAAAAdzc2gtcnNhAAAAAwEAAQAAAQEAk5BiP54QjCiB463Hap3DL6bFMZUWQhdjUMZRrJFiB9G11niZx72cRgnha0iGVPz3uFA08L5zmTkXb3rJbQ8PfgYZX9j+5EFAGVUKluB6S2KHj1TDCe7JlvJYnLI0MpDxBpHjr9tLqv5CgiC3QGDizH1ieNJjz9yx37G/ZNbPIRUu0CjLgGELYuSaWsSJrAjgXAgYoNfyWoJpKKIKwRy2lybtWSnMiTO4O3ZCHf2Ss55nH1K2ACI0ysG+xCAsonuPXQyfj0Q8F7D1P+3zX2Xs8pDu9keEjKygrNJkGOZXxplKe0P92Hr1bYZxyF1DDCHwHVYmhH42pYkBQ4zcuHHZVwAAACCypAaWHjoT+pHkhnH4pyYwvlwSYAgbnfEdhssShh22UQAAARQAAAAMcnNhLXNoYTItNTEyAAABAHKHIPNzTQoDWBj6mrqxhV8F8fhwvhOADVgGxvo0Zj7oN/M8XpnTl6h1ykATfPf0YX8iNocxAfPHCFMhoSeAMZ/wuQ8FSPvazAuf4SZf9Yg9zFIR2qOD00HSlgbUuqgo0VihKbTsxWzuYlZcJkgU+DHpyA0YUZgDQh1chaZw2jYA5x4m9VeKfmZEhtQI39kDoOEIZYYCDbbRs3uO4Gc8irwI1MgMrkhOsRlgBkVtIjrGwrfmvybRqu58C9AUidXzDYDsz3k7Pl9S0z5l0W3QRew1RL85hlctMmDDVHbGiohLI1LvLD1KersjYQLweENpzQE96p86gQ1v6/7SFj2YspgAAAAAAAAAAAAAAAAAAAwKFQAAAAAAAAAAAAA=',
    ),
    facts: { hostKeys: ['ssh-rsa 2048 SHA256:L4LVR5tTxVkyYc/dT3VlcQAJIl8iIOQyn4eceoDKUng'] },
    product: 'Paramiko Python sshd',
    version: '2.12.0',
  },
  // dropbear 2022.83, without its key.
  {
    protocol: 'ssh',
    bytes: base64(
      'U1NILTIuMC1kcm9wYmVhcl8yMDIyLjgzDQoAAAH8BxSaONqXwSqSq9jUYg3Rr//QAAAA2GN1cnZlMjU1MTktc2hhMjU2LGN1cnZlMjU1MTktc2hhMjU2QGxpYnNzaC5vcmcsZWNkaC1zaGEyLW5pc3RwNTIxLGVjZGgtc2hhMi1uaXN0cDM4NCxlY2RoLXNoYTItbmlzdHAyNTYsZGlmZmllLWhlbGxtYW4tZ3JvdXAxNC1zaGEyNTYsZGlmZmllLWhlbGxtYW4tZ3JvdXAxNC1zaGExLGtleGd1ZXNzMkBtYXR0LnVjYy5hc24uYXUsa2V4LXN0cmljdC1zLXYwMEBvcGVuc3NoLmNvbQAAACBzc2gtZWQyNTUxOSxyc2Etc2hhMi0yNTYsc3NoLXJzYQAAADNjaGFjaGEyMC1wb2x5MTMwNUBvcGVuc3NoLmNvbSxhZXMxMjgtY3RyLGFlczI1Ni1jdHIAAAAzY2hhY2hhMjAtcG9seTEzMDVAb3BlbnNzaC5jb20sYWVzMTI4LWN0cixhZXMyNTYtY3RyAAAAF2htYWMtc2hhMSxobWFjLXNoYTItMjU2AAAAF2htYWMtc2hhMSxobWFjLXNoYTItMjU2AAAAFXpsaWJAb3BlbnNzaC5jb20sbm9uZQAAABV6bGliQG9wZW5zc2guY29tLG5vbmUAAAAAAAAAAAAAAAAA1czj0jZ0OQ==',
    ),
    facts: { hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-256', 'ssh-rsa'] },
    product: 'Dropbear sshd',
    version: '2022.83',
  },
  // lines before the identification (RFC 4253, 4.2).
  {
    protocol: 'ssh',
    bytes: latin1('Exceeded MaxStartups\r\nSSH-2.0-dropbear_2022.83\r\n'),
    product: 'Dropbear sshd',
    version: '2022.83',
    cpe: ['cpe:/a:matt_johnston:dropbear_ssh_server:2022.83'],
  },
  // golang.org/x/crypto/ssh's default.
  { protocol: 'ssh', bytes: latin1('SSH-2.0-Go\r\n'), product: 'Golang x/crypto/ssh server' },
  // Bitvise's documentation.
  {
    protocol: 'ssh',
    bytes: latin1('SSH-2.0-8.48 FlowSsh: Bitvise SSH Server (WinSSHD) 8.48\r\n'),
    product: 'Bitvise SSH Server',
    version: '8.48',
    os: 'Windows',
  },
  // Cisco IOS.
  {
    protocol: 'ssh',
    bytes: latin1('SSH-2.0-Cisco-1.25\n'),
    product: 'Cisco SSH',
    version: '1.25',
    os: 'IOS',
  },
  // a name that is none.
  { protocol: 'ssh', bytes: latin1('SSH-2.0-xxxxxxx\r\n') },
  // Xvfb of Debian 12, cut short; the refusal by the X Window System Protocol, chapter 8.
  {
    protocol: 'X11',
    bytes: hex(
      '01000b00000053098fa5b80000002000ffff1f00000100001400ffff01060000202008ff0000000054686520582e4f726720466f756e646174696f6e01012000',
    ),
    facts: { access: 'granted' },
    product: 'X.Org X server',
    version: '21.1.7',
    cpe: ['cpe:/a:x.org:x_server:21.1.7'],
  },
  {
    protocol: 'X11',
    bytes: latin1('\0\x17\x0b\0\0\0\x06\0Authorization required\n\0'),
    facts: { access: 'refused', reason: 'Authorization required' },
  },
  // rmiregistry and jdwp of OpenJDK 17, Tomcat 10, epmd of Erlang 25, all of Debian 12; epmd's nodes by its document.
  { protocol: 'java-rmi', bytes: latin1('N\0\x09127.0.0.1\0\0\xe2\x5c'), product: 'Java RMI' },
  { protocol: 'ajp13', bytes: latin1('AB\0\x01\x09') },
  { protocol: 'jdwp', bytes: latin1('JDWP-Handshake'), product: 'Java Debug Wire Protocol' },
  { protocol: 'epmd', bytes: latin1('\0\0\x11\x11'), product: 'Erlang Port Mapper Daemon' },
  {
    protocol: 'epmd',
    bytes: latin1('\0\0\x11\x11name rabbit at port 25672\n'),
    facts: { nodes: ['rabbit 25672'] },
    product: 'Erlang Port Mapper Daemon',
  },
  // zabbix-agent and zabbix-proxy of Debian 12.
  {
    protocol: 'zabbix-agent',
    bytes: latin1('ZBXD\x01\x06\0\0\0\0\0\0\x006.0.14'),
    product: 'Zabbix agent',
    version: '6.0.14',
    cpe: ['cpe:/a:zabbix:zabbix_agent:6.0.14'],
  },
  {
    protocol: 'zabbix-trapper',
    bytes: latin1(
      'ZBXD\x01Z\0\0\0\0\0\0\0{"response":"success","info":"processed: 0; failed: 0; total: 0; seconds spent: 0.000016"}',
    ),
    product: 'Zabbix server or proxy',
  },
  // munin-node, nagios-nrpe-server and nsca of Debian 12.
  {
    protocol: 'munin',
    bytes: latin1('# munin node at node.lab\n'),
    facts: { hostname: 'node.lab' },
    product: 'Munin node',
  },
  {
    protocol: 'munin',
    bytes: latin1('# munin node at node.lab\nmunins node on node.lab version: 2.0.73\n'),
    product: 'Munin node',
    version: '2.0.73',
  },
  {
    protocol: 'nrpe',
    bytes: Uint8Array.from([
      ...latin1('\0\x02\0\x02\xe2\x5a\x1d\x07\0\0NRPE v4.1.0'),
      ...new Uint8Array(1015),
    ]),
    product: 'Nagios NRPE',
    version: '4.1.0',
  },
  {
    protocol: 'nsca',
    bytes: Uint8Array.from([
      ...Array.from({ length: 128 }, (_, i) => (i * 89 + 41) & 0xff),
      0x6b,
      0x0e,
      0x52,
      0xd6,
    ]),
  },
  // ASF 2.0, 3.2.4.3; OpenIPMI's simulator of Debian 12; XDMCP 1.1, section 5.
  {
    protocol: 'asf-rmcp',
    transport: 'udp',
    bytes: hex('0600ff06000011be40710010000011be000000008100000000000000'),
    facts: { ipmi: 'supported' },
  },
  {
    protocol: 'asf-rmcp',
    transport: 'udp',
    bytes: hex('0600ff0700000000000000000010811c6320c43800018504030000000057'),
    facts: { versions: ['1.5', '2.0'], authentication: ['none', 'MD5'] },
  },
  {
    protocol: 'xdmcp',
    transport: 'udp',
    bytes: latin1('\0\x01\0\x05\0\x13\0\0\0\x06labpc1\0\x07Willing'),
    facts: { hostname: 'labpc1', says: 'Willing', answer: 'willing' },
  },
  // [MS-RDPBCGR] 2.2.1.2: a server that chooses CredSSP, and one that does and tells its names inside TLS.
  {
    protocol: 'ms-wbt-server',
    bytes: rdpConfirm(8),
    facts: { security: 'CredSSP with early answers' },
  },
  {
    protocol: 'ms-wbt-server',
    bytes: bytesFrom(rdpConfirm(2), credentialsAnswer(ntlmChallenge())),
    facts: {
      security: 'CredSSP',
      ntlmTarget: 'HARBOUR',
      netbiosName: 'CHARTROOM',
      netbiosDomain: 'HARBOUR',
      hostname: 'chartroom.harbour.example',
      dnsDomain: 'harbour.example',
      systemTime: '2026-05-04T10:20:30.000Z',
      osBuild: '10.0.20348',
    },
    product: 'Microsoft Terminal Services',
    os: 'Windows',
  },
  // upsd 2.8.0 and gmond 3.7.2 of Debian 12.
  {
    protocol: 'nut',
    bytes: latin1('Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n1.3\n'),
    facts: { version: '2.8.0', protocol: '1.3' },
    product: 'Network UPS Tools upsd',
    version: '2.8.0',
  },
  {
    protocol: 'nut',
    bytes: latin1('ERR INVALID-ARGUMENT\nERR UNKNOWN-COMMAND\n'),
    product: 'Network UPS Tools upsd',
  },
  {
    protocol: 'ganglia',
    bytes: latin1(
      '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\n<!DOCTYPE GANGLIA_XML [\n   <!ELEMENT GANGLIA_XML (GRID|CLUSTER|HOST)*>\n]>\n<GANGLIA_XML VERSION="3.7.2" SOURCE="gmond">\n',
    ),
    facts: { version: '3.7.2', source: 'gmond' },
    product: 'Ganglia XML Grid monitor',
    version: '3.7.2',
  },
  // xrdp 0.9.21 of Debian, asked for a page of the web.
  {
    protocol: 'ms-wbt-server',
    bytes: latin1('\x03\0\0\x09\x02\xf0\x80!\x80'),
    facts: { refusal: 'not RDP' },
    product: 'xrdp',
  },
  // Conserver 8.2.7 of Debian 12, after a request for help.
  {
    protocol: 'conserver',
    bytes: latin1(
      'ok\r\nexit   disconnect\r\nhelp   this help message\r\nlogin  log in\r\nssl    start ssl session\r\ngssapi log in with gssapi\r\n',
    ),
    facts: { commands: ['exit', 'help', 'login', 'ssl', 'gssapi'] },
    product: 'conserver serial console daemon',
    cpe: ['cpe:/a:conserver:conserver'],
  },
  // rrdcached 1.7.2 of Debian 12, to a request of the web and to its own.
  {
    protocol: 'rrdcached',
    bytes: latin1('-1 Unknown command: GET\n-1 Unknown command: Host:\n'),
    product: 'rrdcached',
  },
  {
    protocol: 'rrdcached',
    bytes: latin1('2 Command overview\nUPDATE <filename> <values> [<values> ...]\nHELP [<command>]\n'),
    product: 'rrdcached',
  },
];

/** TPKT (RFC 1006, 6), X.224's confirmation, and the way that the server chose for the connection's security. */
function rdpConfirm(chosen: number): Uint8Array {
  // Of this type, with what else the server can (2.2.1.2.1), of this length.
  const negotiation = bytesFrom([2, 0x0b], le16(8), le32(chosen));
  // To the client's reference, which was 0, from one of the server's own, in class 0.
  const confirm = bytesFrom(0xd0, u16(0), 'PO', 0, negotiation);
  return bytesFrom([3, 0], u16(5 + confirm.length), confirm.length, confirm);
}

/** A TSRequest of version 6 with one token ([MS-CSSP] 2.2.1). */
function credentialsAnswer(token: Uint8Array): Uint8Array {
  const tokens = encodedElement(
    tags.sequence,
    encodedElement(tags.sequence, encodedElement(0xa0, encodedElement(tags.octetString, token))),
  );
  return encodedElement(
    tags.sequence,
    encodedElement(0xa0, [tags.integer, 1, 6]),
    encodedElement(0xa1, tokens),
  );
}

/** CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2) of a host in a domain, with its names and its time. */
function ntlmChallenge(): Uint8Array {
  const target = utf16('HARBOUR');
  const info = bytesFrom(
    ntlmPair(2, utf16('HARBOUR')),
    ntlmPair(1, utf16('CHARTROOM')),
    ntlmPair(4, utf16('harbour.example')),
    ntlmPair(3, utf16('chartroom.harbour.example')),
    ntlmPair(7, fileTime('2026-05-04T10:20:30Z')),
    ntlmPair(0, []),
  );
  const headBytes = 56;
  return bytesFrom(
    'NTLMSSP\0',
    le32(2),
    ntlmField(target, headBytes),
    // Unicode, NTLM, a target that is a domain, its names, a version (2.2.2.5).
    le32(0x0281_0201),
    'PORTOLAN',
    zeros(8),
    ntlmField(info, headBytes + target.length),
    // The version of the system (2.2.2.10), and that of the messages.
    [10, 0],
    le16(20348),
    [0, 0, 0, 15],
    target,
    info,
  );
}

/** How long a value is, twice, and where it is. */
function ntlmField(value: Uint8Array, at: number): Uint8Array {
  return bytesFrom(le16(value.length), le16(value.length), le32(at));
}

/** AV_PAIR (2.2.2.1). */
function ntlmPair(id: number, value: Uint8Array | readonly number[]): Uint8Array {
  return bytesFrom(le16(id), le16(value.length), value);
}

/** Tenths of microseconds since 1601. */
function fileTime(time: string): Uint8Array {
  const ticks = BigInt(Date.parse(time) - Date.UTC(1601, 0)) * 10_000n;
  return bytesFrom(le32(Number(ticks & 0xffff_ffffn)), le32(Number(ticks >> 32n)));
}

function utf16(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'utf16le'));
}
