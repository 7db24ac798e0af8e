/** What servers of these protocols have said, each with where it comes from. @module */

import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const mailSamples: readonly Sample[] = [
  // Dovecot with Pigeonhole of Debian 12.
  {
    protocol: 'sieve',
    bytes: latin1(
      '"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n"SIEVE" "fileinto reject envelope"\r\n"NOTIFY" "mailto"\r\n"SASL" "PLAIN LOGIN"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot (Debian) ready."\r\n',
    ),
    facts: {
      capabilities: ['IMPLEMENTATION', 'SIEVE', 'NOTIFY', 'SASL', 'STARTTLS', 'VERSION'],
      mechanisms: ['PLAIN', 'LOGIN'],
      version: '1.0',
    },
    product: 'Dovecot Pigeonhole sieve',
    info: 'Debian',
    os: 'Linux',
  },
  // By RFC 5804, 1.7, and Cyrus's name.
  {
    protocol: 'sieve',
    bytes: latin1(
      '"IMPLEMENTATION" "Cyrus timsieved v2.2.0"\r\n"SASL" ""\r\n"SIEVE" "fileinto vacation"\r\n"StartTLS"\r\nOK\r\n',
    ),
    product: 'Cyrus timsieved',
    version: '2.2.0',
  },
  // Dovecot of Debian 12, to a hello.
  {
    protocol: 'lmtp',
    bytes: latin1(
      '220 vm Dovecot (Debian) ready.\r\n250-vm\r\n250-8BITMIME\r\n250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n250 STARTTLS\r\n',
    ),
    facts: { extensions: ['8BITMIME', 'CHUNKING', 'ENHANCEDSTATUSCODES', 'PIPELINING', 'STARTTLS'] },
    product: 'Dovecot lmtpd',
    info: 'Debian',
    os: 'Linux',
    cpe: ['cpe:/a:dovecot:dovecot'],
  },
  // Cyrus by its documentation; its host is called mail.
  {
    protocol: 'lmtp',
    bytes: latin1('220 mail.lab Cyrus LMTP 3.6.1 server ready\r\n'),
    facts: { hostname: 'mail.lab' },
    product: 'Cyrus lmtpd',
    version: '3.6.1',
  },
  // OpenDKIM 2.11 of Debian 12.
  {
    protocol: 'milter',
    bytes: hex('0000000d4f000000060000011100100702'),
    facts: { version: '6' },
  },
  // clamd of Debian 12, with and without signatures of its project, and to a request of the web.
  {
    protocol: 'clam',
    bytes: latin1('ClamAV 1.4.6/27818/Mon Nov 10 09:32:57 2025\n'),
    facts: { version: '1.4.6', signatures: '27818', signaturesFrom: 'Mon Nov 10 09:32:57 2025' },
    product: 'ClamAV',
    version: '1.4.6',
    cpe: ['cpe:/a:clamav:clamav:1.4.6'],
  },
  { protocol: 'clam', bytes: latin1('ClamAV 1.4.6\n'), product: 'ClamAV', version: '1.4.6' },
  { protocol: 'clam', bytes: latin1('UNKNOWN COMMAND\n'), product: 'ClamAV' },
];
