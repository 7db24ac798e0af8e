/**
 * The UDP payloads as shards want them.
 *
 * @module
 */

import { udpPayloads } from '../../techniques/payloads/index.ts';

export { payloadsFor } from '../../techniques/payloads/index.ts';

/** Ports whose services answer from a port of their own choosing. */
export const strayPorts: readonly number[] = udpPayloads
  .filter(({ repliesFromOtherPort }) => repliesFromOtherPort)
  .flatMap(({ ports }) => ports);
