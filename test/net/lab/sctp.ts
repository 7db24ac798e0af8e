/**
 * SCTP in labs: this kernel may have none, so a small program speaks for it.
 *
 * @module
 */

import type { Namespace } from './namespace.ts';
import { ready, scriptCommand } from './script.ts';

/** Answers INITs in a namespace: from `ports` with INIT ACK, from all others with ABORT. Ends with it. */
export async function answerSctp(namespace: Namespace, ports: string): Promise<void> {
  await ready(`SCTP in ${namespace.name}`, namespace.spawn([...scriptCommand('sctp-program.ts'), ports]));
}
