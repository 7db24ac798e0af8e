/**
 * The error numbers of Linux that a scan meets, by name.
 *
 * @module
 */

/** Error numbers by their C names, as on every Linux that Node runs on. */
export const errnos = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOSPC: 28,
  EPIPE: 32,
  ERANGE: 34,
  ENOSYS: 38,
  ENONET: 64,
  EPROTO: 71,
  EMSGSIZE: 90,
  EPROTOTYPE: 91,
  ENOPROTOOPT: 92,
  EPROTONOSUPPORT: 93,
  ESOCKTNOSUPPORT: 94,
  EOPNOTSUPP: 95,
  EPFNOSUPPORT: 96,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENETRESET: 102,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  EISCONN: 106,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
  EALREADY: 114,
  EINPROGRESS: 115,
} as const;

/** What the kernel says when nothing can leave this machine for an address. */
export const noWayErrnos: ReadonlySet<number> = new Set([
  errnos.ENETUNREACH,
  errnos.EHOSTUNREACH,
  errnos.EACCES,
  errnos.EINVAL,
  errnos.EPERM,
]);

/** `ECONNREFUSED` for 111; a number without a name here stays readable: `errno 77`. */
export function errnoName(n: number): string {
  return names.get(n) ?? `errno ${n}`;
}

const names: ReadonlyMap<number, string> = new Map(Object.entries(errnos).map(([name, n]) => [n, name]));
