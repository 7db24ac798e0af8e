/**
 * What lies beneath a system: baseboard controllers (RMCP and ASF 2.0, 3.2.4; IPMI 2.0, 22.13) and X's logins (XDMCP 1.1),
 * as the scan of ports has asked them.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** A controller says which versions of IPMI it speaks, and which proofs it takes. */
export const ipmi: DatagramProtocol = {
  name: 'asf-rmcp',
  transport: 'udp',
  ports: [623, 664],
  request: { cost: 8, bytes: questionOf('ipmi') },
  parse: parseRmcp,
  products: [],
};

/** A host that lets terminals in, or does not. */
export const xdmcp: DatagramProtocol = {
  name: 'xdmcp',
  transport: 'udp',
  ports: [177],
  request: { cost: 8, bytes: questionOf('xdmcp') },
  parse: parseXdmcp,
  products: [],
};

function parseRmcp(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isRmcp = reader.u8() === 6 && reader.u8() === 0;
  reader.u8();
  const kind = reader.u8();
  if (!isRmcp || reader.isShort) return undefined;
  if (kind === 6) {
    const isPong = reader.u32() === asfEnterprise && reader.u8() === 0x40;
    reader.take(3 + 8);
    const entities = reader.u8();
    if (!isPong || reader.isShort) return undefined;
    return { facts: { ipmi: (entities & 0x80) === 0 ? 'not supported' : 'supported' }, isAside: true };
  }
  // An answer outside any session to the question for what a channel takes.
  const isPlain = kind === 7 && reader.u8() === 0 && reader.u32() === 0;
  reader.take(4 + 1 + 3 + 2);
  const command = reader.u8();
  const result = reader.u8();
  reader.u8();
  const [types, status, versions] = [reader.u8(), reader.u8(), reader.u8()];
  if (!isPlain || command !== 0x38 || result !== 0 || reader.isShort) return undefined;
  const isTwo = (types & 0x80) !== 0 && (versions & 2) !== 0;
  const facts: Facts = {
    versions: isTwo ? ['1.5', '2.0'] : ['1.5'],
    authentication: proofs.filter((_, bit) => (types & (1 << bit)) !== 0).filter((name) => name !== ''),
    ...((status & 1) !== 0 && { anonymous: 'allowed' }),
    ...((status & 2) !== 0 && { nullUsers: 'enabled' }),
  };
  return { facts };
}

/** Willing and Unwilling: texts with their lengths. */
function parseXdmcp(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isOne = reader.u16() === 1;
  const code = reader.u16();
  const length = reader.u16();
  if (!isOne || (code !== 5 && code !== 6) || length !== reader.left) return undefined;
  if (code === 5) reader.take(reader.u16());
  const [host, status] = [0, 1].map(() => textOf(reader.take(reader.u16())).trim());
  if (reader.isShort || reader.left > 0) return undefined;
  return {
    facts: {
      answer: code === 5 ? 'willing' : 'unwilling',
      ...(host !== undefined && /^[\w.-]{1,255}$/.test(host) && { hostname: host }),
      ...(status !== undefined && /^[\x20-\x7e]{1,200}$/.test(status) && { says: status }),
    },
  };
}

const asfEnterprise = 4542;
/** By bit (IPMI 2.0, table 22-16). */
const proofs = ['none', 'MD2', 'MD5', '', 'password', 'OEM'];
