/**
 * Queues, chat and what else passes messages on. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { amqp, mqtt } from './brokers.ts';
import { coap } from './coap.ts';
import { irc } from './irc.ts';
import { nats } from './nats.ts';
import { beanstalk, gearman } from './queues.ts';
import { smpp } from './smpp.ts';
import { stomp } from './stomp.ts';
import { xmppClient, xmppServer } from './xmpp.ts';
import { zmtp } from './zmtp.ts';

/** Over TCP. */
export const messagingProtocols: readonly Protocol[] = [
  amqp,
  mqtt,
  nats,
  stomp,
  xmppClient,
  xmppServer,
  irc,
  zmtp,
  gearman,
  beanstalk,
  smpp,
];

/** Over UDP. */
export const messagingDatagrams: readonly DatagramProtocol[] = [coap];
