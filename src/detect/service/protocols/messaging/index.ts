/**
 * Queues, chat and what else passes messages on. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { amqp, mqtt } from './brokers.ts';

/** Over TCP. */
export const messagingProtocols: readonly Protocol[] = [amqp, mqtt];

/** Over UDP. */
export const messagingDatagrams: readonly DatagramProtocol[] = [];
