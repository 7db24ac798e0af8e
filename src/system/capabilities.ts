/**
 * Capabilities of the calling thread (capabilities(7)). They decide what a scan may do, not the user id.
 *
 * @module
 */

import { PortolanError } from '../base/errors.ts';
import { errnoName } from './errnos.ts';
import { errno, hasLibc, libc, onPool } from './ffi.ts';
import { readProcFile } from './proc-file.ts';
import { otherThreads } from './threads.ts';

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

/** The capabilities that a scan may keep, by the names of capabilities(7). */
export type KeptCapability = 'CAP_NET_BIND_SERVICE' | 'CAP_NET_RAW';

/**
 * Gives up every capability of this thread but those to be kept, for good: its own sets, and the gain of new ones by
 * running another program. Open sockets stay usable. Those that are to be `dormant` are in effect only while
 * {@link withDormant} runs. Looks afterwards whether it worked and throws when it did not.
 */
export function keepCapabilities(
  kept: readonly KeptCapability[],
  dormant: readonly KeptCapability[] = [],
): void {
  if (!hasLibc) return;
  const mask = maskOf(kept);
  const before = readSets();
  mustPass(libc().prctl(ambient, ambientClearAll, 0, 0, 0));
  mustPass(libc().prctl(noNewPrivileges, 1, 0, 0, 0));
  asleep = before.permitted & mask & maskOf(dormant);
  mustPass(libc().capset(header(), setsWith(before, mask, asleep)));

  const after = readSets();
  refuseSurplus(after, mask);
  if ((after.effective & asleep) !== 0n) throw failed(`found 0x${after.effective.toString(16)} in effect`);
}

/** Calls what opens a socket with the dormant capabilities in effect, and puts them to sleep again. */
export function withDormant(open: () => number): number {
  if (asleep === 0n) return open();
  const sets = readSets();
  const all = sets.permitted | sets.effective;
  mustPass(libc().capset(header(), setsWith({ ...sets, effective: all }, all)));
  try {
    return open();
  } finally {
    mustPass(libc().capset(header(), setsWith(sets, all)));
  }
}

/** Permitted to this thread and not in effect. */
let asleep = 0n;

/**
 * Cuts the bounding set of this thread, where that is permitted: no program that it runs can get more. Before its own
 * sets, for CAP_SETPCAP must still be there.
 */
export function cutBoundingSet(kept: readonly KeptCapability[]): void {
  if (!hasLibc || ((readSets().effective >> BigInt(setPcap)) & 1n) === 0n) return;
  const mask = maskOf(kept);
  for (const one of boundingSet()) {
    if (((mask >> BigInt(one)) & 1n) === 0n) mustPass(libc().prctl(dropBounding, one, 0, 0, 0));
  }
}

/** Whether this thread has a capability that is not to be kept. */
export function hasSurplus(kept: readonly KeptCapability[]): boolean {
  return hasLibc && (readSets().permitted & ~maskOf(kept)) !== 0n;
}

/**
 * Does the same for the threads of Node's pool, which run what is asynchronous here. A pool that begins with this call
 * has what this thread has, so this thread gives up first; only one that was there before must be told.
 */
export async function keepCapabilitiesOfPool(kept: readonly KeptCapability[]): Promise<void> {
  if (!hasLibc) return;
  const mask = maskOf(kept);
  if (!(await beginsWithout(mask))) await tellPool(mask);
}

/** Whether the pool begins now and the kernel shows that none of its threads has more. */
async function beginsWithout(mask: bigint): Promise<boolean> {
  const before = new Set(otherThreads());
  const called = onPool('capget', header(), new Uint32Array(6));
  // The first call starts all of the pool's threads before it returns (libuv, threadpool.c: init_threads).
  const begun = otherThreads().filter((thread) => !before.has(thread));
  await called;
  return begun.length === poolSize() && begun.every((thread) => hasNoMore(thread, mask));
}

function hasNoMore(thread: number, mask: bigint): boolean {
  // Where it is not shown, they are told as if they had all.
  const status = readProcFile(`self/task/${thread}/status`);
  const sets = [...(status ?? '').matchAll(/^Cap(?:Inh|Prm|Eff):\s*([0-9a-f]+)$/gm)];
  return sets.length === 3 && sets.every(([, set]) => (BigInt(`0x${set}`) & ~mask) === 0n);
}

