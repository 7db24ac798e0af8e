/** The known word nearest to a mistyped one. @module */

/** The candidate with the fewest edits from `word`, if they are few enough to be a slip. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // A slip changes a third of a word at most; longer input cannot be one of ours.
  const limit = Math.max(1, Math.floor(word.length / 3));
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    const edits = countEdits(word, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function countEdits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] as number) + 1);
      }
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] as number;
}

const longestWord = 40;
