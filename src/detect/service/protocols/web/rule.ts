/**
 * Short forms of rules for web servers.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';

/** What a rule may say besides its product. */
export type Told = Omit<ProductRule, 'when' | 'product'>;

/** By the Server field; the version is its first group unless said otherwise. */
export function server(expression: RegExp, product: string, cpe?: string, told: Told = {}): ProductRule {
  return {
    when: { server: expression },
    product,
    version: '$1',
    ...(cpe !== undefined && { cpe }),
    ...told,
  };
}

/** By one fact or field. */
export function by(fact: string, expression: RegExp, product: string, told: Told = {}): ProductRule {
  return { when: { [fact]: expression }, product, ...told };
}

/** By something that only it has, though it does not name itself. */
export function byShape(when: ProductRule['when'], product: string, told: Told = {}): ProductRule {
  return { when, product, confidence: 7, ...told };
}
