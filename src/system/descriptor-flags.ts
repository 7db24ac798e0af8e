/**
 * What descriptors are opened with: socket(2), epoll_create1(2). The same bits on every Linux that Node runs on.
 *
 * @module
 */

/** SOCK_CLOEXEC, EPOLL_CLOEXEC: no child process inherits it. */
export const closeOnExec = 0o2000000;
/** SOCK_NONBLOCK. */
export const nonBlocking = 0o4000;
