/** Follows aliases to what is wanted, where a server has not done so itself. @module */

import type { Asker, DnsOutcome } from './asker.ts';

/**
 * Asks for a type, and where the answer ends in an alias once more at its other end. The outcome is that of the last question; a
 * chain that is too long, or runs in a circle, ends where it is.
 */
export async function chaseAliases(
  asker: Pick<Asker, 'ask'>,
  name: string,
  type: string,
): Promise<DnsOutcome> {
  const seen = new Set<string>();
  for (let at = name; ; ) {
    seen.add(at);
    const outcome = await asker.ask({ name: at, type });
    if (outcome.kind === 'undecided' || outcome.rcode !== 'NOERROR') return outcome;
    const answers = outcome.records.filter(({ section }) => section === 'answer');
    if (answers.some((record) => record.type === type)) return outcome;
    const end = endOf(at, answers);
    if (seen.has(end) || seen.size >= mostAliases) return outcome;
    at = end;
  }
}

/** Where the aliases of an answer lead to; the name itself where it is none. */
function endOf(
  name: string,
  answers: readonly { readonly name: string; readonly type: string; readonly value: string }[],
): string {
  const aliasOf = new Map(
    answers.filter(({ type }) => type === 'CNAME').map((record) => [record.name, record.value]),
  );
  let at = name;
  for (let steps = 0; steps < aliasOf.size; steps++) {
    const target = aliasOf.get(at);
    if (target === undefined) break;
    at = target.replace(/\.$/, '').toLowerCase();
  }
  return at;
}

const mostAliases = 8;
