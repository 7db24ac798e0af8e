/**
 * One verdict about a port in 32 bits: technique, state, reason, how often was asked. Records hold millions of them.
 *
 * @module
 */

import { type PortTechniqueName, portTechniqueNames } from '../model/technique-name.ts';
import { type PortState, type Protocol, portStates, type Reason, reasons } from '../model/verdict.ts';

/** What was seen of a port. */
export interface Look {
  readonly protocol: Protocol;
  /** Absent where a record does not say by what. */
  readonly technique: PortTechniqueName | undefined;
  readonly state: PortState;
  readonly reason: Reason | undefined;
  /** 0: not said. */
  readonly attempts: number;
}

/** The transports, in the order of their numbers. */
export const protocols = ['tcp', 'udp', 'sctp', 'ip'] as const satisfies readonly Protocol[];

/** A look as a number of 32 bits. */
export function packLook({ protocol, technique, state, reason, attempts }: Look): number {
  return packed(
    protocols.indexOf(protocol),
    technique === undefined ? noTechnique : portTechniqueNames.indexOf(technique),
    portStates.indexOf(state),
    reason === undefined ? 0 : reasons.indexOf(reason) + 1,
    attempts,
  );
}

/** The same of numbers; `reason` counts from 1, 0: not said. */
export function packed(
  protocol: number,
  technique: number,
  state: number,
  reason: number,
  attempts: number,
): number {
  return (
    ((protocol << 30) |
      (technique << 26) |
      (state << 23) |
      (reason << 16) |
      Math.min(attempts, mostAttempts)) >>>
    0
  );
}

/** Reverses {@link packLook}. */
export function lookOf(word: number): Look {
  const technique = (word >>> 26) & 15;
  const reason = (word >>> 16) & 127;
  return {
    protocol: protocols[word >>> 30] as Protocol,
    technique: technique === noTechnique ? undefined : portTechniqueNames[technique],
    state: portStates[(word >>> 23) & 7] as PortState,
    reason: reason === 0 ? undefined : reasons[reason - 1],
    attempts: word & mostAttempts,
  };
}

/** Protocol and technique of the upper bits of a look. */
export function techniqueOfKey(key: number): Pick<Look, 'protocol' | 'technique'> {
  const { protocol, technique } = lookOf((key << 26) >>> 0);
  return { protocol, technique };
}

/** The transport's number. */
export function protocolOf(word: number): number {
  return word >>> 30;
}

/** Whether two looks tell the same state for the same reason by the same technique. */
export function isAlike(one: number, other: number): boolean {
  return ((one ^ other) & ~mostAttempts) === 0;
}

/**
 * What kind of question was asked: verdicts of one kind can be compared. A SYN and a connection ask the same, and who does
 * not say what he asked asked that.
 */
export function kindOf(word: number): number {
  const technique = (word >>> 26) & 15;
  return technique === connect || technique === noTechnique ? syn : technique;
}

/** The state's number. */
export function stateOf(word: number): number {
  return (word >>> 23) & 7;
}

/** Whether nothing came back. */
export function isSilent(word: number): boolean {
  return ((word >>> 16) & 127) === silence;
}

/** The look with another number of attempts. */
export function attemptsOf(word: number): number {
  return word & mostAttempts;
}

/** No record says more often. */
const mostAttempts = 255;
/** Behind all techniques, of which there is room for fifteen. */
const noTechnique = 15;
const syn = portTechniqueNames.indexOf('syn');
const connect = portTechniqueNames.indexOf('connect');
const silence = reasons.indexOf('no-response') + 1;
