/**
 * Which hosts answered an echo request when they were looked for. Where they answer nothing else it shows the way to
 * them: a question of its own for that stands behind those of the list.
 *
 * @module
 */

import { type Observation, observationKind } from '../../model/observation.ts';
import { pathEcho } from '../../techniques/path-echo.ts';
import type { PhaseOptions } from '../engine-options.ts';
import type { Host } from './host.ts';

/** The hosts of an engine that are known to answer echo requests. */
export class KnownEchoes {
  /** By phase: whether it looks for hosts, and the number of the question that shows the way; -1: there is none. */
  readonly #finds: readonly boolean[];
  readonly #questions: readonly number[];
  readonly #hosts = new Set<number>();

  constructor(phases: readonly PhaseOptions[]) {
    this.#finds = phases.map((phase) => phase.kind === 'list' && phase.firstAnswerSettles);
    this.#questions = phases.map((phase) => {
      if (phase.kind !== 'list') return -1;
      const { techniques, techniqueOf } = phase.questions;
      return techniqueOf.lastIndexOf(techniques.indexOf(pathEcho));
    });
  }

  /** Something was seen of a host. */
  note(host: Host, { kind }: Observation): void {
    if (kind === observationKind['echo-reply'] && this.#finds[host.phase] === true) this.#hosts.add(host.id);
  }

  /** A host begins to be asked. */
  admit(host: Host): void {
    const question = this.#questions[host.phase] ?? -1;
    if (question >= 0 && this.#hosts.delete(host.id)) host.takeEcho(question);
  }
}
