/**
 * What one host's filter was asked and what came of it, in order.
 *
 * @module
 */

import type { FilteredProtocol, FirewallQuestion, FirewallView, Seen } from './contract.ts';
import { packetsOf } from './cost.ts';
import { kindOf } from './look.ts';
import { has } from './port-list.ts';
import { pauseVariant } from './variants.ts';

/** One answer and its place in the order in which answers were folded. */
export interface Entry {
  readonly index: number;
  readonly question: FirewallQuestion;
  readonly seen: Seen;
}

/** A question to be asked until there are `times` answers to it. */
export interface Wish {
  readonly question: FirewallQuestion;
  readonly times: number;
}

/** The evidence of one host. */
export class Book {
  readonly view: FirewallView;
  readonly entries: Entry[] = [];
  /** What was sent so far, and what of it by the kernel. */
  packets = 0;
  connectionPackets = 0;
  readonly #byText = new Map<string, Entry[]>();
  readonly #byKind = new Map<string, Entry[]>();
  readonly #corrected = new Map<string, Entry>();

  constructor(view: FirewallView) {
    this.view = view;
  }

  record(question: FirewallQuestion, seen: Seen): Entry {
    const entry = { index: this.entries.length, question, seen };
    this.entries.push(entry);
    const packets = packetsOf(question, seen.attempts);
    this.packets += packets;
    if (question.technique === 'connect') this.connectionPackets += packets;
    append(this.#byText, textOf(question), entry);
    append(this.#byKind, `${question.technique} ${question.variant}`, entry);
    this.#correct(entry);
    return entry;
  }

  /** A plain probe that is answered at last says more than the silence before it. */
  #correct(entry: Entry): void {
    const { protocol, port, technique, variant } = entry.question;
    if (technique !== plainTechnique(protocol) || (variant !== '' && variant !== pauseVariant)) return;
    const place = `${protocol} ${port}`;
    if (!has(this.view.ports[protocol], port) || this.#corrected.has(place)) return;
    if (kindOf(protocol, this.view.plain(protocol, port)) !== 'silent') return;
    const kind = kindOf(protocol, entry.seen);
    if (kind !== 'silent' && kind !== 'unknown') this.#corrected.set(place, entry);
  }

  /** Answers to exactly this question, oldest first. */
  answers(question: FirewallQuestion): readonly Entry[] {
    return this.#byText.get(textOf(question)) ?? none;
  }

  /** Answers to questions of one kind, whatever the port, oldest first. */
  of(technique: FirewallQuestion['technique'], variant: string): readonly Entry[] {
    return this.#byKind.get(`${technique} ${variant}`) ?? none;
  }

  /** What came last of a question that brought more than trouble. */
  last(question: FirewallQuestion): Entry | undefined {
    return this.answers(question).findLast(({ seen }) => seen.answer !== 'unknown');
  }

  /** The answer to a plain probe that stands: the scan's, or one that came where the scan met silence. */
  plain(protocol: FilteredProtocol, port: number): Seen {
    return this.#corrected.get(`${protocol} ${port}`)?.seen ?? this.view.plain(protocol, port);
  }

  /** Ports that answered at last, and the answers. */
  get corrections(): readonly Entry[] {
    return [...this.#corrected.values()];
  }
}

/** The text that two equal questions share. */
export function textOf({ protocol, technique, port, variant }: FirewallQuestion): string {
  return `${protocol} ${technique} ${port} ${variant}`;
}

/** What the ordinary scan asks ports with. */
export function plainTechnique(protocol: FilteredProtocol): 'syn' | 'udp' {
  return protocol === 'tcp' ? 'syn' : 'udp';
}

/** The plain probe of a port, or a variant of it. */
export function plainQuestion(protocol: FilteredProtocol, port: number, variant = ''): FirewallQuestion {
  return { protocol, technique: plainTechnique(protocol), port, variant };
}

/** Wishes for one answer to each question. */
export function once(questions: readonly FirewallQuestion[]): readonly Wish[] {
  return questions.map((question) => ({ question, times: 1 }));
}

function append(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const before = map.get(key);
  if (before === undefined) map.set(key, [entry]);
  else before.push(entry);
}

const none: readonly Entry[] = [];
