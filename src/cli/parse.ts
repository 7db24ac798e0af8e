/**
 * Arguments to draft, in the manner of getopt_long_only, driven by the option table: one dash or two before
 * long names, values behind `=`, a space or nothing (`-p80`, `-oXfile`, `-PS22,80`), letters together (`-vv`,
 * `-zv`, `-sSU`), long names cut short while they stay unambiguous, `--` before words that begin with a dash.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { longDash, typographic } from '../plan/long-dash.ts';
import { nearest } from '../plan/nearest.ts';
import { quoted } from '../plan/quoted.ts';
import { type Draft, dashed, emptyDraft, type Flag, type Language, Unacceptable } from './flags/flag.ts';
import { flags, isSupported, spellings } from './flags/index.ts';

/** Reads the arguments of a command. Every mistake is a bad request that names option, value and what is wanted. */
export function parse(argv: readonly string[], language: Spoken = scanLanguage): Draft {
  const grammar = new Grammar(language);
  const draft = emptyDraft();
  const seen = new Map<Flag, string>();
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') {
      draft.words.push(...argv.slice(i + 1));
      break;
    }
    grammar.refuseTypography(word);
    if (!word.startsWith('-') || word === '-') {
      draft.words.push(word);
      continue;
    }
    const options = grammar.readOptions(word);
    if (options === undefined) throw grammar.unknown(word);
    for (const { flag, value } of options) {
      let text = value;
      if (text === undefined && flag.value !== undefined && flag.glued === undefined) {
        text = grammar.valueAfter(flag, argv[++i]);
      }
      apply(flag, text ?? '', draft, seen);
    }
  }
  return draft;
}

/** The words that a command knows. */
type Spoken = Pick<Language, 'command' | 'flags'>;

interface Option {
  readonly flag: Flag;
  /** Absent: the option has none, or it is the next word. */
  readonly value?: string;
}

/** How the words of a command are read. */
class Grammar {
  readonly #command: string;
  readonly #flags: readonly Flag[];
  readonly #byName: ReadonlyMap<string, Flag>;

