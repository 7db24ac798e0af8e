/**
 * All rules of inference, in the order in which their findings are told. To add one: a file, and a line here.
 *
 * @module
 */

import { answerRateLimit } from './answer-rate-limit.ts';
import { blocklist } from './blocklist.ts';
import { checksumBlind } from './checksum-blind.ts';
import { defaultDrop } from './default-drop.ts';
import { defaultReject } from './default-reject.ts';
import { filterLocation } from './filter-location.ts';
import { flagHole } from './flag-hole.ts';
import { forgedReset } from './forged-reset.ts';
import { fragmentHole } from './fragment-hole.ts';
import { icmpRateLimit } from './icmp-rate-limit.ts';
import { noFilter } from './no-filter.ts';
import type { Rule } from './rule.ts';
import { sourcePortHole } from './source-port-hole.ts';
import { statefulFilter } from './stateful-filter.ts';
import { statelessFilter } from './stateless-filter.ts';

/** The registry. */
export const firewallRules: readonly Rule[] = [
  sourcePortHole,
  fragmentHole,
  flagHole,
  statelessFilter,
  noFilter,
  blocklist,
  defaultDrop,
  defaultReject,
  statefulFilter,
  forgedReset,
  checksumBlind,
  icmpRateLimit,
  answerRateLimit,
  filterLocation,
];
