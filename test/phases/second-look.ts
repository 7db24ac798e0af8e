/** A phase for tests: asks port 7, and once more in another variant where the answer has come with TTL 64. @module */

import type { Phase } from '../../src/scan/phases/phase.ts';
import { portTechniques } from '../../src/techniques/index.ts';

/** What it keeps of a host: the TTLs of the answers, by question. */
type Ttls = number[];

/** The phase. */
export const secondLook: Phase<Ttls> = {
  name: 'second-look',
  number: 200,
  wants: () => true,
  needs: () => ['CAP_NET_RAW'],
  cost: () => ({ packets: 2, bytes: 80, assumes: 'port 7 is asked twice' }),
  begin: () => [],
  agenda(_, ttls) {
    if (ttls.length === 0) return [{ technique: portTechniques.syn, port: 7, variant: 0 }];
    return ttls.length === 1 && ttls[0] === 64
      ? [{ technique: portTechniques.syn, port: 7, variant: 1 }]
      : [];
  },
  fold: (_, ttls, __, { ttl }) => void ttls.push(ttl),
  facts: (_, ttls) => [
    {
      rule: 'second-look',
      claim: `TTLs ${ttls.join(', ')}`,
      confidence: 1,
      evidence: [],
      refutedBy: 'other TTLs',
    },
  ],
};
