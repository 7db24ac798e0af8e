/**
 * Telephony and voice chat.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAnywhere, echoAt, hex, join, standsAt, stretch, u16, u32, zeros } from './parts.ts';

/**
 * OPTIONS, RFC 3261 section 11. Max-Forwards 0 makes a proxy answer itself instead of asking further (16.3);
 * `rport` brings the answer to the port that asked (RFC 3581, 4).
 */
const sip: UdpPayload = {
  name: 'sip',
  service: 'sip',
  ports: [5060],
  build: (id) =>
    join(
      'OPTIONS sip:portolan.invalid SIP/2.0\r\n',
      `Via: SIP/2.0/UDP portolan.invalid;branch=z9hG4bK${hex(id)};rport\r\n`,
      'Max-Forwards: 0\r\n',
      `From: <sip:scan@portolan.invalid>;tag=${hex(id)}\r\n`,
      'To: <sip:portolan.invalid>\r\n',
      `Call-ID: ${hex(id)}@portolan.invalid\r\n`,
      'CSeq: 1 OPTIONS\r\n',
      'Contact: <sip:scan@portolan.invalid>\r\n',
      'Accept: application/sdp\r\n',
      'Content-Length: 0\r\n\r\n',
    ),
  answers: echoAnywhere((id) => `z9hG4bK${hex(id)}`),
};

/** AuditEndpoint, RFC 3435 section 2.3.9: an answer even when the endpoint is not known. */
const mgcp: UdpPayload = {
  name: 'mgcp',
  service: 'mgcp-gateway',
  ports: [2427, 2727],
  build: (id) => join(`AUEP ${transaction(id)} *@portolan.invalid MGCP 1.0\r\n`),
  answers: echoAnywhere((id) => ` ${transaction(id)}`),
};

/** POKE, RFC 5456 sections 6.7.1 and 8.1: answered by PONG without a call. */
const iax: UdpPayload = {
  name: 'iax2',
  service: 'iax',
  ports: [4569],
  build: (id) => join(u16(0x8000 | callNumber(id)), u16(0), u32(0), 0, 0, 6, 30),
  // The second word of the answer is the call number of the one it goes to.
  answers: (bytes, start, end, id) =>
    standsAt(bytes, start + 2, end, u16(callNumber(id))) ||
    standsAt(bytes, start + 2, end, u16(0x8000 | callNumber(id))),
};

/** Binding request, RFC 8489 section 6.1. */
const stun: UdpPayload = {
  name: 'stun',
  service: 'stun',
  ports: [3478, 3479, 19302],
  build: (id) => join(u16(1), u16(0), stunTransaction(id)),
  answers: echoAt(4, stunTransaction),
};

/** Ping of the Mumble protocol: four zero bytes and eight that come back. */
const mumble: UdpPayload = {
  name: 'mumble',
  service: 'mumble',
  ports: [64738],
  build: (id) => join(zeros(4), stretch(id, 8)),
  answers: echoAt(4, (id) => stretch(id, 8)),
};

/** First step of TeamSpeak 3's handshake; the server answers with the random bytes reversed, at the end. */
const teamSpeak: UdpPayload = {
  name: 'teamspeak3',
  service: 'ts3',
  ports: [9987],
  build: (id) =>
    join(
      'TS3INIT1',
      u16(101),
      u16(0),
      0x88,
      u32(teamSpeakVersion),
      0,
      u32(teamSpeakVersion),
      u32(id),
      zeros(8),
    ),
  answers: (bytes, start, end, id) =>
    standsAt(bytes, start, end, join('TS3INIT1')) &&
    end - start >= 32 &&
    standsAt(bytes, end - 4, end, u32(id).reverse()),
};

/** The payloads of telephony and voice chat. */
export const voice = [sip, mgcp, iax, stun, mumble, teamSpeak] as const;

/** 1 to 999999999, RFC 3435 section 3.2.1.2. */
function transaction(id: number): number {
  return ((id >>> 0) % 999_999_999) + 1;
}

/** 15 bits, and never zero: that means "no call". */
function callNumber(id: number): number {
  return id & 0x7fff || 1;
}

/** The magic cookie and 96 bits of our own. */
function stunTransaction(id: number): Uint8Array {
  return join(u32(0x2112a442), stretch(id, 12));
}

/** A client's build time; the server wants one, and compares it with nothing. */
const teamSpeakVersion = 0x5ebce4c0;
