/**
 * Where everything stands in the memory that `arithmetic.as.ts` and {@link Batch} share. Both read this file: plain
 * numbers mean the same to either compiler.
 *
 * Values of a packet stand in planes: the same value of all packets side by side, so that one instruction works on
 * four of them.
 *
 * @module
 */

/** Packets in a batch. */
export const most = 256;

const plane = 4 * most;

/** Planes of 32-bit words. Of addresses IPv4 uses the first. */
export const addressAt = 1024;
export const portAt = addressAt + 4 * plane;
export const saltAt = portAt + plane;
/** The two halves of a cookie. */
export const sequenceAt = saltAt + plane;
export const extraAt = sequenceAt + plane;
/** What is permuted: indices, then elements. */
export const elementAt = extraAt + plane;
/** Of a received packet: whether it is a plain TCP segment, and what it says. */
export const plainAt = elementAt + plane;
export const localPortAt = plainAt + plane;
export const flagsAt = localPortAt + plane;
export const saidSequenceAt = flagsAt + plane;
export const saidAcknowledgementAt = saidSequenceAt + plane;
export const ttlAt = saidAcknowledgementAt + plane;
export const windowAt = ttlAt + plane;
/** Whether DF is set, and the identification. */
export const dontFragmentAt = windowAt + plane;
export const ipIdAt = dontFragmentAt + plane;
export const wireBytesAt = ipIdAt + plane;
/** Seconds and nanoseconds of its arrival, by the wall clock. */
export const secondsAt = wireBytesAt + plane;
export const nanosecondsAt = secondsAt + plane;

/** Of the answers that {@link Batch.settle} takes, one after the other: what they answer and what they say. */
export const questionAt = nanosecondsAt + plane;
export const codeAt = questionAt + plane;
export const runTtlAt = codeAt + plane;
export const runFlagsAt = runTtlAt + plane;
export const runWindowAt = runFlagsAt + plane;
export const runDontFragmentAt = runWindowAt + plane;
export const runIpIdAt = runDontFragmentAt + plane;
/** Planes of doubles: when they came, when their probes left. */
export const cameAt = runIpIdAt + plane;
export const sentAt = cameAt + 2 * plane;
/** Question, round trip and identification of each, side by side: three words. */
export const itemAt = sentAt + 2 * plane;
/** Where each stretch of answers that look alike ends. */
export const endAt = itemAt + 3 * plane;
/** Byte offsets into the planes of segments that are left to others, in the order of their arrival. */
export const otherAt = endAt + plane;
/** What there is to say of all of them: doubles, see {@link Batch.settle}. */
export const sumsAt = otherAt + plane;

/** The packet that all are copies of: headers and constant data. */
export const templateAt = sumsAt + 64;
export const longestTemplate = 2048;

/** Frames of a receive ring, as the kernel lays them out. */
export const framesAt = templateAt + longestTemplate;
export const frameBytes = 256;

/** What lies behind is handed out. */
export const freeAt = framesAt + most * frameBytes;
