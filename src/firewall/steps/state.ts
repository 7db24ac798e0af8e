/**
 * Whether the filter knows connections: on an open port, an ACK that belongs to none, then a connection from the same
 * source port, whose own ACK must have passed when the service speaks.
 *
 * @module
 */

import type { Entry, Wish } from '../book.ts';
import { spreadOf } from '../classes.ts';
import type { FirewallQuestion, Seen } from '../contract.ts';
import { kindOf, routersPassed } from '../look.ts';
import { has } from '../port-list.ts';
import type { Scene } from '../scene.ts';
import { plainPorts } from '../variants.ts';
import type { Step } from './step.ts';

/** Asks up to two open ports. */
export const state: Step = {
  about: 'the same ACK before and after a connection',
  wishes: (scene) => {
    const [first, second] = testPorts(scene);
    if (first === undefined) return [];
    // Where an ACK comes through at one, the other would show no more.
    const isOpen = stateTests(scene).some(({ port, strays }) => {
      return port === first && strays.some(({ seen }) => !isStoppedBy(seen.answer));
    });
    const asked = second === undefined || isOpen || strayUnknown(scene, first) ? [first] : [first, second];
    return asked.flatMap((port) => wishesAt(scene, port));
  },
};

/** Whether nothing is known yet of ACKs to a port. */
function strayUnknown({ book }: Scene, port: number): boolean {
  return plainPorts.every((from) => book.answers(strayAck(port, from)).length === 0);
}

/** What the test showed at one port. */
interface StateTest {
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
  return testPorts(scene).flatMap((port) =>
    plainPorts.flatMap((from) => {
      const strays = scene.book.answers(strayAck(port, from));
      if (strays.length === 0) return [];
      const connection = scene.book.last(connect(port, from));
      const isStopped = strays.length >= strayTimes && strays.every(({ seen }) => isStoppedBy(seen.answer));
      const isSpoken = (connection?.seen.greeting?.length ?? 0) > 0;
      return [{ port, strays, connection, isCertain: isStopped && isSpoken }];
    }),
  );
}

/**
 * Whether resets of the host come back: without one, silence to an ACK, and to a SYN where nothing listens, may as well be
 * a reset that is stopped on the way out.
 */
export function bringsResets(scene: Scene): boolean {
  const own = scene.ownRouters;
  const isOwn = (seen: Seen) => own === undefined || (routersPassed(seen) ?? own) === own;
  const isReset = (seen: Seen) => seen.answer === 'tcp' && kindOf('tcp', seen) === 'closed' && isOwn(seen);
  return (
    scene.kind('tcp', 'closed').some((closed) => isReset(closed.seen) && !scene.isForged(closed)) ||
    scene.book.entries.some(({ question, seen }) => question.protocol === 'tcp' && isReset(seen))
  );
}

/** Whether ACKs to open ports met silence, and no reset of the host ever came. */
export function swallowsResets(scene: Scene): boolean {
  const tests = stateTests(scene);
  const isSilent = tests.some(({ strays }) => {
    return strays.length >= strayTimes && strays.every(({ seen }) => seen.answer === 'silence');
  });
  return isSilent && !bringsResets(scene);
}

/** From the second port only where the first is in use here. */
function wishesAt(scene: Scene, port: number): readonly Wish[] {
  const [first, second] = plainPorts;
  const isTaken = scene.book.last(connect(port, first))?.seen.answer === 'in-use';
  return isTaken ? wishesFrom(scene, port, second) : wishesFrom(scene, port, first);
}

function wishesFrom({ book }: Scene, port: number, from: number): readonly Wish[] {
  const stray = strayAck(port, from);
  const strays = book.answers(stray);
  if (!strays.every(({ seen }) => isStoppedBy(seen.answer))) return [];
  if (strays.length < strayTimes) return [{ question: stray, times: strays.length + 1 }];
  return [{ question: connect(port, from), times: 1 }];
}

function isStoppedBy(answer: string): boolean {
  return answer === 'silence' || answer === 'icmp';
}

/** Services that speak first, as far as ports tell, else any. */
function testPorts(scene: Scene): readonly number[] {
  const all = scene.kind('tcp', 'open')[0];
  const nearer = all === undefined ? [] : scene.nearer(all);
  const open = all?.ports.filter((port) => !has(nearer, port)) ?? [];
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