/**
 * All threads are held while one after the other is let go, told, and held again: so none is told twice and none is
 * missed.
 */
async function tellPool(mask: bigint): Promise<void> {
  const gates = Array.from({ length: poolSize() }, () => new Gate());
  const again: Gate[] = [];
  try {
    for (const gate of gates) gate.hold();
    for (const gate of gates) await gate.isHolding();
    for (const gate of gates) {
      await gate.open();
      const found = new Uint32Array(6);
      if ((await onPool('capget', header(), found)) < 0) throw failed('the kernel does not tell them');
      if ((await onPool('capset', header(), setsWith(joined(found), mask))) < 0)
        throw failed('not permitted');
      if ((await onPool('capget', header(), found)) < 0) throw failed('the kernel does not tell them');
      refuseSurplus(joined(found), mask);
      const next = new Gate();
      again.push(next);
      next.hold();
      // Else the thread that is let go next might be held in place of this one.
      await next.isHolding();
    }
  } finally {
    for (const gate of [...gates, ...again]) await gate.open();
  }
}

/** Holds a thread of the pool until it is opened: a semaphore of the C library (sem_overview(7)), which is 0 at first. */
class Gate {
  readonly #words = new Uint32Array(new ArrayBuffer(128));
  #passed: Promise<number> | undefined;

  hold(): void {
    this.#passed = onPool('sem_wait', this.#words);
  }

  /** Settles when a thread is in it: the second word counts them, in glibc as in musl. */
  async isHolding(): Promise<void> {
    while (this.#words[1] === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets the thread go, once. */
  async open(): Promise<void> {
    const passed = this.#passed;
    this.#passed = undefined;
    if (passed === undefined) return;
    libc().sem_post(this.#words);
    await passed;
  }
}

/** libuv reads it once, at its first use (docs.libuv.org, threadpool). */
function poolSize(): number {
  const wanted = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '', 10);
  return Math.min(Math.max(Number.isNaN(wanted) ? usualPool : wanted, 1), largestPool);
}

interface Sets {
  readonly effective: bigint;
  readonly permitted: bigint;
  readonly inheritable: bigint;
}

function readSets(): Sets {
  const data = new Uint32Array(6);
  if (libc().capget(header(), data) < 0) {
    throw new PortolanError('system-failed', `Cannot read capabilities: ${errnoName(errno())}`);
  }
  return joined(data);
}

/** Two records of {effective, permitted, inheritable}: low and high 32 bits. */
function joined(data: Uint32Array): Sets {
  const at = (i: number) => (BigInt(data[i + 3] as number) << 32n) | BigInt(data[i] as number);
  return { effective: at(0), permitted: at(1), inheritable: at(2) };
}

/** What is left of sets: nothing that was not there. */
function setsWith({ effective, permitted }: Sets, mask: bigint, asleep = 0n): Uint32Array {
  const left = [effective & mask & ~asleep, permitted & mask, 0n];
  const words = (shift: bigint) => left.map((set) => Number((set >> shift) & 0xffff_ffffn));
  return Uint32Array.from([...words(0n), ...words(32n)]);
}

function refuseSurplus({ effective, permitted, inheritable }: Sets, mask: bigint): void {
  const left = (effective | permitted | inheritable) & ~mask;
  if (left !== 0n) throw failed(`found 0x${left.toString(16)} left`);
}

function maskOf(kept: readonly KeptCapability[]): bigint {
  return kept.reduce((mask, name) => mask | (1n << BigInt(numberOf[name])), 0n);
}

/** Capabilities in the bounding set; prctl says -1 beyond the last that the kernel knows. */
function* boundingSet(): Generator<number> {
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
const numberOf = { CAP_NET_BIND_SERVICE: 10, CAP_NET_RAW: netRaw } as const;

/** Threads in libuv's pool where nobody says else, and at most. */
const usualPool = 4;
const largestPool = 1024;

/** prctl(2) options. */
const readBounding = 23;
const dropBounding = 24;
const noNewPrivileges = 38;
const ambient = 47;
const ambientClearAll = 4;
