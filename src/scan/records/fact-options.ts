/**
 * What facts are made with.
 *
 * @module
 */

import type { Fact } from '../../model/fact.ts';
import type { Plan } from '../../plan/plan.ts';
import type { GroupSpec } from '../shard/config.ts';
import type { DeviceFactsOptions } from './device-facts.ts';
import type { FamilyHost } from './filter-facts.ts';
import type { NameLookup } from './introductions.ts';
import type { ServiceKnowledge } from './service-fact.ts';
import type { Asked } from './verdicts.ts';

/** What the builder has to know of the scan. */
export interface FactOptions extends ServiceKnowledge, DeviceFactsOptions {
  readonly asked: Asked;
  readonly nameOf: (host: number) => string;
  readonly groupOf: (host: number) => GroupSpec;
  readonly askedAs: Plan['askedAs'];
  /** Finds a host's name; absent where names are not wanted. */
  readonly reverseName?: NameLookup;
  /** Addresses that may be those of one host; absent: none. */
  readonly families?: readonly FamilyHost[];
  readonly ungrouped: boolean;
  /** Every probe is told. */
  readonly evidence: boolean;
  /** What shows of the systems of hosts is told. */
  readonly tellsSystems?: boolean;
  readonly emit: (fact: Fact) => void;
}
