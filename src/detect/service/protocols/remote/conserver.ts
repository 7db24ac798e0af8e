/**
 * Conserver, which shares serial consoles (conserver(8), "the protocol"): it greets with a word that others may say as well,
 * and tells those who have not logged in what they may say.
 *
 * @module
 */

import type { Protocol } from '../../contract.ts';
import { bytesOf, linesOf, textOf } from '../../text.ts';

/** It greets, and lists its commands when asked for help. */
export const conserver: Protocol = {
  name: 'conserver',
  transport: 'tcp',
  ports: [782, 3109],
  greeting: true,
  more: { cost: 1, bytes: () => bytesOf('help\r\n') },
  parse: (bytes) => {
    const [greeting = '', ...lines] = linesOf(bytes, 16);
    if (greeting !== 'ok' || (lines.length === 0 && textOf(bytes) !== 'ok\r\n')) return undefined;
    if (lines.length === 0) return { facts: {}, isSign: true };
    const commands = lines.flatMap((line) => /^([a-z]{2,12}) {1,10}\S/.exec(line)?.[1] ?? []);
    const isOne = ['exit', 'help', 'login'].every((command) => commands.includes(command));
    return isOne ? { facts: { commands } } : undefined;
  },
  isWhole: (bytes) => /\nlogin .*\n/.test(textOf(bytes)),
  products: [{ when: {}, product: 'conserver serial console daemon', cpe: 'a:conserver:conserver' }],
};
