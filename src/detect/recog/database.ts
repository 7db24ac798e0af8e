/**
 * The fingerprints over one text, in their order: the first that matches tells.
 *
 * @module
 */

import type { Fingerprint, Param } from './fingerprints.ts';
import { type Expression, expressionOf } from './libraries.ts';

/** What a fingerprint tells: its fields by recog's names. */
export interface Match {
  readonly description: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Fingerprints that are compiled. */
export class Database {
  /** How many cannot be compiled. */
  readonly failures: number;
  readonly #rows: readonly Row[];
  /** Machines of a kind say the same. */
  readonly #known = new Map<string, Match | undefined>();

  constructor(fingerprints: readonly Fingerprint[]) {
    this.#rows = fingerprints.flatMap((fingerprint) => {
      const { description, params } = fingerprint;
      const expression = expressionOf(fingerprint.pattern, fingerprint);
      return expression === undefined ? [] : [{ description, params, expression }];
    });
    this.failures = fingerprints.length - this.#rows.length;
  }

  match(text: string): Match | undefined {
    if (!this.#known.has(text)) {
      if (this.#known.size >= mostKnown) this.#known.clear();
      this.#known.set(text, this.#find(text));
    }
    return this.#known.get(text);
  }

  #find(text: string): Match | undefined {
    for (const { description, params, expression } of this.#rows) {
      const groups = expression(text);
      if (groups !== undefined) return { description, fields: fieldsOf(params, groups) };
    }
    return undefined;
  }
}

interface Row {
  readonly description: string;
  readonly params: readonly Param[];
  readonly expression: Expression;
}

/** Groups first, since values name them. */
function fieldsOf(
  params: readonly Param[],
  groups: readonly (string | undefined)[],
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const { name, group } of params) {
    const text = group > 0 ? groups[group] : undefined;
    if (text !== undefined && text !== '') fields[name] = text;
  }
  for (const { name, group, value } of params) {
    // In a CPE a dash stands for what is not known.
    if (group === 0) fields[name] = value.replaceAll(/\{([\w.]+)\}/g, (_, other) => fields[other] ?? '-');
  }
  return fields;
}

const mostKnown = 4096;
