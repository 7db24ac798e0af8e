/**
 * What doubting a host that says open may cost: bounds that the forecast states and the scan keeps.
 *
 * @module
 */

/** Hosts that are asked fewer TCP ports are taken at their word. */
export const fewestDoubtedPorts = 8;
/** Ports that hold no service by all likelihood, asked of a host whose first answer is open. */
export const canaryCount = 3;
/** Ports of a pretender that are confirmed by a connection. */
export const mostConfirmedPorts = 1000;
