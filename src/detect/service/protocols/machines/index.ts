/**
 * Printers, plants and other machines: asked who they are, and nothing else. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';

/** Over TCP. */
export const machinesProtocols: readonly Protocol[] = [];

/** Over UDP. */
export const machinesDatagrams: readonly DatagramProtocol[] = [];
