/**
 * What a field of a record may hold, and how that is put together.
 *
 * @module
 */

import { parseAddress } from '../model/parse-address.ts';
import { isPortRanges } from '../model/ports.ts';

/** Says what is wrong with a value, if anything is: what was found, what was wanted. */
type Check = (value: unknown) => string | undefined;

/** A field: its check, and whether it may be absent. */
export interface Field {
  readonly check: Check;
  readonly isOptional: boolean;
}

/** Text. */
export const text: Field = must((value) => (typeof value === 'string' ? undefined : 'text'));

/** A number. */
export const number: Field = must((value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : 'a number',
);

/** A whole number, not negative. */
export const count: Field = must((value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : 'a whole number',
);

/** True or false. */
export const truth: Field = must((value) => (typeof value === 'boolean' ? undefined : 'true or false'));

/** Texts. */
export const texts: Field = must((value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : 'a list of texts',
);

/** Ordinals. */
export const counts: Field = must((value) =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one > 0)
    ? undefined
    : 'a list of ordinals',
);

/** The first and the last of some hops. */
export const hops: Field = must((value) =>
  Array.isArray(value) && value.length === 2 && value.every((one) => Number.isSafeInteger(one) && one > 0)
    ? undefined
    : 'the first and the last of some hops',
);

/** Any object. */
export const object: Field = must((value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object',
);

/** Texts, or lists of them, by name. */
export const textsByName: Field = must((value) => {
  const isRight = (one: unknown) => typeof one === 'string' || texts.check(one) === undefined;
  return object.check(value) === undefined && Object.values(value as object).every(isRight)
    ? undefined
    : 'texts by name';
});

/** A port. */
export const port: Field = must((value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
    ? undefined
    : 'a port',
);

/** An address. */
export const address: Field = must((value) =>
  typeof value === 'string' && parseAddress(value) !== undefined ? undefined : 'an address',
);

/** Addresses. */
export const listOfAddresses: Field = must((value) =>
  Array.isArray(value) && value.every((one) => address.check(one) === undefined)
    ? undefined
    : 'a list of addresses',
);

/** A time. */
export const time: Field = must((value) =>
  typeof value === 'string' && isoTime.test(value) && Number.isFinite(Date.parse(value))
    ? undefined
    : 'a time such as 2026-11-21T10:00:00.000Z',
);

/** Ranges of ports. */
export const ranges: Field = must((value) =>
  typeof value === 'string' && isPortRanges(value) ? undefined : 'ranges of ports',
);

/** An object with these fields at least. */
export function all(shape: Readonly<Record<string, Field>>): Field {
  return must((value) => {
    const fault = object.check(value);
    if (fault !== undefined) return fault;
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [name, { check, isOptional }] of Object.entries(shape)) {
      const field = fields[name];
      const wanted = field === undefined && isOptional ? undefined : check(field);
      if (wanted !== undefined) return `${name} to be ${wanted}`;
    }
    return undefined;
  });
}

/** A list of such objects. */
export function listOf(shape: Readonly<Record<string, Field>>): Field {
  const { check } = all(shape);
  return must((value) => {
    if (!Array.isArray(value)) return 'a list';
    for (const one of value) {
      const wanted = check(one);
      if (wanted !== undefined) return wanted;
    }
    return undefined;
  });
}

/** A field that must be there. */
export function must(check: Check): Field {
  return { check, isOptional: false };
}

/** A field that may be absent. */
export function optional({ check }: Field): Field {
  return { check, isOptional: true };
}

/** A field that may be null. */
export function orNull({ check, isOptional }: Field): Field {
  return { check: (value) => (value === null ? undefined : check(value)), isOptional };
}

/** One of some words. */
export function oneOf(words: readonly string[]): Field {
  return must((value) => (words.includes(value as string) ? undefined : `one of ${words.join(', ')}`));
}

/** ISO 8601 as `toISOString` writes it; other writers leave the fraction out. */
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
