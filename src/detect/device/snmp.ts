/**
 * SNMP: what an agent says of its system to the community `public` (RFC 3418), and the engine that it is to whoever asks
 * (RFC 3414, 4).
 *
 * @module
 */

import { questionOf as payloadOf } from '../service/payload.ts';
import { snmp } from '../service/protocols/names/snmp.ts';
import { claimsIn, hearDatagrams, nothingLearnt, opened, waitsMs } from './ask.ts';
import type { DeviceQuestion, DeviceTalk } from './contract.ts';

/** The system's group, and the engine. */
export const snmpQuestion: DeviceQuestion = {
  name: snmp.name,
  transport: 'udp',
  port: 161,
  *ask(): DeviceTalk {
    if (!(yield* opened())) return nothingLearnt;
    const system = yield* hearDatagrams(payloadOf('snmp-v2c')(), waitsMs.prompt);
    const engine = yield* hearDatagrams(payloadOf('snmp-v3')(), waitsMs.prompt);
    return { claims: [...system, ...engine].flatMap((bytes) => claimsIn(snmp, bytes)) };
  },
};
