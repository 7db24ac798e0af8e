/**
 * The only file that talks to the C library. Everything else calls these functions.
 *
 * Rules learned the hard way: `ssize_t` is `int64_t` here; a failed `mmap` returns all ones; `errno` must be
 * read right after the call; in hot loops pass pointers as BigInt (52 ns a call against 84 with a typed
 * array) and keep every buffer whose address was taken referenced for as long as the kernel may use it.
 *
 * @module
 */

import { loadKoffi } from './load-koffi.ts';

/** A pointer: an address taken with {@link addressOf}, a typed array for the time of the call, or null. */
export type Pointer = bigint | ArrayBufferView | null;

/** The system calls Portolan makes, with C's own arguments. Negative results mean: read {@link errno}. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Pointer, length: number): number;
  connect(fd: number, address: Pointer, length: number): number;
  listen(fd: number, backlog: number): number;
  getsockname(fd: number, address: Pointer, length: Pointer): number;
  setsockopt(fd: number, level: number, option: number, value: Pointer, length: number): number;
  getsockopt(fd: number, level: number, option: number, value: Pointer, length: Pointer): number;
  send(fd: number, bytes: Pointer, length: number, flags: number): number;
  sendto(
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
    address: Pointer,
    addressLength: number,
  ): number;
  sendmmsg(fd: number, messages: Pointer, count: number, flags: number): number;
  recvmmsg(fd: number, messages: Pointer, count: number, flags: number, timeout: Pointer): number;
  recv(fd: number, bytes: Pointer, length: number, flags: number): number;
  recvfrom(
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
    address: Pointer,
    addressLength: Pointer,
  ): number;
  recvmsg(fd: number, message: Pointer, flags: number): number;
  read(fd: number, bytes: Pointer, length: number): number;
  write(fd: number, bytes: Pointer, length: number): number;
  close(fd: number): number;
  ioctl(fd: number, request: number, argument: Pointer): number;
  poll(descriptors: Pointer, count: number, timeoutMs: number): number;
  ppoll(descriptors: Pointer, count: number, timeout: Pointer, mask: Pointer): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Pointer): number;
  epoll_wait(epoll: number, events: Pointer, count: number, timeoutMs: number): number;
  eventfd(initial: number, flags: number): number;
  flock(fd: number, operation: number): number;
  mmap(
    address: Pointer,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): number | bigint;
  munmap(address: Pointer, length: number): number;
  getrandom(bytes: Pointer, length: number, flags: number): number;
  getrlimit(resource: number, limit: Pointer): number;
  setrlimit(resource: number, limit: Pointer): number;
  if_nametoindex(name: string): number;
  clock_gettime(clock: number, time: Pointer): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  capget(header: Pointer, data: Pointer): number;
  capset(header: Pointer, data: Pointer): number;
  sem_wait(semaphore: Pointer): number;
  sem_post(semaphore: Pointer): number;
  syscall(number: number, a: number, b: Pointer, c: Pointer, d: number): number;
  _exit(status: number): void;
}

/** The C library, loaded at first use so that commands that need no system call start fast. */
export function libc(): Libc {
  loaded ??= load();
  return loaded.functions;
}

/** The error number of the last call on this thread. Read it right after the call. */
export function errno(): number {
  loaded ??= load();
  return loaded.koffi.errno();
}

/** The address of a buffer, for calls in hot loops and for structures that hold pointers. Keep it referenced. */
export function addressOf(bytes: ArrayBufferView | ArrayBuffer): bigint {
  loaded ??= load();
  return BigInt(loaded.koffi.address(bytes as ArrayBufferView));
}

/** Memory mapped at `address` seen as an ArrayBuffer of `length` bytes. */
function viewOf(address: bigint, length: number): ArrayBuffer {
  loaded ??= load();
  return loaded.koffi.view(address, length);
}

/** The same as setsockopt on a thread of Node's pool: for an option that lasts. Resolves to its result. */
export function setsockoptLater(
  fd: number,
  level: number,
  option: number,
  value: Uint8Array,
): Promise<number> {
  return onPool('setsockopt', fd, level, option, value, value.length);
}

/**
 * Calls back from the event loop as long as a descriptor can be read, until it is closed. It keeps the process alive, as
 * sockets of Node's own do, unless `isIdle` has been called.
 */
export function watchReadable(fd: number, heard: () => void): Watch {
  loaded ??= load();
  const handle = loaded.koffi.node.poll(fd, { readable: true }, heard);
  return {
    isBusy: () => handle.ref(),
    isIdle: () => handle.unref(),
    close: () => handle.close(),
  };
}

/** A descriptor that is watched. */
export interface Watch {
  isBusy(): void;
  isIdle(): void;
  close(): void;
}

/** The same as close on a thread of Node's pool: for a descriptor that the kernel takes its time for. */
export function closeLater(fd: number): Promise<number> {
  return onPool('close', fd);
}

