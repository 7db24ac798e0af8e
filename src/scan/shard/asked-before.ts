/**
 * Questions behind those of a list that hosts may have answered when they were looked for: they show whether a host is still
 * there, and the way to it.
 *
 * @module
 */

import type { AskedBefore } from '../../engine/engine-options.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { pathEcho } from '../../techniques/path-echo.ts';
import type { QuestionList } from './config.ts';

/**
 * A list with those questions behind all others, whose answers nobody is told, and which they are; the same list where there
 * are none. They are asked under techniques of their own, so that no answer to one is taken for an answer to the user's
 * question about the same port.
 */
export function withAskedBefore(
  list: QuestionList,
  discovery: QuestionList,
): { readonly list: QuestionList; readonly before: AskedBefore } {
  const count = list.portOf.length;
  const names: string[] = [];
  const added: { readonly technique: number; readonly port: number }[] = [];
  let echo = -1;
  const questions = Int32Array.from(discovery.portOf, (port, q) => {
    const technique = discovery.techniques[discovery.techniqueOf[q] as number] as string;
    const name = technique === 'ping-echo' ? pathEcho.name : sameOfPorts[technique];
    if (name === undefined || (name !== pathEcho.name && added.length >= mostBefore)) return -1;
    if (!names.includes(name)) names.push(name);
    const question = count + added.push({ technique: names.indexOf(name), port }) - 1;
    if (name !== pathEcho.name) return question;
    echo = question;
    return -1;
  });
  const techniqueOf = new Uint8Array(count + added.length);
  const portOf = new Uint16Array(count + added.length);
  techniqueOf.set(list.techniqueOf);
  portOf.set(list.portOf);
  for (const [i, { technique, port }] of added.entries()) {
    techniqueOf[count + i] = list.techniques.length + technique;
    portOf[count + i] = port;
  }
  return {
    list: { techniques: [...list.techniques, ...names], techniqueOf, portOf },
    before: { questions, echo },
  };
}

/**
 * The technique that asks a port by the same probe. A datagram from a fixed port has nothing that tells which question it
 * answers.
 */
const sameOfPorts: Readonly<Record<string, PortTechniqueName>> = {
  'ping-syn': 'syn',
  'ping-ack': 'ack',
  'ping-sctp': 'sctp-init',
  'ping-connect': 'connect',
};
/** More of them are not needed to see whether a host is there; each takes some bytes a host. */
const mostBefore = 8;
