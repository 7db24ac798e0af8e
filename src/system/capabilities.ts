/**
 * Capabilities of the calling thread (capabilities(7)). They decide what a scan may do, not the user id.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { errnoName } from './errnos.ts';
import { errno, hasLibc, libc } from './ffi.ts';

/** The capabilities that techniques ask for. */
export interface Capabilities {
  /** Raw and packet sockets. */
  readonly netRaw: boolean;
  /** Interfaces, XDP programs, socket buffers beyond the limit. */
  readonly netAdmin: boolean;
  /** BPF programs; CAP_SYS_ADMIN includes it (bpf_capable in the kernel). */
  readonly bpf: boolean;
}

/** What this thread may do now; nothing where there are no capabilities (macOS, Windows). */
export function effectiveCapabilities(): Capabilities {
  if (!hasLibc) return { netRaw: false, netAdmin: false, bpf: false };
  const { effective } = readSets();
  const has = (capability: number) => ((effective >> BigInt(capability)) & 1n) === 1n;
  return { netRaw: has(netRaw), netAdmin: has(netAdmin), bpf: has(bpf) || has(systemAdmin) };
}

/**
 * Gives up every capability of this thread for good: its own sets, the bounding set where that is permitted,
 * and the gain of new ones by running another program. Open sockets stay usable. Looks afterwards whether it
 * worked and throws when it did not.
 *
 * @public for threads that outlive the opening of their sockets; a shard's thread takes shard after shard.
 */
export function dropCapabilities(): void {
  if (!hasLibc) return;
  const before = readSets();
  // The bounding set can only be cut while CAP_SETPCAP is still there.
  const cutsBounding = ((before.effective >> BigInt(setPcap)) & 1n) === 1n;
  if (cutsBounding) for (const one of knownCapabilities()) mustPass(libc().prctl(dropBounding, one, 0, 0, 0));
  mustPass(libc().prctl(ambient, ambientClearAll, 0, 0, 0));
  mustPass(libc().prctl(noNewPrivileges, 1, 0, 0, 0));
  mustPass(libc().capset(header(), new Uint32Array(6)));

  const after = readSets();
  const kept = after.effective | after.permitted | after.inheritable;
  const bounding = cutsBounding && [...knownCapabilities()].length > 0;
  if (kept !== 0n || bounding) {
    throw failed(`found ${kept !== 0n ? `0x${kept.toString(16)}` : 'a bounding set'}, wanted none`);
  }
}

interface Sets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

function readSets(): Sets {
  // Two records of {effective, permitted, inheritable}: low and high 32 bits.
  const data = new Uint32Array(6);
  if (libc().capget(header(), data) < 0) {
    throw new PortolanError('system-failed', `Cannot read capabilities: ${errnoName(errno())}`);
  }
  const joined = (at: number) => (BigInt(data[at + 3] as number) << 32n) | BigInt(data[at] as number);
  return { effective: joined(0), permitted: joined(1), inheritable: joined(2) };
}

/** Capabilities in the bounding set; prctl says -1 beyond the last that the kernel knows. */
function* knownCapabilities(): Generator<number> {
  for (let one = 0; one < 64; one++) {
    const state = libc().prctl(readBounding, one, 0, 0, 0);
    if (state < 0) return;
    if (state === 1) yield one;
  }
}

function mustPass(result: number): void {
  if (result < 0) throw failed(errnoName(errno()));
}

function failed(found: string): PortolanError {
  return new PortolanError('system-failed', `Cannot give up capabilities: ${found}`);
}

/** struct __user_cap_header_struct: version 3, the calling thread. */
function header(): Uint32Array {
  return Uint32Array.of(0x2008_0522, 0);
}

const setPcap = 8;
const netAdmin = 12;
const netRaw = 13;
const systemAdmin = 21;
const bpf = 39;

/** prctl(2) options. */
const readBounding = 23;
const dropBounding = 24;
const noNewPrivileges = 38;
const ambient = 47;
const ambientClearAll = 4;
