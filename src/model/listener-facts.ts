/**
 * What a listener tells of the probes that arrive where it stands.
 *
 * @module
 */

import type { PortTechniqueName } from './technique-name.ts';

/** A listener hears: the first line of what `listen` tells. */
export interface ListeningFact {
  readonly type: 'listening';
  readonly n: number;
  readonly version: string;
  /** Where it hears; null: by every interface. */
  readonly interface: string | null;
  /** The addresses of that interface, or of all of the machine. */
  readonly addresses: readonly string[];
  /** The ports that it hears, as range lists. */
  readonly tcp: string;
  readonly udp: string;
  /** Tells keys apart, and nothing of the key. */
  readonly keyCheck: string;
  readonly at: string;
}

/** A probe of a scan with the same key has arrived. */
export interface ArrivedFact {
  readonly type: 'arrived';
  readonly n: number;
  /** Whom the packet names as its sender, and whom it is addressed to: translators of addresses may have changed both. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** By its flags; absent where no technique has these. */
  readonly technique?: PortTechniqueName;
  /** How it differs from the plain probe, in words: `plain`, `source-port 53`, `fragments 8`. */
  readonly variant: string;
  readonly ttl: number;
  /** Tells the scan from others with the same key; absent where the probe has no room for it. */
  readonly run?: number;
  readonly at: string;
}
