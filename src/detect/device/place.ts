/**
 * Places on the web that a device announces: only those on the device itself are ever asked.
 *
 * @module
 */

import { parseAddress } from '../../model/parse-address.ts';
import type { AskedDevice } from './contract.ts';

/** A place on a device. */
export interface Place {
  readonly port: number;
  readonly path: string;
  /** For the Host field. */
  readonly host: string;
}

/** The place that an address of the web names, if it is on the device itself, in plain HTTP and by its address. */
export function placeOn(device: AskedDevice, text: string): Place | undefined {
  if (text.length > mostBytes || !/^http:\/\/[\x21-\x7e]+$/i.test(text)) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const named = parseAddress(url.hostname.replace(/^\[|\]$/g, ''));
  const own = parseAddress(device.address);
  if (named === undefined || own === undefined) return undefined;
  if (named.family !== own.family || named.value !== own.value) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const port = url.port === '' ? 80 : Number(url.port);
  return port === 0 ? undefined : { port, path: `${url.pathname}${url.search}`, host: url.host };
}

const mostBytes = 1024;
