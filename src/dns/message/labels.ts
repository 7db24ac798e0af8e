/**
 * Names as text, in presentation form without the dot at the end: labels, what stands above and below, and the order of RFC 4034, 6.1.
 *
 * @module
 */

/** The labels of a name, the leftmost first; a dot within a label is escaped and splits nothing. */
export function labelsOf(name: string): readonly string[] {
  if (name === '') return [];
  if (!name.includes('\\')) return name.split('.');
  const labels: string[] = [];
  let from = 0;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '\\') at++;
    else if (name[at] === '.') {
      labels.push(name.slice(from, at));
      from = at + 1;
    }
  }
  labels.push(name.slice(from));
  return labels;
}

/** A name without its leftmost label; of the root and of a top-level name it is the root. */
export function parentOf(name: string): string {
  if (!name.includes('\\')) {
    const dot = name.indexOf('.');
    return dot < 0 ? '' : name.slice(dot + 1);
  }
  return labelsOf(name).slice(1).join('.');
}

/** A label before a name. */
export function under(label: string, name: string): string {
  return name === '' ? label : `${label}.${name}`;
}

/** Whether a name is a zone's apex or below it. */
export function isWithin(name: string, zone: string): boolean {
  if (zone === '' || name === zone) return true;
  if (!name.endsWith(`.${zone}`)) return false;
  // The dot is none where an odd number of backslashes stands before it.
  let slashes = 0;
  for (let at = name.length - zone.length - 2; name[at] === '\\'; at--) slashes++;
  return slashes % 2 === 0;
}

/** The name in a field of presentation form: lower case, without the dot at its end. */
export function nameOfField(field: string): string {
  const name = field.toLowerCase();
  return name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
}

/** The bytes of a label as one character each. */
export function labelBytes(label: string): string {
  if (!label.includes('\\')) return label;
  return label.replace(/\\(?:(\d{3})|(.))/gs, (_, digits?: string, character?: string) =>
    digits === undefined ? (character as string) : String.fromCharCode(Number(digits) & 0xff),
  );
}

/** Negative where `a` stands before `b` in the order of RFC 4034, 6.1. */
export function compareNames(a: string, b: string): number {
  const left = labelsOf(a);
  const right = labelsOf(b);
  for (let back = 1; back <= Math.min(left.length, right.length); back++) {
    const one = labelBytes(left[left.length - back] as string);
    const other = labelBytes(right[right.length - back] as string);
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** Bytes of a name on the wire (RFC 1035, 3.1). */
export function wireLength(name: string): number {
  return labelsOf(name).reduce((sum, label) => sum + labelBytes(label).length + 1, 1);
}

/** Whether a name can be asked for: labels of 1 to 63 bytes, 255 in all. */
export function isAskable(name: string): boolean {
  // Most names are short and plain; there are many of them.
  if (name.length < 64 && !name.includes('\\'))
    return name !== '' && !name.startsWith('.') && !name.endsWith('.') && !name.includes('..');
  return (
    wireLength(name) <= 255 &&
    labelsOf(name).every((label) => label !== '' && (label.length <= 63 || labelBytes(label).length <= 63))
  );
}
