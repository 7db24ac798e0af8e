/**
 * `portolan firewall` against every scenario: exactly the findings that hold, and the policy that the kernels show.
 *
 * @module
 */

import { declare } from '../net/firewall/declare.ts';
import { scenarios } from '../net/firewall/scenarios.ts';

declare('portolan firewall, all', scenarios());
