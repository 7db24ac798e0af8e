/**
 * A question to all on a link at once, by multicast that no router forwards. Who answers does so by unicast; who is not
 * allowed is not heard.
 *
 * @module
 */

import type { Socket } from 'node:dgram';
import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';

/** What is asked. */
export interface Search {
  readonly name: string;
  /** An IPv4 group, and the port of those who listen to it. */
  readonly group: string;
  readonly port: number;
  readonly words: Uint8Array;
}

/** Where, and who may answer. */
export interface SearchedLink {
  /** This machine's address there, from which it is asked. */
  readonly from: string;
  readonly isAllowed: (address: string) => boolean;
}

/** A datagram that answered a search. */
export interface Found {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Who answered what, by address, and what it cost. */
export interface SearchResult {
  readonly answers: ReadonlyMap<string, readonly Found[]>;
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
}

/** How it is done. */
export interface SearchOptions {
  /** The least time between two datagrams. */
  readonly intervalMs: number;
  /** How long answers are waited for after the last one. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** What trouble on this side kept from being asked. */
  readonly complain: (message: string) => void;
}

/** Asks everything twice on every link: multicast is lost without a word. */
export async function searchLinks(
  links: readonly SearchedLink[],
  searches: readonly Search[],
  { intervalMs, waitMs, signal, complain }: SearchOptions,
): Promise<SearchResult> {
  const answers = new Map<string, Found[]>();
  const totals = { sentPackets: 0, sentBytes: 0, receivedPackets: 0 };
  const take = (link: SearchedLink, name: string, bytes: Uint8Array, sender: string) => {
    const parsed = parseAddress(sender);
    const address = parsed && formatAddress(parsed);
    if (address === undefined || !link.isAllowed(address)) return;
    totals.receivedPackets++;
    const heard = answers.get(address) ?? [];
    if (answers.size === mostHosts && heard.length === 0) return;
    answers.set(address, heard);
    if (heard.length < mostAnswers) heard.push({ name, bytes: Uint8Array.from(bytes) });
  };
  const asked = links.flatMap((link) => searches.map((search) => ({ link, search })));
  const sockets: Socket[] = [];
  try {
    const open = await Promise.all(
      asked.map(async ({ link, search }) => {
        const socket = await openAt(link.from);
        sockets.push(socket);
        socket.on('message', (bytes, { address }) => take(link, search.name, bytes, address));
        return { socket, search };
      }),
    );
    for (let round = 0; round < rounds; round++)
      for (const { socket, search } of open) {
        if (signal?.aborted === true) break;
        const isSent = await send(socket, search);
        if (!isSent) continue;
        totals.sentPackets++;
        totals.sentBytes += headerBytes + search.words.length;
        await pause(intervalMs, signal);
      }
    await pause(waitMs, signal);
  } catch (error) {
    complain(`The link was not asked by multicast: ${(error as Error).message}`);
  } finally {
    for (const socket of sockets) socket.close();
  }
  return { ...totals, answers };
}

function openAt(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { createSocket } = process.getBuiltinModule('node:dgram');
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind({ address, port: 0 }, () => {
      socket.off('error', reject);
      // What goes wrong later concerns one datagram.
      socket.on('error', () => undefined);
      socket.setMulticastInterface(address);
      socket.setMulticastTTL(1);
      socket.setMulticastLoopback(false);
      resolve(socket);
    });
  });
}

function send(socket: Socket, { words, port, group }: Search): Promise<boolean> {
  return new Promise((resolve) => {
    socket.send(words, port, group, (error) => resolve(error === null || error === undefined));
  });
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, signal?.aborted === true ? 0 : ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

const rounds = 2;
/** IPv4 and UDP. */
const headerBytes = 28;
const mostHosts = 4096;
const mostAnswers = 8;
