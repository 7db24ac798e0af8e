/**
 * XML elements as text. Every attribute value passes through the one escape.
 *
 * @module
 */

import { xmlText } from './escape.ts';

/** Attributes in the order in which they are written; a list is lines of text, undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** An element with children, each already XML. */
export function element(name: string, attributes: Attributes, children: readonly string[]): string {
  return `<${name}${attributeText(attributes)}>\n${children.join('')}</${name}>\n`;
}

/** An element without content. */
export function empty(name: string, attributes: Attributes): string {
  return `<${name}${attributeText(attributes)}/>\n`;
}

/** An element that holds text. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return `<${name}${attributeText(attributes)}>${xmlText(text)}</${name}>\n`;
}

/** Those fields that are known, an `elem` each. */
export function elems(
  fields: Readonly<Record<string, string | number | boolean | null | undefined>>,
): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [textElement('elem', { key }, String(value))],
  );
}

function attributeText(attributes: Attributes): string {
  const texts: string[] = [];
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) texts.push(` ${name}="${valueText(value)}"`);
  }
  return texts.join('');
}

function valueText(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  // A line's end that stood there bare would be read as a blank (XML 1.0, 3.3.3).
  return typeof value === 'string' ? xmlText(value) : value.map(xmlText).join('&#xa;');
}
