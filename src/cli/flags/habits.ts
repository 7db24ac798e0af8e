/** Options of nmap's that name what is done anyway: taken, so that a command line can be pasted. @module */

import type { Flag } from './flag.ts';

/** Harmless habits. */
export const habitFlags: readonly Flag[] = [
  habit('unique', 'Ask each address once, however often it is named'),
  habit('resolve-all', 'Take all addresses of a name'),
  habit('privileged', 'Use the privileges there are'),
  habit('send-ip', 'Send where the system’s routes lead'),
];

function habit(name: string, summary: string): Flag {
  return { name, category: 'habits', summary, set: () => undefined };
}
