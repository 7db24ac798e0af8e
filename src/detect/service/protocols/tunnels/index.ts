/**
 * Tunnels and proxies. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { dtls, quic } from './encrypted.ts';
import { ike } from './ike.ts';
import { l2tp } from './l2tp.ts';
import { gtp, pfcp } from './mobile.ts';
import { openvpn, openvpnDatagrams } from './openvpn.ts';
import { pptp } from './pptp.ts';
import { socks } from './socks.ts';
import { torControl } from './tor-control.ts';

/** Over TCP. */
export const tunnelsProtocols: readonly Protocol[] = [openvpn, pptp, torControl, socks];

/** Over UDP. */
export const tunnelsDatagrams: readonly DatagramProtocol[] = [
  ike,
  openvpnDatagrams,
  l2tp,
  quic,
  dtls,
  gtp,
  pfcp,
];
