/**
 * How a message speaks of what was asked. A program gave a field, a person an option: the message holds a mark, and
 * whoever shows it puts his own word in its place.
 *
 * @module
 */

/** The word for a field of a request, or for one of its values. */
export type Words = (field: string, value?: string) => string;

/** A field, or one of its values, inside a message. */
export function named(field: string, value?: string): string {
  return value === undefined
    ? `${opening}${field}${closing}`
    : `${opening}${field}${between}${value}${closing}`;
}

/** The message in somebody's words. */
export function spoken(message: string, words: Words): string {
  return message.replace(mark, (_, field: string, value?: string) => words(field, value));
}

/** What programs read: the field's own name. */
export const fieldWords: Words = (field, value) => (value === undefined ? field : `${field} '${value}'`);

// Characters for private use: text of strangers in a message is quoted, and then has none.
const opening = '\u{e000}';
const between = '\u{e001}';
const closing = '\u{e002}';
const mark = /\u{e000}([\w.]+)(?:\u{e001}([^\u{e002}]*))?\u{e002}/gu;
