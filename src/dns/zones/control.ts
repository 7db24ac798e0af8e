/**
 * What names that nobody has made up before are answered, type by type, and whether another name's answer is any
 * different. Answers may be constant, made of the name, taken from a pool, or new each time.
 *
 * @module
 */

import { parseAddress } from '../../model/parse-address.ts';
import { labelBytes, labelsOf } from '../message/labels.ts';
import { type Sight, valuesOf } from './read-answer.ts';
import type { ZoneBook } from './zone-book.ts';

/** How a name's answer compares with those of the control. */
export type Comparison = 'alike' | 'differs' | 'undecided';

/** Knows what a kind of made-up name is answered. */
export class Control {
  readonly #book: ZoneBook;
  readonly #make: () => string;
  readonly #dnssec: boolean;
  readonly #models = new Map<string, Promise<Model>>();

  /** `make` gives another made-up name at each call. */
  constructor(book: ZoneBook, make: () => string, dnssec = false) {
    this.#book = book;
    this.#make = make;
    this.#dnssec = dnssec;
  }

  /** Compares what was seen at a name; asks for the name again where the answers vary. */
  async compare(name: string, type: string, sight: Sight): Promise<Comparison> {
    const model = await this.#model(type);
    if (model.kinds.size === 0) return 'undecided';
    if (sight.kind === 'undecided') return 'undecided';
    if (!model.kinds.has(sight.kind)) {
      // Whoever answers now this, now that, is asked once more.
      await this.#sample(model, type, fewNames);
      return model.kinds.has(sight.kind) ? 'alike' : 'differs';
    }
    if (sight.kind !== 'records') return 'alike';
    if (!model.types.has(sight.type)) return 'differs';
    if (model.ttls.size === 1 && sight.records.some(({ ttl }) => !model.ttls.has(ttl))) return 'differs';
    if (!model.isVarying) {
      if (fits(model, name, sight)) return 'alike';
      // It may only have looked constant.
      await this.#sample(model, type, fewNames);
      if (!model.isVarying) return 'differs';
    }
    return this.#compareVarying(model, name, type, sight);
  }

  /** Whether made-up names are answered for a type at all, be it that they do not exist. */
  async isAnswered(type: string): Promise<boolean> {
    return (await this.#model(type)).kinds.size > 0;
  }

  async #compareVarying(
    model: Model,
    name: string,
    type: string,
    sight: Extract<Sight, { kind: 'records' }>,
  ): Promise<Comparison> {
    const values = valuesOf(sight.records);
    if (!values.every((value) => model.pool.has(value))) {
      model.saturated ??= this.#saturate(model, type);
      await model.saturated;
      if (!values.every((value) => model.pool.has(value))) {
        if (model.pool.size <= largestPool) return 'differs';
        // New each time: only what all of them have in common can tell.
        const shared = sharedPrefix([...model.pool]);
        if (shared !== undefined && values.some((value) => !addressBits(value)?.startsWith(shared)))
          return 'differs';
      }
    }
    // Made of the name: such an answer stays what it is, as that of a name of its own does.
    if (!model.variesByAsk) return 'alike';
    const most = Math.ceil(chance / Math.log(Math.max(2, Math.min(model.pool.size, largestPool)))) + 1;
    const first = values.join(' ');
    for (let asked = 1; asked < most; asked++) {
      const again = await this.#book.look(name, type, { dnssec: this.#dnssec });
      if (again.kind === 'undecided') return 'undecided';
      if (again.kind !== 'records' || valuesOf(again.records).join(' ') !== first) return 'alike';
    }
    return 'differs';
  }

