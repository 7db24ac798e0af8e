/**
 * rsync's daemon: greets with the version of its protocol, and from 3.2.7 on with the digests that it knows.
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { linesOf } from '../../text.ts';

/** Copies of files. */
export const rsync: Protocol = {
  name: 'rsync',
  transport: 'tcp',
  ports: [873],
  greeting: true,
  parse,
  isWhole: (bytes) => bytes.includes(10),
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const [first = ''] = linesOf(bytes, 1);
  const said = /^@RSYNCD: (\d{1,3}(?:\.\d{1,3})?)(?: ([\w ]{1,100}))?$/.exec(first);
  if (said === null) return undefined;
  const [, protocol = '', digests] = said;
  return {
    facts: {
      info: `protocol version ${protocol}`,
      ...(digests !== undefined && { digests: digests.split(' ') }),
    },
  };
}
