/** Names that may stand beside those that were found: other numbers, other surroundings, two names joined. @module */

import { labelsOf, parentOf, under } from '../message/labels.ts';

/** Names made of others, the likeliest first; none of those it was given. */
export function permutationsOf(names: readonly string[], most = mostPermutations): readonly string[] {
  const given = new Set(names);
  const made = new Set<string>();
  // First of all names what is likeliest, then of all what is less so.
  for (const step of steps)
    for (const name of names) {
      const label = labelsOf(name)[0] as string;
      if (!/^[a-z0-9-]{1,40}$/.test(label)) continue;
      const parent = parentOf(name);
      for (const other of step(label, names, parent)) {
        const permuted = under(other, parent);
        if (!given.has(permuted)) made.add(permuted);
        if (made.size >= most) return [...made];
      }
    }
  return [...made];
}

type Step = (label: string, names: readonly string[], parent: string) => Iterable<string>;

const steps: readonly Step[] = [
  // The numbers around a number, written as wide.
  (label) => {
    const at = /^(.*?)(\d{1,6})(\D*)$/.exec(label);
    if (at === null) return [];
    const [, before = '', digits = '', after = ''] = at;
    const number = Number(digits);
    const around = [1, -1, 2, -2, 3, -3, 4, -4, 5, 6, 7, 8, 9, 10];
    return around
      .map((step) => number + step)
      .filter((each) => each >= 0)
      .map((each) => `${before}${String(each).padStart(digits.length, '0')}${after}`);
  },
  // The first numbers after a name without one.
  (label) =>
    /\d$/.test(label) ? [] : ['1', '2', '3', '01', '02', '-1', '-2', '-01'].map((end) => `${label}${end}`),
  // A name without its number or its stage.
  (label) =>
    [label.replace(/-?\d+$/, ''), ...label.split('-')].filter((each) => each !== '' && each !== label),
  (label) => stages.flatMap((stage) => [`${label}-${stage}`, `${stage}-${label}`]),
  (label) => stages.flatMap((stage) => [`${label}${stage}`, `${stage}${label}`]),
  // Two of the same parent, joined.
  (label, names, parent) =>
    names
      .filter((name) => parentOf(name) === parent)
      .slice(0, mostJoined)
      .map((name) => labelsOf(name)[0] as string)
      .filter((other) => other !== label && /^[a-z0-9]{2,12}$/.test(other))
      .map((other) => `${label}-${other}`),
];

/** What names are surrounded with. */
const stages: readonly string[] = [
  'dev',
  'test',
  'stage',
  'staging',
  'prod',
  'qa',
  'uat',
  'int',
  'old',
  'new',
  'beta',
  'demo',
  'api',
  'admin',
  'internal',
  'ext',
  'backup',
  'v2',
];
const mostPermutations = 5000;
const mostJoined = 60;