/** Calls a function on a thread of Node's pool; -1 stands for a call that could not be made. */
export function onPool(
  name: 'setsockopt' | 'close' | 'capget' | 'capset' | 'sem_wait',
  ...words: readonly unknown[]
): Promise<number> {
  const { async: call } = libc()[name] as unknown as { async(...words: readonly unknown[]): void };
  return new Promise((resolve) => {
    // The memory that it reads and writes must be there until then.
    onTheirWay.add(words);
    call(...words, (_: unknown, result?: number) => {
      onTheirWay.delete(words);
      resolve(result ?? -1);
    });
  });
}

/** What calls on other threads were given. */
const onTheirWay = new Set<readonly unknown[]>();

/** The C library if this thread has used it: for what is not worth loading it. */
export function libcIfLoaded(): Libc | undefined {
  return loaded?.functions;
}

/** Whether the C library can be called on this platform: Linux only. */
export const hasLibc = process.platform === 'linux';

/** Memory from `mmap`: its address and its bytes. */
export interface Mapping {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/**
 * Maps `length` bytes, readable and writable: anonymous memory, or shared with the descriptor `fd` (the ring
 * of a packet socket). Undefined when the kernel refuses; read {@link errno} then.
 */
export function mapMemory(length: number, fd = -1): Mapping | undefined {
  const readWrite = 1 | 2;
  const flags = fd < 0 ? mapPrivate | mapAnonymous : mapShared;
  const address = BigInt(libc().mmap(null, length, readWrite, flags, fd, 0));
  if (address === mapFailed) return undefined;
  return { address, bytes: new Uint8Array(viewOf(address, length)) };
}

interface Loaded {
  readonly koffi: typeof import('koffi');
  readonly functions: Libc;
}

let loaded: Loaded | undefined;

function load(): Loaded {
  if (!hasLibc) throw new Error(`no system calls on ${process.platform}`);
  const koffi = loadKoffi();
  const library = koffi.load('libc.so.6');
  const functions: Record<string, unknown> = {};
  for (const prototype of prototypes) {
    const name = /(\w+)\(/.exec(prototype)?.[1] as string;
    // Bound at first call: parsing thirty prototypes costs milliseconds that a short scan would notice.
    Object.defineProperty(functions, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = bind(koffi, library, prototype);
        Object.defineProperty(functions, name, { value });
        return value;
      },
    });
  }
  return { koffi, functions: functions as unknown as Libc };
}

/** Semaphores stood in a library of their own before glibc 2.34. */
function bind(koffi: Loaded['koffi'], library: ReturnType<Loaded['koffi']['load']>, prototype: string) {
  try {
    return library.func(prototype);
  } catch (error) {
    if (!prototype.includes(' sem_')) throw error;
    return koffi.load('libpthread.so.0').func(prototype);
  }
}

const prototypes = [
  'int socket(int, int, int)',
  'int bind(int, void *, int)',
  'int connect(int, void *, int)',
  'int listen(int, int)',
  'int getsockname(int, void *, void *)',
  'int setsockopt(int, int, int, void *, int)',
  'int getsockopt(int, int, int, void *, void *)',
  'int64_t send(int, void *, size_t, int)',
  'int64_t sendto(int, void *, size_t, int, void *, int)',
  'int sendmmsg(int, void *, unsigned int, int)',
  'int recvmmsg(int, void *, unsigned int, int, void *)',
  'int64_t recv(int, void *, size_t, int)',
  'int64_t recvfrom(int, void *, size_t, int, void *, void *)',
  'int64_t recvmsg(int, void *, int)',
  'int64_t read(int, void *, size_t)',
  'int64_t write(int, void *, size_t)',
  'int close(int)',
  'int sem_wait(void *)',
  'int sem_post(void *)',
  'int ioctl(int, unsigned long, void *)',
  'int poll(void *, unsigned long, int)',
  'int ppoll(void *, unsigned long, void *, void *)',
  'int epoll_create1(int)',
  'int epoll_ctl(int, int, int, void *)',
  'int epoll_wait(int, void *, int, int)',
  'int eventfd(unsigned int, int)',
  'int flock(int, int)',
  'uintptr_t mmap(void *, size_t, int, int, int, int64_t)',
  'int munmap(void *, size_t)',
  'int64_t getrandom(void *, size_t, unsigned int)',
  'int getrlimit(int, void *)',
  'int setrlimit(int, void *)',
  'unsigned int if_nametoindex(const char *)',
  'int clock_gettime(int, void *)',
  'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
  'int capget(void *, void *)',
  'int capset(void *, void *)',
  'int64_t syscall(int64_t, int64_t, void *, void *, int64_t)',
  'void _exit(int)',
] as const;

const mapShared = 0x01;
const mapPrivate = 0x02;
const mapAnonymous = 0x20;
const mapFailed = 0xffff_ffff_ffff_ffffn;
