/**
 * What an answer says: something, or why it says nothing. And the outcome that is made of one that does.
 *
 * @module
 */

import type { DnsOutcome, DnsRecord } from '../asker.ts';
import { typeNumbers } from '../message/record-types.ts';
import { codeName, type Response } from '../message/response.ts';

/** What an answer is taken for. */
export type Judgement =
  | 'answer'
  | 'truncated'
  /** The server does not understand what is beyond RFC 1035. */
  | 'lacks-edns'
  | 'servfail'
  | 'refused'
  /** It is not its zone, and it asks nobody else. */
  | 'lame'
  | 'malformed';

/** How the question was asked. */
interface Asked {
  readonly isRecursive: boolean;
  readonly lacksEdns: boolean;
}

/** Judges an answer. `isProven`: it repeats the question; one that does not is believed in nothing but its trouble. */
export function judge(response: Response, asked: Asked, isProven: boolean, isStream: boolean): Judgement {
  const { code } = response;
  switch (code) {
    case codes.servfail:
      return 'servfail';
    case codes.refused:
    case codes.notAuth:
      return 'refused';
    case codes.formErr:
    case codes.badVers:
      return asked.lacksEdns ? 'malformed' : 'lacks-edns';
    case codes.notImp:
      if (!asked.lacksEdns) return 'lacks-edns';
  }
  if (!isProven) return 'malformed';
  if (response.isTruncated) return isStream ? 'malformed' : 'truncated';
  return code === codes.noError && isLame(response, asked.isRecursive) ? 'lame' : 'answer';
}

/** An answer as an outcome; its records are read when they are first wanted, so a copy made by spreading has none. */
export class Answer implements Extract<DnsOutcome, { readonly kind: 'answer' }> {
  readonly kind = 'answer';
  readonly rcode: string;
  readonly isAuthoritative: boolean;
  readonly isAuthentic: boolean;
  readonly server: string;
  readonly rttMs: number;
  readonly #response: Response;

  constructor(response: Response, server: string, rttMs: number) {
    this.rcode = codeName(response.code);
    this.isAuthoritative = response.isAuthoritative;
    this.isAuthentic = response.isAuthentic;
    this.server = server;
    this.rttMs = rttMs;
    this.#response = response;
  }

  get records(): readonly DnsRecord[] {
    return this.#response.records;
  }

  /** For how many seconds it holds. */
  get ttl(): number {
    return this.#response.ttl;
  }
}

/** Nothing of its own, no referral downwards either. */
function isLame(response: Response, isRecursive: boolean): boolean {
  if (response.isAuthoritative || response.isRecursive || response.answers > 0) return false;
  const owners = response.records.filter(({ section }) => section === 'authority');
  if (owners.some(({ typeNumber }) => typeNumber === typeNumbers.SOA)) return false;
  return isRecursive || !owners.some(({ typeNumber, name }) => typeNumber === typeNumbers.NS && name !== '');
}

const codes = {
  noError: 0,
  formErr: 1,
  servfail: 2,
  notImp: 4,
  refused: 5,
  notAuth: 9,
  badVers: 16,
} as const;
