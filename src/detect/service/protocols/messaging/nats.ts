/**
 * NATS (docs.nats.io, "Client Protocol"): the server greets with all that it is, in one line of JSON.
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith } from '../../text.ts';

/** Publishers and subscribers. */
export const nats: Protocol = {
  name: 'nats',
  transport: 'tcp',
  ports: [4222, 6222],
  greeting: true,
  // Whoever wants TLS begins it after the greeting, without a word.
  starttls: {
    cost: 5,
    isOffered: ({ tls }) => tls !== undefined,
    bytes: new Uint8Array(0),
    isAgreed: () => true,
    isSilent: true,
  },
  parse,
  isWhole: (bytes) => bytes.includes(lineFeed),
  products: [
    {
      when: { version: /^(\d[\w.+-]*)$/ },
      product: 'NATS',
      version: '$1',
      cpe: 'a:linuxfoundation:nats-server',
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, 'INFO {')) return undefined;
  const end = bytes.indexOf(lineFeed);
  const line = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
  const text = (name: string) => new RegExp(`"${name}":"([^"\\\\]{1,120})"`).exec(line)?.[1];
  const isSaid = (name: string) => line.includes(`"${name}":true`);
  const version = text('version');
  const id = text('server_id');
  if (version === undefined || id === undefined) return undefined;
  const name = text('server_name');
  const cluster = text('cluster');
  const go = text('go');
  const facts: Facts = {
    version,
    ...(name !== undefined && name !== id && { serverName: name }),
    ...(cluster !== undefined && { cluster }),
    ...(go !== undefined && { go }),
    ...(isSaid('jetstream') && { jetstream: 'enabled' }),
    ...(isSaid('auth_required') && { authentication: 'required' }),
    ...(isSaid('tls_required') ? { tls: 'required' } : isSaid('tls_available') && { tls: 'available' }),
  };
  return { facts };
}

const lineFeed = 10;
