/**
 * Changes as text: a line each, ports of one host that changed alike in one.
 *
 * @module
 */

import type { ChangeFact } from '../../model/change-facts.ts';
import { PortRanges } from '../../model/ports.ts';
import { printable } from '../escape.ts';
import type { Out } from '../writer.ts';
import { changeText } from './words.ts';
import type { ChangeWriter } from './writer.ts';

/** A writer of text. */
export function textChanges(): ChangeWriter {
  let first: ChangeFact | undefined;
  let key = '';
  let ports = new PortRanges();
  const flush = (out: Out) => {
    if (first !== undefined) out(`${printable(changeText(first, ports.text))}\n`);
    first = undefined;
    ports = new PortRanges();
  };
  return {
    name: 'normal',
    mediaType: 'text/plain',
    change(change, out) {
      const own = keyOf(change);
      if (own !== key || first === undefined || change.port === undefined) {
        flush(out);
        first = change;
        key = own;
      }
      if (change.port !== undefined) ports.add(change.port, change.port);
    },
    end: flush,
  };
}

/** What changes on one line have in common. */
function keyOf({ host, protocol, change, before, after, certain }: ChangeFact): string {
  return JSON.stringify([host, protocol, change, before, after, certain]);
}
