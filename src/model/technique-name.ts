/** The names of scan techniques, as facts carry them; `techniques/` has a table for each. @module */

/** The names of techniques that judge ports. */
export const portTechniqueNames = [
  'syn',
  'connect',
  'udp',
  'ack',
  'window',
  'fin',
  'null',
  'xmas',
  'maimon',
  'sctp-init',
  'ip-protocol',
] as const;

/** One of {@link portTechniqueNames}. */
export type PortTechniqueName = (typeof portTechniqueNames)[number];

/** The names of techniques that find hosts. */
const hostTechniqueNames = [
  'ping-echo',
  'ping-timestamp',
  'ping-mask',
  'ping-syn',
  'ping-ack',
  'ping-udp',
  'ping-sctp',
  'ping-protocol',
  'ping-neighbour',
  'ping-connect',
] as const;

/** One of {@link hostTechniqueNames}. */
export type HostTechniqueName = (typeof hostTechniqueNames)[number];
