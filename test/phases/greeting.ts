/** A phase for tests that talks: hears how each open TCP port greets. @module */

import { Observation, observationKind } from '../../src/model/observation.ts';
import type { Phase } from '../../src/scan/phases/phase.ts';
import { portTechniques } from '../../src/techniques/index.ts';

/** What it keeps of a host: the ports that are still to be asked, and what each has said. */
interface Greetings {
  toAsk: readonly number[];
  readonly heard: string[];
}

/** The phase. */
export const greeting: Phase<Greetings> = {
  name: 'greeting',
  number: 201,
  wants: () => true,
  needs: () => [],
  begin: ({ openPorts }) => ({
    toAsk: openPorts.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port),
    heard: [],
  }),
  agenda(_, state) {
    const questions = state.toAsk.map((port) => ({ technique: portTechniques.connect, port, variant: 0 }));
    state.toAsk = [];
    return questions;
  },
  via: () => 'dial',
  async talk({ address, scopeId }, { port }, dial) {
    const seen = new Observation();
    const opened = await dial.open({ host: address, scopeId, port, transport: 'tcp', timeoutUs: waitUs });
    seen.begin(opened.outcome === 'connected' ? observationKind.connected : observationKind.silence);
    if (opened.outcome !== 'connected') return seen;
    const { dialogue } = opened;
    const read = await dialogue.read(64, dialogue.begunUs + waitUs);
    if (read.kind === 'bytes') seen.data = read.bytes;
    dialogue.close('fin');
    return seen;
  },
  fold({ id }, { heard }, { port }, { data }) {
    heard.push(`${id}:${port} ${new TextDecoder().decode(data)}`);
  },
  facts: (_, { heard }) =>
    heard.map((claim) => ({
      rule: 'greeting',
      claim,
      confidence: 1,
      evidence: [],
      refutedBy: 'another one',
    })),
};

const waitUs = 2_000_000;
