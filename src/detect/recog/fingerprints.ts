/**
 * Files of fingerprints as recog has them (https://github.com/rapid7/recog, `xml/fingerprints.xsd`): expressions over one
 * text that a server says, and what they tell of it. They are the user's; nothing of them is part of Portolan.
 *
 * @module
 */

import { readXml, XmlTrouble } from './libraries.ts';

/** One file. */
export interface FingerprintFile {
  /** What its expressions read, such as `ssh.banner`; where the file does not say that, its name. */
  readonly matches: string;
  readonly fingerprints: readonly Fingerprint[];
}

/** One expression, and what it tells. */
export interface Fingerprint {
  readonly pattern: string;
  readonly ignoresCase: boolean;
  readonly dotIsAll: boolean;
  readonly description: string;
  readonly params: readonly Param[];
  readonly examples: readonly Example[];
}

/** A field: the group of the expression that it is taken from, 0: it is `value`, which may name others in braces. */
export interface Param {
  readonly name: string;
  readonly group: number;
  readonly value: string;
}

/** A text that must match, and the fields that must come of it. */
export interface Example {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

export { XmlTrouble } from './libraries.ts';

/** Reads a file; `name` is its name without folder and ending. Throws {@link XmlTrouble}. */
export function readFingerprints(document: string, name: string): FingerprintFile {
  let matches: string | undefined;
  const fingerprints: Fingerprint[] = [];
  let open:
    | { fingerprint: Fingerprint; description: string; params: Param[]; examples: Example[] }
    | undefined;
  let attributes: Readonly<Record<string, string>> = {};
  readXml(document, {
    begins(element, its) {
      attributes = its;
      if (matches === undefined) {
        if (element !== 'fingerprints') throw new XmlTrouble(`it holds ${element}, wanted fingerprints`, 1);
        matches = its['matches'] ?? name;
      }
      if (element === 'fingerprint') open = begun(its);
      if (element === 'param') open?.params.push(paramOf(its));
    },
    ends(element, text) {
      if (open === undefined) return;
      if (element === 'description') open.description = text.trim();
      if (element === 'example') open.examples.push(exampleOf(text, attributes));
      if (element !== 'fingerprint') return;
      const { fingerprint, description, params, examples } = open;
      fingerprints.push({ ...fingerprint, description, params, examples });
      open = undefined;
    },
  });
  return { matches: matches ?? name, fingerprints };
}

function begun({ pattern = '', flags = '' }: Readonly<Record<string, string>>) {
  const words = flags.split(',');
  const fingerprint: Fingerprint = {
    pattern,
    ignoresCase: words.includes('REG_ICASE'),
    // Ruby has one flag for both.
    dotIsAll: words.includes('REG_DOT_NEWLINE') || words.includes('REG_MULTILINE'),
    description: '',
    params: [],
    examples: [],
  };
  return { fingerprint, description: '', params: [] as Param[], examples: [] as Example[] };
}

function paramOf({ name = '', pos = '0', value = '' }: Readonly<Record<string, string>>): Param {
  const group = Number(pos);
  return { name, value, group: Number.isInteger(group) && group > 0 ? group : 0 };
}

function exampleOf(text: string, attributes: Readonly<Record<string, string>>): Example {
  const fields = Object.entries(attributes).filter(([name]) => !name.startsWith('_'));
  return {
    // Bytes stand as characters of the same number.
    text: attributes['_encoding'] === 'base64' ? atob(text.replaceAll(/\s/g, '')) : text,
    fields: Object.fromEntries(fields),
  };
}
