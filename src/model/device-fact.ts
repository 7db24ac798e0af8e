/**
 * What a scan tells of the device behind an address.
 *
 * @module
 */

/** What a device can be. */
export const deviceKinds = [
  'server',
  'router',
  'switch',
  'firewall',
  'printer',
  'phone',
  'camera',
  'nas',
  'tv',
  'media',
  'iot',
  'hypervisor',
  'workstation',
] as const;

/** One of {@link deviceKinds}. */
export type DeviceKind = (typeof deviceKinds)[number];

/** By what something can be known of a device; what is told by the device's own answers comes first. */
export const deviceSources = [
  'snmp',
  'ipp',
  'upnp',
  'wsd',
  'mdns',
  'netbios',
  'smb',
  'llmnr',
  'ssdp',
  'http',
  'ssh',
  'tls',
  'mac',
  'rdns',
] as const;

/** One of {@link deviceSources}. */
export type DeviceSource = (typeof deviceSources)[number];

/** One thing that is known of a device, and by what. */
export interface DeviceDetail {
  /** Such as `name`, `kind`, `vendor`, `model`, `serial`, `uuid`. */
  readonly field: string;
  readonly value: string;
  readonly source: DeviceSource;
  /** The device answered so itself; otherwise somebody else says it of the device, or it was sent to everybody. */
  readonly measured: boolean;
}

/** The device behind an address. */
export interface DeviceFact {
  readonly type: 'device';
  readonly n: number;
  readonly host: string;
  readonly name: string | null;
  readonly names: readonly { readonly name: string; readonly source: DeviceSource }[];
  /** null: nothing says what it is, or what says so contradicts itself. */
  readonly kind: DeviceKind | null;
  readonly vendor: string | null;
  readonly model: string | null;
  /** All that is known, each with its source. */
  readonly facts: readonly DeviceDetail[];
  readonly sources: readonly DeviceSource[];
  /** Other addresses of the same device among those of the record. */
  readonly sameAs: readonly string[];
  readonly at: string;
}
