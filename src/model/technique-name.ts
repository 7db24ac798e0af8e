/** The names of scan techniques, as facts carry them; `techniques/` has a table for each. @module */

/** The name of a technique that judges ports. */
export type PortTechniqueName =
  | 'syn'
  | 'connect'
  | 'udp'
  | 'ack'
  | 'window'
  | 'fin'
  | 'null'
  | 'xmas'
  | 'maimon'
  | 'sctp-init'
  | 'ip-protocol';

/** The name of a technique that finds hosts. */
export type HostTechniqueName =
  | 'ping-echo'
  | 'ping-timestamp'
  | 'ping-mask'
  | 'ping-syn'
  | 'ping-ack'
  | 'ping-udp'
  | 'ping-sctp'
  | 'ping-protocol'
  | 'ping-neighbour'
  | 'ping-connect';
