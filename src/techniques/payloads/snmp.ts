/**
 * SNMP: three versions that know nothing of each other, so each is asked.
 *
 * @module
 */

import { element, integer, octets, readElement, readInteger, sequence } from './ber.ts';
import type { UdpPayload } from './contract.ts';
import type { Answers } from './parts.ts';
import { join } from './parts.ts';

/** GetRequest for the system's description, kind and name in community `public`, RFC 1157 section 4.1.2. */
const snmpV1: UdpPayload = {
  name: 'snmp-v1',
  service: 'snmp',
  ports: [161],
  note: 'silent when the community is not public',
  build: (id) => getRequest(0, id),
  answers: echoesRequestId,
};

/** The same in the message of RFC 1901 section 3, with the PDU of RFC 3416 section 4.2.1. */
const snmpV2: UdpPayload = {
  name: 'snmp-v2c',
  service: 'snmp',
  ports: [161],
  note: 'silent when the community is not public',
  build: (id) => getRequest(1, id),
  answers: echoesRequestId,
};

/** Discovery of the engine, RFC 3414 section 4: answered by a report, whoever asks. */
const snmpV3: UdpPayload = {
  name: 'snmp-v3',
  service: 'snmp',
  ports: [161],
  build: (id) =>
    sequence(
      integer(3),
      sequence(
        integer(id & positive),
        integer(largestMessage),
        element(0x04, reportable),
        integer(userSecurity),
      ),
      element(0x04, sequence(octets(), integer(0), integer(0), octets(), octets(), octets())),
      sequence(octets(), octets(), getPdu(id, sequence())),
    ),
  answers: (bytes, start, end, id) => {
    const message = readElement(bytes, start, end);
    const version = readElement(bytes, message?.start ?? end, message?.end ?? end);
    const header = readElement(bytes, version?.end ?? end, message?.end ?? end);
    const messageId = readElement(bytes, header?.start ?? end, header?.end ?? end);
    return (
      message?.tag === 0x30 &&
      version?.tag === 0x02 &&
      header?.tag === 0x30 &&
      readInteger(bytes, messageId) === (id & positive)
    );
  },
};

/** The payloads of SNMP. */
export const snmp = [snmpV1, snmpV2, snmpV3] as const;

function getRequest(version: 0 | 1, id: number): Uint8Array {
  const nothing = element(0x05);
  return sequence(
    integer(version),
    octets('public'),
    getPdu(
      id,
      sequence(...systemNumbers.map((number) => sequence(element(0x06, systemName(number)), nothing))),
    ),
  );
}

/** GetRequest-PDU: request id, error status, error index, variables. */
function getPdu(id: number, variables: Uint8Array): Uint8Array {
  return element(0xa0, integer(id & positive), integer(0), integer(0), variables);
}

/** Version, community, PDU, and in it first the request id. */
function echoesRequestId(...[bytes, start, end, id]: Parameters<Answers>): boolean {
  const message = readElement(bytes, start, end);
  const version = readElement(bytes, message?.start ?? end, message?.end ?? end);
  const community = readElement(bytes, version?.end ?? end, message?.end ?? end);
  const pdu = readElement(bytes, community?.end ?? end, message?.end ?? end);
  const requestId = readElement(bytes, pdu?.start ?? end, pdu?.end ?? end);
  return (
    message?.tag === 0x30 && community?.tag === 0x04 && readInteger(bytes, requestId) === (id & positive)
  );
}

/** sysDescr, sysObjectID and sysName, which every agent has (RFC 3418, 2): 1.3.6.1.2.1.1.N.0 */
const systemNumbers = [1, 2, 5] as const;
const systemName = (number: number) => join(0x2b, 6, 1, 2, 1, 1, number, 0);
/** Ids are INTEGER (0..2147483647). */
const positive = 0x7fff_ffff;
const reportable = 4;
const userSecurity = 3;
const largestMessage = 65_507;
