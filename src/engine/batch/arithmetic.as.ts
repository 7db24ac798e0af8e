/**
 * The arithmetic of many packets at once, in AssemblyScript: cookies, orders, probes and answers. It decides nothing.
 * Compiled to WebAssembly it runs at full speed from the first packet, where JavaScript needs thousands of them to be
 * compiled, and its vector instructions work on four packets at a time.
 *
 * The same in TypeScript stands in `engine/answers/cookie.ts`, `base/permutation.ts`, `engine/probes/`, `engine/scheduler.ts`
 * and `read-packet.ts`, for packets of every kind; tests hold one against the other. `tools/make-arithmetic.mjs`
 * compiles it.
 *
 * @module
 */

export { dismiss, read, settle } from './answers.as';
export { cookies, number, permute } from './orders.as';
export { begin, craft } from './probes.as';
