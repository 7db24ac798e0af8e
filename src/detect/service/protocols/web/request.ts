/**
 * The request that web servers are asked by.
 *
 * @module
 */

import { bytesOf } from '../../text.ts';

/** A request that ends its connection. */
export function get(path: string, host: string, port: number): Uint8Array {
  return bytesOf(
    `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: Mozilla/5.0 (compatible; Portolan)\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
}