  constructor({ command, flags: all }: Spoken) {
    this.#command = command;
    this.#flags = all;
    this.#byName = new Map(
      all.flatMap((flag) =>
        flag.short === undefined
          ? [[flag.name, flag] as const]
          : [[flag.name, flag] as const, [flag.short, flag] as const],
      ),
    );
  }

  get #help(): string {
    return this.#command === 'scan' ? 'portolan --help' : `portolan ${this.#command} --help`;
  }

  /** What a word that begins with a dash says; undefined when nothing. */
  readOptions(word: string): readonly Option[] | undefined {
    const isLong = word.startsWith('--');
    const body = word.slice(isLong ? 2 : 1);
    const whole = this.#byName.get(body);
    if (whole !== undefined) return [{ flag: whole }];
    const equals = body.indexOf('=');
    if (equals > 0) {
      const flag = this.#byName.get(body.slice(0, equals)) ?? this.#unabbreviate(word, body.slice(0, equals));
      if (flag !== undefined) return [withValue(flag, body.slice(equals + 1))];
    }
    const letters = isLong
      ? undefined
      : (this.#readGlued(body) ?? this.#readLetters(body) ?? this.#readScanLetters(body));
    const flag = this.#unabbreviate(word, body);
    if (flag === undefined) return letters;
    if (letters === undefined) return [{ flag }];
    throw badRequest(
      `${quoted(word)} can mean ${letters.map(written).join(' ')} or ${dashed(flag.name)}: write it in full`,
    );
  }

  /** `-p80`, `-oXfile`, `-PS22,80`, `-v2`: a name of one or two letters with its value right behind. */
  #readGlued(body: string): readonly Option[] | undefined {
    for (const length of [2, 1]) {
      const flag = this.#byName.get(body.slice(0, length));
      const value = body.slice(length);
      if (flag?.value === undefined || value === '') continue;
      if (flag.glued === undefined || flag.glued.test(value)) return [{ flag, value }];
    }
    return undefined;
  }

  /** `-vv`, `-nF`, `-zvw3`: options of one letter; the last one may take a value. */
  #readLetters(body: string): readonly Option[] | undefined {
    const options: Option[] = [];
    for (let i = 0; i < body.length; i++) {
      const flag = this.#byName.get(body[i] as string);
      if (flag === undefined) return undefined;
      const rest = body.slice(i + 1);
      const takesValue = flag.value !== undefined && flag.glued === undefined;
      if (takesValue) return [...options, rest === '' ? { flag } : { flag, value: rest }];
      options.push({ flag });
    }
    return options;
  }

  /** `-sSU`: several of the -s family at once. */
  #readScanLetters(body: string): readonly Option[] | undefined {
    if (!/^s[A-Za-z]{2,}$/.test(body)) return undefined;
    const found = [...body.slice(1)].map((letter) => this.#byName.get(`s${letter}`));
    return found.every((flag) => flag !== undefined) ? found.map((flag) => ({ flag })) : undefined;
  }

  /** The one long name that begins like this. */
  #unabbreviate(word: string, start: string): Flag | undefined {
    if (start.length < 2) return undefined;
    const names = [...this.#byName].filter(([name]) => name.length > 2 && name.startsWith(start));
    if (new Set(names.map(([, flag]) => flag)).size <= 1) return names[0]?.[1];
    throw badRequest(
      `${quoted(word)} can mean ${names.map(([name]) => dashed(name)).join(', ')}: write it in full`,
    );
  }

  /** The next word as a value. A known option there means that the value was forgotten. */
  valueAfter(flag: Flag, next: string | undefined): string {
    const needs = `${dashed(flag.name)} needs a value: ${flag.value}`;
    if (next === undefined) throw badRequest(needs);
    // -p -100 and -p -6 are port ranges, so a digit never counts as an option here.
    if (/^-[A-Za-z-]/.test(next) && next !== '--' && this.#isOption(next)) {
      throw badRequest(`${needs}, found the option ${quoted(next)}`);
    }
    return next;
  }

  #isOption(word: string): boolean {
    const body = word.replace(/^--?/, '').replace(/=.*$/s, '');
    return (
      this.#byName.has(body) ||
      (!word.startsWith('--') && (this.#readLetters(body) ?? this.#readScanLetters(body)) !== undefined)
    );
  }

  unknown(word: string): Error {
    const name = word.replace(/=.*$/s, '');
    const candidates = this.#flags.flatMap(spellings);
    // One dash or two is no slip, so long names are compared with two.
    const near = nearest(name.length > 3 && !name.startsWith('--') ? `-${name}` : name, candidates);
    return badRequest(`${quoted(word)} is no option of ${this.#command}`, near ?? this.#help);
  }

  /** A typographic dash, or one behind plain ones, begins no name or address: an option was meant. */
  refuseTypography(word: string): void {
    const [dashes, dash] = longDashes.exec(word) ?? [];
    if (dashes === undefined || dash === undefined) return;
    const name = word.slice(dashes.length);
    const plain = this.#byName.has(name.replace(/=.*$/s, '')) ? dashed(name) : `-${name}`;
    throw badRequest(`${quoted(word)} begins with ${typographic(dash)}: wanted the plain one`, plain);
  }
}

function withValue(flag: Flag, value: string): Option {
  if (flag.value !== undefined) return { flag, value };
  throw badRequest(`${dashed(flag.name)} takes no value, found ${quoted(value)}`);
}

function apply(flag: Flag, value: string, draft: Draft, seen: Map<Flag, string>): void {
  const name = dashed(flag.name);
  if (flag.set === undefined || !isSupported(flag)) throw badRequest(`${name} is not in this version`);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    const near = nearest(value, flag.choices);
    const hint = near === undefined ? undefined : `${name} ${near}`;
    throw badRequest(`${name}: found ${quoted(value)}, wanted one of ${flag.choices.join(', ')}`, hint);
  }
  const first = seen.get(flag);
  if (first !== undefined && first !== value && flag.repeats === undefined) {
    const values = flag.isSecret === true ? '' : `, as ${quoted(first)} and ${quoted(value)}`;
    throw badRequest(`${name} is given twice${values}: wanted once`);
  }
  seen.set(flag, value);
  try {
    flag.set(value, draft);
  } catch (error) {
    if (!(error instanceof Unacceptable)) throw error;
    const isShown = flag.value !== undefined && flag.isSecret !== true;
    throw badRequest(`${name}: ${isShown ? `found ${quoted(value)}, ` : ''}wanted ${error.message}`);
  }
}

function written({ flag, value }: Option): string {
  return value === undefined ? dashed(flag.name) : `${dashed(flag.name)} ${quoted(value)}`;
}

const longDashes = new RegExp(`^-*(${longDash.source})\\p{Pd}*`, 'u');

const scanLanguage: Spoken = { command: 'scan', flags };
