/**
 * What the parts of this folder hand each other: what was learnt of a device, and what it is asked.
 *
 * @module
 */

import type { DeviceDetail } from '../../model/device-fact.ts';
import type { Move, Outcome } from '../service/moves.ts';

/** Something that is known of a device. */
export interface DeviceClaim extends DeviceDetail {
  /** How much a kind weighs beside others; absent: 2. */
  readonly weight?: Weight;
}

/** 3: the device says so outright, 2: what it is follows from its product, 1: it is that too, among other things. */
export type Weight = 1 | 2 | 3;

/** A question to a device: one talk with one port. */
export interface DeviceQuestion {
  /** As records call it. */
  readonly name: string;
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  /** The talk. Pure: what is to be done goes out, what came of it comes in. */
  ask(device: AskedDevice): DeviceTalk;
}

/** Who is asked. */
export interface AskedDevice {
  /** Its address; an IPv6 address without brackets and zone. */
  readonly address: string;
}

/** A talk, and what was learnt by it. */
export type DeviceTalk = Generator<Move, Learnt, Outcome>;

/** What was learnt by a talk. */
export interface Learnt {
  readonly claims: readonly DeviceClaim[];
  /** What is worth asking besides, now that this is known. */
  readonly next?: readonly DeviceQuestion[];
}