  #model(type: string): Promise<Model> {
    const known = this.#models.get(type);
    if (known !== undefined) return known;
    const model: Model = {
      kinds: new Set(),
      types: new Set(),
      ttls: new Set(),
      pool: new Set(),
      templates: new Set(),
      answers: 0,
      variesByAsk: false,
      isVarying: false,
    };
    const made = this.#sample(model, type, firstNames).then(() => model);
    this.#models.set(type, made);
    return made;
  }

  /** Asks for made-up names, each twice. */
  async #sample(model: Model, type: string, names: number): Promise<void> {
    await Promise.all(
      Array.from({ length: names }, async () => {
        const name = this.#make();
        const seen = [
          await this.#book.look(name, type, { dnssec: this.#dnssec }),
          await this.#book.look(name, type, { dnssec: this.#dnssec }),
        ];
        const texts = seen.map((sight) => learn(model, name, sight)).filter((text) => text !== undefined);
        if (new Set(texts).size > 1) model.variesByAsk = true;
      }),
    );
    model.isVarying = model.templates.size > 1;
  }

  /** Asks until another value would be a surprise (one in a million), or the values have no end. */
  async #saturate(model: Model, type: string): Promise<void> {
    while (model.pool.size <= largestPool && model.answers < chance * model.pool.size) {
      const before = model.answers;
      await this.#sample(model, type, namesAtOnce);
      if (model.answers === before) return;
    }
  }
}

/** What made-up names are answered for one type. */
interface Model {
  readonly kinds: Set<Sight['kind']>;
  readonly types: Set<string>;
  readonly ttls: Set<number>;
  readonly pool: Set<string>;
  /** Sets of values with the name taken out of them. */
  readonly templates: Set<string>;
  answers: number;
  variesByAsk: boolean;
  isVarying: boolean;
  saturated?: Promise<void>;
}

/** Adds an answer to a model; returns its values as text. */
function learn(model: Model, name: string, sight: Sight): string | undefined {
  if (sight.kind === 'undecided') return undefined;
  model.kinds.add(sight.kind);
  if (sight.kind !== 'records') return sight.kind;
  model.answers++;
  model.types.add(sight.type);
  const values = valuesOf(sight.records);
  for (const value of values) if (model.pool.size <= mostKept) model.pool.add(value);
  for (const { ttl } of sight.records) model.ttls.add(ttl);
  if (model.templates.size <= mostKept) model.templates.add(templateOf(values, name));
  return values.join(' ');
}

/** Whether the answer is one that a made-up name would have got in place of this one. */
function fits(model: Model, name: string, sight: Extract<Sight, { kind: 'records' }>): boolean {
  const values = valuesOf(sight.records);
  const text = values.join('\n').toLowerCase();
  return [...model.templates].some((template) => instance(template, name) === text);
}

function templateOf(values: readonly string[], name: string): string {
  const text = values.join('\n').toLowerCase();
  const label = labelBytes(labelsOf(name)[0] as string);
  const whole = text.replaceAll(name, '\u0001');
  // A short label stands in many a word by chance.
  return label.length < shortestTelling ? whole : whole.replaceAll(label, '\u0002');
}

function instance(template: string, name: string): string {
  return template.replaceAll('\u0001', name).replaceAll('\u0002', labelBytes(labelsOf(name)[0] as string));
}

/** The bits that addresses begin with, all alike; undefined where one is no address. */
function sharedPrefix(values: readonly string[]): string | undefined {
  let shared: string | undefined;
  for (const value of values) {
    const bits = addressBits(value);
    if (bits === undefined) return undefined;
    if (shared === undefined) shared = bits;
    let length = 0;
    while (length < shared.length && shared[length] === bits[length]) length++;
    shared = shared.slice(0, length);
  }
  return shared;
}

function addressBits(value: string): string | undefined {
  const address = parseAddress(value);
  return address?.value.toString(2).padStart(address.family === 4 ? 32 : 128, '0');
}

const firstNames = 4;
const fewNames = 3;
const namesAtOnce = 16;
/** Names answered from more values than these are answered at random. */
const largestPool = 64;
const mostKept = 1024;
/** -ln of one in a million. */
const chance = 13.8;
const shortestTelling = 5;
