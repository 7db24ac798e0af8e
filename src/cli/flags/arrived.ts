/** `--arrived`, of the commands that are judged by a listener as well. @module */

import type { Category, Flag } from './flag.ts';
import { readText } from './values.ts';

/** The option, for a command. */
export function arrivedFlag(category: Category): Flag {
  return {
    name: 'arrived',
    value: 'FILE',
    category,
    summary: 'Join what portolan listen on the inside writes (- for standard input)',
    help: 'Nothing is sent before it listens, for which it has 30 seconds; wants the same --key at both ends.',
    set(value, draft) {
      draft.arrived = readText(value);
    },
  };
}
