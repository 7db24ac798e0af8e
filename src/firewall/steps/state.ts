/**
 * Whether the filter knows connections: on an open port, an ACK that belongs to none, then a connection from the same
 * source port, whose own ACK must have passed when the service speaks.
 *
 * @module
 */

import type { Entry, Wish } from '../book.ts';
import { spreadOf } from '../classes.ts';
import type { FirewallQuestion } from '../contract.ts';
import { has } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import { plainPorts } from '../variants.ts';
import type { Step } from './step.ts';

/** Asks up to two open ports. */
export const state: Step = {
  about: 'the same ACK before and after a connection',
  wishes: (scene) => testPorts(scene).flatMap((port) => wishesAt(scene, port)),
};

/** What the test showed at one port. */
export interface StateTest {
  readonly port: number;
  /** ACKs of no connection. */
  readonly strays: readonly Entry[];
  /** The connection, where one was made. */
  readonly connection: Entry | undefined;
  /** Strays were stopped, and the ACK of a connection from the same port arrived. */
  readonly isCertain: boolean;
}

/** The tests that were made. */
export function stateTests(scene: Scene): readonly StateTest[] {
  return testPorts(scene).flatMap((port) => {
    const strays = scene.book.answers(strayAck(port, plainPorts[0]));
    if (strays.length === 0) return [];
    const connection = plainPorts.flatMap((from) => scene.book.last(connect(port, from)) ?? []).at(-1);
    const isStopped = strays.length >= strayTimes && strays.every(({ seen }) => isStoppedBy(seen.answer));
    const isSpoken = (connection?.seen.greeting?.length ?? 0) > 0;
    return [{ port, strays, connection, isCertain: isStopped && isSpoken }];
  });
}

function wishesAt({ book }: Scene, port: number): readonly Wish[] {
  const stray = strayAck(port, plainPorts[0]);
  const strays = book.answers(stray);
  if (strays.length === 0) return [{ question: stray, times: 1 }];
  if (!strays.every(({ seen }) => isStoppedBy(seen.answer))) return [];
  if (strays.length < strayTimes) return [{ question: stray, times: strayTimes }];
  const first = connect(port, plainPorts[0]);
  const wishes: Wish[] = [{ question: first, times: 1 }];
  if (book.last(first)?.seen.answer === 'in-use') {
    const second = strayAck(port, plainPorts[1]);
    wishes.push({ question: second, times: 1 });
    if (book.answers(second).length > 0) wishes.push({ question: connect(port, plainPorts[1]), times: 1 });
  }
  return wishes;
}

function isStoppedBy(answer: string): boolean {
  return answer === 'silence' || answer === 'icmp';
}

/** Services that speak first, as far as ports tell, else any. */
function testPorts(scene: Scene): readonly number[] {
  const open = scene.kind('tcp', 'open')[0]?.ports ?? [];
  const talkers = speaksFirst.filter((port) => has(open, port));
  return (talkers.length > 0 ? talkers : spreadOf(open, 2)).slice(0, 2);
}

function strayAck(port: number, from: number): FirewallQuestion {
  return { protocol: 'tcp', technique: 'ack', port, variant: `source-port ${from}` };
}

function connect(port: number, from: number): FirewallQuestion {
  return { protocol: 'tcp', technique: 'connect', port, variant: `source-port ${from}` };
}

const speaksFirst = [22, 21, 25, 110, 143, 587, 3306, 5900, 23, 119, 2222];
/** Silence to an ACK may be loss; twice it hardly is. */
const strayTimes = 2;
