/**
 * Opens the dialer this platform has.
 *
 * @module
 */

import type { AsyncDialer, Dialer, DialOptions } from '../link/sockets/contract.ts';
import { EpollConnector } from '../link/sockets/epoll-connector.ts';
import { addressBytes } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { ShardConfig } from './messages.ts';

/** A dialer for connect scans, as the configuration wants it. */
export function openDialer({ dress, sourceAddress, interfaceName }: ShardConfig): Dialer | AsyncDialer {
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
  const options: DialOptions = {
    ...(dress.sourcePort >= 0 && { sourcePort: dress.sourcePort }),
    ...(source !== undefined && { sourceAddress: addressBytes(source) }),
    ...(interfaceName !== undefined && { interfaceName }),
  };
  return new EpollConnector(options);
}
