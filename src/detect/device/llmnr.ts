/**
 * LLMNR: how the host of an address is called (RFC 4795). Asked of the host alone, by UDP as some answer it, and by TCP as
 * the protocol wants such questions to be asked (2.4).
 *
 * @module
 */

import { bytesFrom, u16 } from '../service/byte-writer.ts';
import { llmnr } from '../service/protocols/names/link-names.ts';
import { claimsIn, nothingLearnt, opened, questionOf, waitsMs } from './ask.ts';
import type { DeviceQuestion, DeviceTalk } from './contract.ts';

/** By UDP. */
export const llmnrQuestion: DeviceQuestion = questionOf(llmnr, waitsMs.link);

/** By TCP, a message behind its length (RFC 1035, 4.2.2). */
export const llmnrOverTcp: DeviceQuestion = {
  name: 'llmnr-tcp',
  transport: 'tcp',
  port: 5355,
  *ask(device): DeviceTalk {
    if (!(yield* opened())) return nothingLearnt;
    const words = llmnr.request?.bytes({ host: device.address, port: 5355 }, nothing) ?? nothing;
    const isEnough = (bytes: Uint8Array) => bytes.length >= 2 && bytes.length >= 2 + lengthIn(bytes);
    const bytes = bytesFrom(u16(words.length), words);
    const outcome = yield { does: 'say', bytes, waitMs: waitsMs.link, isEnough };
    if (outcome.was !== 'heard' || outcome.bytes.length < 2) return nothingLearnt;
    return { claims: claimsIn(llmnr, outcome.bytes.subarray(2, 2 + lengthIn(outcome.bytes))) };
  },
};

function lengthIn(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

const nothing = new Uint8Array(0);
