/**
 * Protocols by which devices and services let themselves be found.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';
import { echoAnywhere, echoAt, hex, join, u16, u24 } from './parts.ts';

/** M-SEARCH for root devices, UPnP Device Architecture 2.0 section 1.3.2, in its unicast form. */
const ssdp: UdpPayload = {
  name: 'ssdp',
  service: 'ssdp',
  ports: [1900],
  note: 'some devices answer multicast searches only',
  bearsTail: true,
  build: () =>
    // Unicast searches need no MX, but devices of UPnP 1.0 answer none without it.
    lines(
      'M-SEARCH * HTTP/1.1',
      'HOST: 239.255.255.250:1900',
      'MAN: "ssdp:discover"',
      'MX: 1',
      'ST: upnp:rootdevice',
    ),
};

/** Probe for everything, WS-Discovery (2005/04) section 5.2; ONVIF cameras, printers, Windows. */
const wsDiscovery: UdpPayload = {
  name: 'ws-discovery',
  service: 'ws-discovery',
  ports: [3702],
  note: 'responders that listen to the multicast group alone do not hear it (wsdd2 on Linux)',
  build: (id) =>
    join(
      '<?xml version="1.0" encoding="utf-8"?>',
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
      ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"',
      ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>',
      '<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>',
      `<a:MessageID>urn:uuid:${uuid(id)}</a:MessageID>`,
      '<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>',
      '</s:Header><s:Body><d:Probe/></s:Body></s:Envelope>',
    ),
  answers: echoAnywhere(uuid),
};

/** Service request for service agents, RFC 2608 sections 8.1 and 11.1. */
const serviceLocation: UdpPayload = {
  name: 'slp',
  service: 'svrloc',
  ports: [427],
  build: (id) => {
    const type = 'service:service-agent';
    const scope = 'DEFAULT';
    // Empty: previous responders, predicate, security parameter index.
    const body = join(u16(0), u16(type.length), type, u16(scope.length), scope, u16(0), u16(0));
    const language = join(u16(2), 'en');
    const length = 12 + language.length + body.length;
    return join(2, 1, u24(length), u16(0), u24(0), u16(id), language, body);
  },
  answers: echoAt(10, u16),
};

/** Discovery of Ubiquiti devices, version 1: a header without fields, as their own tool sends it. */
const ubiquiti: UdpPayload = {
  name: 'ubiquiti',
  service: 'ubnt-discover',
  ports: [10001],
  build: () => join(1, 0, 0, 0),
};

/** Query of Lantronix device servers: the setup record's first question, 0xF6; 0xF7 answers. */
const lantronix: UdpPayload = {
  name: 'lantronix',
  service: 'lantronix-discover',
  ports: [30718],
  build: () => join(0, 0, 0, 0xf6),
};

/** The payloads of discovery protocols. */
export const discovery = [ssdp, wsDiscovery, serviceLocation, ubiquiti, lantronix] as const;

/** RFC 9562 version 4 in form. */
function uuid(id: number): string {
  return `${hex(id)}-706f-4274-8f6c-616e${hex(~id)}`;
}

function lines(...texts: readonly string[]): Uint8Array {
  return join(...texts.map((text) => `${text}\r\n`), '\r\n');
}
