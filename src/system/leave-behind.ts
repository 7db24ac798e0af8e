/**
 * Closing a descriptor that the kernel takes its time for.
 *
 * @module
 */

import { closeLater, libc } from './ffi.ts';

/**
 * Closes a descriptor without waiting for the kernel: a packet socket with a ring takes 30 ms, and a process does not
 * end before its last thread is out of close(2). An io_uring that holds the descriptor takes it along, and is taken
 * apart by a thread of the kernel (io_uring_register(2): registered files stay open until then). Where there is no
 * io_uring a thread of Node's pool waits.
 */
export function leaveBehind(fd: number): void {
  const holder = libc().syscall(setUp, 1, new Uint8Array(parametersBytes), null, 0);
  const isHeld = holder >= 0 && libc().syscall(register, holder, registerFiles, Int32Array.of(fd), 1) === 0;
  if (isHeld) libc().close(fd);
  else void closeLater(fd);
  if (holder >= 0) libc().close(holder);
}

/** io_uring_setup, io_uring_register: the same numbers on every architecture. */
const setUp = 425;
const register = 427;
/** IORING_REGISTER_FILES, where other calls have a pointer. */
const registerFiles = 2n;
/** struct io_uring_params. */
const parametersBytes = 120;
