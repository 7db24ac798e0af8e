/** Whoever infers for tests: looks for the place where each class of ports ends, and for nothing else. @module */

import type { FirewallView, Inference } from '../../src/firewall/contract.ts';
import { findLocation } from '../../src/firewall/location.ts';
import type { Reference, Stop, StoppedClass } from '../../src/firewall/stopped.ts';

/** What it tells of a class, as the claim of a finding. */
export interface Located {
  /** Protocol and tens of its ports. */
  readonly class: string;
  readonly stop: Stop | null;
  readonly distance: number | null;
  readonly asked: number;
  /** Transmissions, and pauses among them. */
  readonly sent: number;
  readonly pauses: number;
}

/** Looks for places. Ten ports that follow one another are a class, whatever they answer. */
export function locate(view: FirewallView): Inference {
  const classes = new Map<string, StoppedClass & { ports: number[] }>();
  let reference: Reference | undefined;
  for (const protocol of ['tcp', 'udp'] as const) {
    const technique = protocol === 'tcp' ? 'syn' : 'udp';
    for (const port of view.ports[protocol]) {
      const seen = view.plain(protocol, port);
      if (seen.answer === 'tcp' && (seen.flags & 0x12) === 0x12) {
        reference ??= { protocol, technique, port, seen };
        continue;
      }
      const name = `${protocol} ${Math.floor(port / 10)}`;
      const found = classes.get(name) ?? { protocol, technique, ports: [], seen };
      found.ports.push(port);
      classes.set(name, found);
    }
  }
  const location = findLocation({
    view,
    classes: [...classes.values()],
    ...(reference && { reference }),
  });
  let asked = 0;
  let sent = 0;
  let pauses = 0;
  return {
    agenda: () => location.agenda(),
    fold(question, seen) {
      sent += seen.attempts;
      pauses += question.variant === 'pause' ? 1 : 0;
      if (process.env['PORTOLAN_TEST_TELL'] !== undefined)
        process.stderr.write(`${asked} ${question.port} ${question.variant}: ${JSON.stringify(seen)}\n`);
      location.fold(question, seen, asked++);
    },
    conclude: () => ({
      policy: [],
      changed: [],
      leftOut: [],
      findings: [...classes.keys()].map((name, i) => {
        const stop = location.stops()[i] ?? null;
        const distance = location.distance ?? null;
        const told: Located = { class: name, stop, distance, asked, sent, pauses };
        return {
          rule: 'located',
          claim: JSON.stringify(told),
          confidence: 1,
          evidence: [],
          refutedBy: 'another place',
          cites: [],
        };
      }),
    }),
  };
}
