/** What a host is called. @module */

import type { HostFact } from '../../model/fact.ts';

/** The names of a host as a fact has them: its reverse name, and those that the user gave and that led to it. */
export function hostNames(
  reverse: string | undefined,
  asked: readonly string[] = [],
): Pick<HostFact, 'name' | 'names' | 'askedAs'> {
  if (reverse === undefined && asked.length === 0) return nameless;
  const names = [...new Set(reverse === undefined ? asked : [reverse, ...asked])];
  const [askedAs] = asked;
  return {
    ...(reverse !== undefined && { name: reverse }),
    ...(names.length > 0 && { names }),
    ...(askedAs !== undefined && { askedAs }),
  };
}

const nameless = {};
