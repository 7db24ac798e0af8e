/**
 * Several targets in one word. A comma stands between targets where a whole target follows it; it also stands inside
 * octet ranges such as `10.0-1.1,3.-`, which make up four octets, and between the ports behind a target.
 *
 * @module
 */

/** The targets of a word, one by one. A comma at its end is what is left of a list with blanks. */
export function splitTargets(text: string): readonly string[] {
  if (!text.includes(',')) return [text];
  const targets: string[] = [];
  for (const part of text.replace(/(?<=.),$/, '').split(',')) {
    const open = targets.at(-1);
    if (open !== undefined && isOneTarget(open, part)) targets[targets.length - 1] = `${open},${part}`;
    else targets.push(part);
  }
  return targets;
}

function isOneTarget(left: string, right: string): boolean {
  // A number is no target: it is an octet or a port.
  if (/^(?:\d+(?:-\d*)?|-\d+)$/.test(right)) return true;
  const octets = left.split('.').length + right.split('.').length - 1;
  return octets <= 4 && /^[\d.,*-]+$/.test(left) && /^[\d.,*-]+(?:\/\d+)?$/.test(right);
}
