/**
 * Who lives in the zoo: honest servers, played by what real ones have said, and the names of those that mean no good.
 *
 * @module
 */

import { identify } from '../../../src/detect/service/candidates.ts';
import { protocols } from '../../../src/detect/service/protocols/index.ts';
import { samples } from '../../../src/detect/service/samples.laws.ts';

/** Forty servers that are known by what they say first, wherever they are. */
export const honest = samples
  .filter(({ transport, bytes }) => transport !== 'udp' && bytes.length > 8)
  .flatMap(({ protocol: name, bytes }) => {
    const found = identify(bytes, []);
    const isKnown = found?.protocol.name === name && found.parsed.confidence === undefined;
    const isPlain = found?.parsed.wantsTls !== true && found?.parsed.isAside !== true;
    const greets = protocols.some((one) => one.name === name && one.greeting === true);
    return isKnown && isPlain && (greets || name === 'http') ? [{ name, bytes, greets }] : [];
  })
  .slice(0, 40);

/** The others. */
export const hostileNames = [
  'endless greeting',
  'endless zeros',
  'endless lines',
  'a byte a second',
  'a gigabyte',
  'endless chunks',
  'endless fields',
  'a packed bomb',
  'escapes in HTTP',
  'escapes in SSH',
  'escapes in FTP',
  'escapes in SMTP',
  'escapes in MySQL',
  'escapes that nobody knows',
  'TLS that never ends',
  'TLS without end',
  'TLS with an odd certificate',
  'a key exchange of 4 GB',
  'titles in titles',
  'a reset in the middle',
  'nothing taken',
  'STARTTLS that is none',
] as const;
