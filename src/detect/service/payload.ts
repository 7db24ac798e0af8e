/**
 * What the scan of ports says to UDP services, said again in an inquiry: there is one question for each service, and it
 * stands in one place.
 *
 * @module
 */

import { udpPayloads } from '../../techniques/payloads/index.ts';

/** The question of that name. Its number is always the same: answers are told apart by their ports. */
export function questionOf(name: string): () => Uint8Array {
  const payload = udpPayloads.find((one) => one.name === name);
  if (payload === undefined) throw new Error(`there is no payload ${name}`);
  return () => payload.build(idOfQuestions);
}

const idOfQuestions = 0x706f_7274;
