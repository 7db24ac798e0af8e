/**
 * Directories and authentication.
 *
 * @module
 */

import { element, integer, octets, readElement, readInteger, sequence } from './ber.ts';
import type { UdpPayload } from './contract.ts';
import { join, standsAt, stretch, u16, zeros } from './parts.ts';

/** AS-REQ for a realm that is not there, RFC 4120 section 5.4.1: the KDC answers with an error. */
const kerberos: UdpPayload = {
  name: 'kerberos',
  service: 'kerberos',
  ports: [88],
  build: (id) =>
    element(
      0x6a,
      sequence(
        field(1, integer(5)),
        field(2, integer(10)),
        field(
          4,
          sequence(
            field(0, element(0x03, 0, zeros(4))),
            field(1, principal(1, 'portolan')),
            field(2, general(realm)),
            field(3, principal(2, 'krbtgt', realm)),
            field(5, element(0x18, '20370101000000Z')),
            field(7, integer(id & 0x7fff_ffff)),
            // AES256, AES128, RC4: RFC 3961 section 8.
            field(8, sequence(integer(18), integer(17), integer(23))),
          ),
        ),
      ),
    ),
};

/** A search of the root entry, RFC 4511 section 4.5.1, without connection as in MS-ADTS section 3.1.1.3. */
const cldap: UdpPayload = {
  name: 'cldap',
  service: 'ldap',
  ports: [389],
  build: (id) =>
    sequence(
      integer(messageId(id)),
      element(
        0x63,
        octets(),
        element(0x0a, 0),
        element(0x0a, 0),
        integer(0),
        integer(0),
        element(0x01, 0),
        element(0x87, 'objectClass'),
        sequence(octets('supportedLDAPVersion')),
      ),
    ),
  answers: (bytes, start, end, id) => {
    const message = readElement(bytes, start, end);
    const found = readElement(bytes, message?.start ?? end, message?.end ?? end);
    return message?.tag === 0x30 && readInteger(bytes, found) === messageId(id);
  },
};

/** Access-Request, RFC 2865 section 4.1. The password is noise: without the secret it cannot be right. */
const radius: UdpPayload = {
  name: 'radius',
  service: 'radius',
  ports: [1645, 1812],
  note: 'answered only to senders the server knows as clients, and by some only when signed with the secret',
  build: (id) => {
    const attributes = join(join(1, 10, 'portolan'), join(2, 18, stretch(~id, 16)), join(32, 10, 'portolan'));
    return join(1, id & 0xff, u16(20 + attributes.length), stretch(id, 16), attributes);
  },
  // Access-Accept, Access-Reject or Access-Challenge.
  answers: (bytes, start, end, id) =>
    end - start >= 20 && [2, 3, 11].some((code) => standsAt(bytes, start, end, join(code, id & 0xff))),
};

/** The payloads of directories and authentication. */
export const identity = [kerberos, cldap, radius] as const;

/** An explicit tag. */
function field(number: number, contents: Uint8Array): Uint8Array {
  return element(0xa0 | number, contents);
}

function principal(type: number, ...names: readonly string[]): Uint8Array {
  return sequence(field(0, integer(type)), field(1, sequence(...names.map(general))));
}

function general(text: string): Uint8Array {
  return element(0x1b, text);
}

/** Zero is reserved for notices that nobody asked for (RFC 4511, 4.1.1.1). */
function messageId(id: number): number {
  return id & 0x7fff_ffff || 1;
}

const realm = 'PORTOLAN.INVALID';
