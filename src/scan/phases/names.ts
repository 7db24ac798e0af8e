/**
 * The names of hosts and of the routers before them, asked where facts are made.
 *
 * @module
 */

import type { Phase } from './phase.ts';

/** Reverse names. */
export const names: Phase = {
  name: 'names',
  number: 5,
  wants: ({ reverseNames: wish }) => wish !== 'never',
  needs: () => [],
  // Queries go to name servers, and no packet to a target.
  names: (service) => (address) => service.nameOf(address),
};
