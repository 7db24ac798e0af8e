/**
 * Filters of mail, as sendmail and Postfix ask them (the milter protocol, in libmilter's `mfdef.h`): which steps of a mail
 * they want to hear of is agreed on first, and no mail follows.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32 } from '../../byte-writer.ts';
import type { Protocol } from '../../contract.ts';

/** A filter, asked what it wants of a mail server. */
export const milter: Protocol = {
  name: 'milter',
  transport: 'tcp',
  ports: [8891, 8893],
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'reset',
    bytes: () => bytesFrom(u32(13), 'O', u32(6), u32(allActions), u32(allSteps)),
  },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isAgreement = reader.u32() === 13 && reader.u8() === 0x4f;
    const version = reader.u32();
    const [actions, steps] = [reader.u32(), reader.u32()];
    if (reader.isShort || reader.left > 0 || !isAgreement || version < 2 || version > 6) return undefined;
    // It takes no more than it was offered.
    if (actions > allActions || steps > allSteps) return undefined;
    return { facts: { version: String(version) } };
  },
  isWhole: (bytes) => bytes.length >= 17,
  products: [],
};

/** SMFIF_ADDHDRS to SMFIF_SETSYMLIST, SMFIP_NOCONNECT to SMFIP_HDR_LEADSPC. */
const allActions = 0x1ff;
const allSteps = 0x1f_ffff;
