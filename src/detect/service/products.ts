/**
 * Products as rules on parsed facts.
 *
 * @module
 */

import type { Facts, ProductRule } from './contract.ts';

/** What a rule says of a server. */
export interface Product {
  readonly product: string;
  readonly version?: string;
  readonly info?: string;
  readonly os?: string;
  readonly device?: string;
  readonly cpe: readonly string[];
  readonly confidence?: 7;
  /** The rule, as it is told: `software /^OpenSSH_(.+)$/`. */
  readonly rule: string;
}

/** The product that the first fitting rule names. */
export function productOf(rules: readonly ProductRule[], facts: Facts): Product | undefined {
  for (const rule of rules) {
    const groups = groupsOf(rule, facts);
    if (groups !== undefined) return named(rule, groups);
  }
  return undefined;
}

/** What the expressions of a rule have caught; undefined where one does not match. */
function groupsOf({ when }: ProductRule, facts: Facts): readonly string[] | undefined {
  const groups: string[] = [];
  for (const [name, expression] of Object.entries(when)) {
    const fact = facts[name];
    const match = typeof fact === 'string' ? expression.exec(fact) : null;
    if (match === null) return undefined;
    groups.push(...match.slice(1).map((group) => group ?? ''));
  }
  return groups;
}

function named(rule: ProductRule, groups: readonly string[]): Product | undefined {
  const fields: { [Field in (typeof templates)[number]]?: string } = {};
  for (const field of templates) {
    const text = filled(rule[field], groups);
    if (text !== undefined) fields[field] = text;
  }
  const product = filled(rule.product, groups);
  if (product === undefined) return undefined;
  const { when, cpe, confidence } = rule;
  return {
    product,
    ...fields,
    cpe: cpe === undefined ? [] : [cpeOf(cpe, fields.version)],
    ...(confidence !== undefined && { confidence }),
    rule: Object.entries(when)
      .map(([fact, expression]) => `${fact} ${expression}`)
      .join(', '),
  };
}

/** A template with the groups in their places; undefined where one of them is empty. */
function filled(template: string | undefined, groups: readonly string[]): string | undefined {
  if (template === undefined) return undefined;
  let isWhole = true;
  const text = template.replaceAll(/\$(\d)/g, (_, digit: string) => {
    const group = groups[Number(digit) - 1] ?? '';
    if (group === '') isWhole = false;
    return group;
  });
  return isWhole && text !== '' ? text : undefined;
}

/** A CPE as a URI; what may not stand in one is percent-encoded (NISTIR 7695, 6.1.2). */
function cpeOf(name: string, version: string | undefined): string {
  const suffix = version === undefined ? '' : `:${encodeURIComponent(version.toLowerCase())}`;
  return `cpe:/${name}${suffix.replaceAll(/[!'()*~]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

const templates = ['version', 'info', 'os', 'device'] as const;
