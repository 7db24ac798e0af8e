/**
 * Tunnels and proxies. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';

/** Over TCP. */
export const tunnelsProtocols: readonly Protocol[] = [];

/** Over UDP. */
export const tunnelsDatagrams: readonly DatagramProtocol[] = [];
