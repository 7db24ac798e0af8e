/**
 * What devices say of themselves to whoever asks them: the door of this folder for those who ask, loaded only where a scan
 * does.
 *
 * @module
 */

import type { DeviceQuestion } from './contract.ts';
import { ippQuestion } from './ipp.ts';
import { llmnrOverTcp, llmnrQuestion } from './llmnr.ts';
import { mdnsQuestion } from './mdns.ts';
import { netbiosQuestion } from './netbios.ts';
import { snmpQuestion } from './snmp.ts';
import { ssdpQuestion } from './ssdp.ts';
import { wsdQuestion } from './wsd.ts';

export type { AskedDevice, DeviceClaim, DeviceQuestion, DeviceTalk, Learnt } from './contract.ts';
export { type GroupQuestion, groupQuestions, readAnnounced } from './searches.ts';

/** What every device is asked. */
export const deviceQuestions: readonly DeviceQuestion[] = [
  mdnsQuestion,
  ssdpQuestion,
  netbiosQuestion,
  llmnrQuestion,
  llmnrOverTcp,
  wsdQuestion,
  snmpQuestion,
];

/** What is asked besides of a device with these open ports. */
export const questionsByPort: ReadonlyMap<number, DeviceQuestion> = new Map([
  [ippQuestion.port, ippQuestion],
]);
