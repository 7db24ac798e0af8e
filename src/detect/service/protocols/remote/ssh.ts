/**
 * SSH (RFC 4253): the identification line, the algorithms that a server offers, and the keys by which it is known.
 *
 * @module
 */

import { bytesFrom } from '../../byte-writer.ts';
import type { Facts, Further, Parsed, Protocol } from '../../contract.ts';
import { bytesOf, textOf } from '../../text.ts';
import { exchangeFor, hostKeyOf, kindsIn, offerOf, packetsOf } from './ssh-exchange.ts';
import { sshProducts } from './ssh-products.ts';

/** SSH servers. */
export const ssh: Protocol = {
  name: 'ssh',
  transport: 'tcp',
  ports: [22, 222, 830, 2022, 2200, 2222, 10022, 22222],
  greeting: true,
  // A server names its algorithms when it knows who is there, or at once.
  more: {
    cost: 1,
    bytes: () => bytesOf(whoAsks),
    next: {
      cost: 5,
      bytes: (_, heard) => {
        const offer = offerOf(packetsIn(heard)) ?? {};
        const [kind = ''] = kindsIn(algorithmsIn(offer));
        return exchangeFor(offer, kind) ?? new Uint8Array(0);
      },
      isAnswered: (heard) => hostKeyOf(packetsIn(heard)) !== undefined,
    },
  },
  further,
  parse,
  isWhole: (bytes) => offerOf(packetsIn(bytes)) !== undefined,
  products: sshProducts,
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const line = lineAt(bytes);
  const said = identification.exec(line?.text ?? '');
  if (line === undefined || said === null) return undefined;
  const [, protocol = '', software = '', comment] = said;
  const payloads = packetsOf(bytes.subarray(line.end));
  const { compression: _, ...offer } = offerOf(payloads) ?? {};
  const key = hostKeyOf(payloads);
  const facts: Facts = {
    protocol,
    software,
    ...(comment !== undefined && comment !== '' && { comment }),
    ...offer,
    ...(key !== undefined && { hostKeys: [key] }),
  };
  return { facts };
}

/** What follows the identification line. */
function packetsIn(bytes: Uint8Array): readonly Uint8Array[] {
  return packetsOf(bytes.subarray(lineAt(bytes)?.end ?? bytes.length));
}

function algorithmsIn({ hostKeyAlgorithms = [] }: Facts): readonly string[] {
  return typeof hostKeyAlgorithms === 'string' ? [hostKeyAlgorithms] : hostKeyAlgorithms;
}

/** Its other keys, each by a connection: the answer to each offer of ours is one key. */
function further(facts: Facts): readonly Further[] {
  return kindsIn(algorithmsIn(facts))
    .slice(1)
    .flatMap((kind) => {
      const words = exchangeFor(facts, kind);
      return words === undefined
        ? []
        : [
            {
              name: `key ${kind}`,
              cost: 8 as const,
              bytes: () => bytesFrom(whoAsks, words),
              isWhole: (heard: Uint8Array) => hostKeyOf(packetsIn(heard)) !== undefined,
              read: (heard: Uint8Array) => {
                const key = hostKeyOf(packetsIn(heard));
                return key === undefined ? undefined : { hostKeys: [key] };
              },
            },
          ];
    });
}

/** The identification line; lines may come before it (RFC 4253, 4.2), as from a server that is too busy. */
function lineAt(bytes: Uint8Array): { readonly text: string; readonly end: number } | undefined {
  let start = 0;
  for (let lines = 0; lines < mostLinesBefore; lines++) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return undefined;
    const text = textOf(bytes.subarray(start, end)).replace(/\r$/, '');
    if (text.startsWith('SSH-')) return { text, end: end + 1 };
    start = end + 1;
  }
  return undefined;
}

const identification = /^SSH-(\d+\.\d+)-([!-~]{1,128})(?: (.{0,128}))?$/;
const whoAsks = 'SSH-2.0-Portolan\r\n';
const lineFeed = 10;
const mostLinesBefore = 8;
