/**
 * Hands the classes that something stops over to whoever finds the place.
 *
 * @module
 */

import { plainTechnique } from './book.ts';
import { type PortClass, spanOf, spreadOf } from './classes.ts';
import type { FilteredProtocol, Seen } from './contract.ts';
import { sharesOf } from './default-answer.ts';
import { findLocation } from './location.ts';
import { kindOf, routersPassed } from './look.ts';
import type { Scene } from './scene.ts';
import { swallowsResets } from './steps/state.ts';
import type { Location, Reference } from './stopped.ts';

/** Begins to look for the places at which probes of a host end. */
export function beginLocation(scene: Scene): {
  readonly classes: readonly PortClass[];
  readonly finder: Location;
} {
  const reference = referenceOf(scene);
  const classes = (['tcp', 'udp'] as const).flatMap((protocol) => [
    ...scene.stopped(protocol).filter((one) => one.kind !== 'silent' || isOwnSilence(scene, protocol)),
    // Resets that nothing can be compared with may be anybody's.
    ...(reference === undefined || reference.technique === 'ack'
      ? scene.kind(protocol, 'closed').filter((one) => one.seen.answer === 'tcp' && !scene.isForged(one))
      : []),
  ]);
  const stopped = classes.map(({ protocol, ports, seen }) => ({
    protocol,
    technique: plainTechnique(protocol),
    ports: spanOf(ports),
    all: ports,
    seen,
  }));
  return {
    classes,
    finder: findLocation({
      view: scene.view,
      classes: stopped,
      ...(reference && { reference }),
      swallowsResets: () => swallowsResets(scene),
    }),
  };
}

/** Whether silence shows a place: not where it may be services that say nothing. */
function isOwnSilence(scene: Scene, protocol: FilteredProtocol): boolean {
  return protocol === 'tcp' || sharesOf(scene, 'udp').usual === 'dropped';
}

/** A probe that the host itself answers: a SYN to an open port, a bare ACK that came through, or a closed port. */
function referenceOf(scene: Scene): Reference | undefined {
  const own = scene.ownRouters;
  const isOwn = (seen: Seen) => (routersPassed(seen) ?? own) === own;
  const all = scene.kind('tcp', 'open')[0]?.ports ?? [];
  // Answers of open ports that are all nearer than the echo may be those of somebody before the host.
  const isDoubtful = own !== undefined && own < (scene.echoRouters ?? own);
  const open = isDoubtful ? [] : all.filter((port) => isOwn(scene.book.plain('tcp', port)));
  if (open.length > 0) {
    const port = spreadOf(open, 1)[0] as number;
    return { protocol: 'tcp', technique: 'syn', port, seen: scene.book.plain('tcp', port) };
  }
  // Resets of ports that nobody is suspected of, where others are known to be nearer, or behind the host.
  const resets = scene.kind('tcp', 'closed');
  const closed = resets.filter((one) => own !== undefined && isOwn(one.seen) && !scene.isForged(one));
  if (closed.length > 0 && !isDoubtful && (resets.length > closed.length || all.length > 0)) {
    const port = (closed[0] as PortClass).ports[0] as number;
    return { protocol: 'tcp', technique: 'syn', port, seen: scene.book.plain('tcp', port) };
  }
  // Whoever resets SYNs in the host's name does so with what follows no connection as well.
  const ack = scene.book
    .of('ack', '')
    .find(({ seen }) => kindOf('tcp', seen) === 'closed' && routersPassed(seen) === own);
  if (ack !== undefined) {
    return { protocol: 'tcp', technique: 'ack', port: ack.question.port, seen: ack.seen };
  }
  const datagram = [...scene.kind('udp', 'open'), ...scene.kind('udp', 'closed')][0];
  if (datagram === undefined) return undefined;
  return { protocol: 'udp', technique: 'udp', port: datagram.ports[0] as number, seen: datagram.seen };
}
