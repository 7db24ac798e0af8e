/**
 * ClamAV's scanner of files (clamd(8), "COMMANDS"): what it does not know it says, and closes.
 *
 * @module
 */

import type { Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf } from '../../text.ts';

/** The scanner, asked for its version and that of its signatures. */
export const clamd: Protocol = {
  name: 'clam',
  transport: 'tcp',
  ports: [3310],
  request: { cost: 8, bytes: () => bytesOf('nVERSION\n') },
  parse: (bytes) => {
    if (beginsWith(bytes, 'UNKNOWN COMMAND\n')) return { facts: {}, confidence: 7, isAside: true };
    const [first = ''] = linesOf(bytes, 1);
    const said = /^ClamAV (\d[\w.~+-]{0,40})(?:\/(\d{1,9})\/([\w :]{1,40}))?$/.exec(first);
    if (said === null) return undefined;
    const [, version = '', signatures, from] = said;
    return {
      facts: {
        version,
        ...(signatures !== undefined && { signatures }),
        ...(from !== undefined && { signaturesFrom: from }),
      },
    };
  },
  isWhole: (bytes) => bytes.includes(10),
  products: [
    { when: { version: /^(\d[\w.]*)/ }, product: 'ClamAV', version: '$1', cpe: 'a:clamav:clamav' },
    { when: {}, product: 'ClamAV', confidence: 7, cpe: 'a:clamav:clamav' },
  ],
};
