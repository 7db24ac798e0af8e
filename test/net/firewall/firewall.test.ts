/**
 * `portolan firewall` against real kernels: some scenarios of every kind. All of them: `npm run labs firewall`.
 *
 * @module
 */

import { declare } from './declare.ts';
import { scenarios } from './scenarios.ts';

const chosen = [
  'no filter, behind a router',
  'default drop on the host behind 0 routers',
  'default drop on the first of two routers, IPv6',
  'default reset on the first of 2 routers',
  'default admin-prohibited on the host',
  'a blocklist that resets on the router',
  'SYN alone is dropped on the router, by iptables',
  'keeps state, but FIN comes through by an old rule',
  'source port 53 is trusted on the router, IPv6',
  'what comes from port 53 must belong to a connection: no hole',
  'IPv4 is filtered, IPv6 was forgotten, behind 1 routers',
  'a box on the way resets in the name of the host without verifying a checksum',
];
const all = scenarios();
for (const name of chosen)
  if (!all.some((each) => each.name === name)) throw new Error(`no scenario is called ${name}`);

declare(
  'portolan firewall',
  all.filter(({ name }) => chosen.includes(name)),
);
