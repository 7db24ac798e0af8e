/**
 * Labels that nobody has: of any kind, and of the kind of a given one, by which answers that code makes for all names of
 * a form are found.
 *
 * @module
 */

/** A number below a bound. */
export type Random = (bound: number) => number;

/** A label of 12 to 20 characters, long enough to be nobody's. */
export function madeUpLabel(random: Random): string {
  const length = 12 + random(9);
  return letters(random, 1) + Array.from({ length: length - 1 }, () => pick(random, alphabet)).join('');
}

/** Kinds of labels, by name, that a label is one of: each with a way to make up others. */
export function kindsOf(
  label: string,
): readonly { readonly key: string; readonly make: (random: Random) => string }[] {
  // Services, and the escaped, are nobody's pattern.
  if (label.startsWith('_') || label.includes('\\') || label === '*') return [];
  const kinds: { key: string; make: (random: Random) => string }[] = [];
  const shape = label.replace(/[a-z]/g, 'a').replace(/[0-9]/g, '0');
  const letterCount = [...shape].filter((one) => one === 'a').length;
  // Of one letter there are 26: those that are there are there.
  if (letterCount > 1) kinds.push({ key: `like ${shape}`, make: (random) => sameShape(label, random) });
  if (/\d/.test(label)) {
    const stem = label.replace(/\d+/g, '0');
    kinds.push({
      key: `numbers ${stem}`,
      make: (random) => label.replace(/\d+/g, () => String(100_000 + random(900_000))),
    });
  }
  const parts = label.split('-');
  if (parts.length > 1)
    parts.forEach((part, at) => {
      if (part === '') return;
      const rest = parts.map((each, other) => (other === at ? '*' : each)).join('-');
      kinds.push({
        key: `part ${rest}`,
        make: (random) => parts.map((each, other) => (other === at ? letters(random, 10) : each)).join('-'),
      });
    });
  if (label.length <= 50) {
    kinds.push({ key: `start ${label}`, make: (random) => label + letters(random, 10) });
    kinds.push({ key: `end ${label}`, make: (random) => letters(random, 10) + label });
  }
  return kinds;
}

function sameShape(label: string, random: Random): string {
  return label
    .replace(/\d+/g, (digits) => numberLike(digits, random))
    .replace(/[a-z]/g, () => pick(random, letterAlphabet));
}

/** As many digits; what might be a byte of an address stays one. */
function numberLike(digits: string, random: Random): string {
  if (digits.length === 1) return String(random(10));
  if (digits.length === 2) return String(10 + random(90));
  if (digits.length === 3) return String(100 + random(156));
  return Array.from(digits, () => String(random(10))).join('');
}

function letters(random: Random, count: number): string {
  return Array.from({ length: count }, () => pick(random, letterAlphabet)).join('');
}

function pick(random: Random, from: string): string {
  return from[random(from.length)] as string;
}

const letterAlphabet = 'abcdefghijklmnopqrstuvwxyz';
const alphabet = `${letterAlphabet}0123456789`;
