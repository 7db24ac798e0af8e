/**
 * How a packet is split on its way out.
 *
 * @module
 */

/** Sizes of the fragments, and the order in which they leave. */
export interface FragmentPlan {
  /** Bytes behind the IP header, multiples of 8; the last size holds for all that is left. */
  readonly sizes: readonly number[];
  /** Places of the fragments that leave first, as far as the packet has them; the others follow, first to last. */
  readonly order: 'forward' | 'backward' | readonly number[];
}

/** The places of `count` fragments in the order in which they leave. */
export function orderOf({ order }: FragmentPlan, count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  if (order === 'forward') return places;
  if (order === 'backward') return places.reverse();
  const first = [...new Set(order)].filter((place) => place < count);
  return [...first, ...places.filter((place) => !first.includes(place))];
}
