/**
 * The kernel's tables in a network namespace of this process's own: nothing in it leads out, and it vanishes
 * with the process. `ip` builds it and gives the second opinion. Test code.
 *
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import koffi from 'koffi';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { NetworkInterface } from './interface.ts';
import { listInterfaces } from './interfaces.ts';

// Skipped without root and `ip`: namespaces cannot be made then.
const canBuild = process.getuid?.() === 0 && spawnSync('ip', ['-V']).status === 0;

/** Runs tests in a namespace that holds the links, addresses, routes and rules below. */
export function inNamespace(tests: () => void): void {
  describe.skipIf(!canBuild)('in a network namespace', () => {
    let home = -1;

    beforeAll(() => {
      home = openSync('/proc/thread-self/ns/net', 'r');
      const before = readFileSync('/proc/thread-self/net/dev', 'utf8');
      if (unshare(newNetwork) !== 0) throw new Error(`unshare: errno ${koffi.errno()}`);
      // Everything below happens to this namespace: never go on in the machine's own.
      expect(readFileSync('/proc/thread-self/net/dev', 'utf8')).not.toBe(before);
      ip(...links);
      addStacked();
      ip(...addresses, ...routes, ...rules);
    });

    afterAll(() => {
      setns(home, newNetwork);
      closeSync(home);
    });

    tests();
  });
}

/** The interface of this name. */
export function named(name: string): NetworkInterface {
  const found = listInterfaces().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no interface ${name}`);
  return found;
}

/** Runs `ip` once for each line. */
export function ip(...lines: readonly string[]): void {
  for (const line of lines) execFileSync('ip', line.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** An interface upon another: a VLAN, or where the kernel has none a second MAC. */
function addStacked(): void {
  const start = 'link add link near name near.7 address 02:00:00:00:00:07 mtu 1400 type';
  const isVlan = spawnSync('ip', `${start} vlan id 7`.split(' ')).status === 0;
  ip(
    ...(isVlan ? [] : [`${start} macvlan mode private`]),
    'link set near.7 addrgenmode none',
    'link set near.7 up',
  );
}

/** What `ip` shows of something. */
export function ipJson<T>(...words: readonly string[]): T {
  return JSON.parse(execFileSync('ip', ['-j', ...words], { encoding: 'utf8' })) as T;
}

/** The address that a text is known to hold. */
export function parse(text: string): Address {
  return parseAddress(text) as Address;
}

const library = koffi.load('libc.so.6');
const unshare = library.func('int unshare(int)');
const setns = library.func('int setns(int, int)');
const newNetwork = 0x4000_0000;

const links = [
  'link set lo up',
  'link add near type veth peer name far',
  'link add near2 type veth peer name far2',
  // The kernel's own link-local addresses are ready only after a while: `ip` may see one, and we not yet.
  'link set near address 02:00:00:00:00:01 addrgenmode none',
  'link set near2 addrgenmode none',
  ...['near', 'far', 'near2', 'far2'].map((name) => `link set ${name} up`),
  'tuntap add mode tun name tun9',
  'link set tun9 mtu 1280 up',
  'link add off address 02:00:00:00:00:09 type veth peer name off2',
];

/** The addresses of the namespace, as `ip` is told them. */
export const addresses = [
  'addr add 10.1.0.1/24 broadcast + dev near',
  'addr add 10.1.0.2/24 broadcast + dev near',
  'addr add 169.254.2.1/16 scope link dev near2',
  'addr add 10.2.0.1/24 dev near2',
  'addr add 10.7.0.1/24 dev near.7',
  'addr add 10.9.0.1 peer 10.9.0.2 dev tun9',
  'addr add fd01::1/64 dev near nodad',
  'addr add 2001:db8:1::1/64 dev near nodad',
  'addr add 2001:db8:ff00::1/64 dev near nodad',
  'addr add 2002:a01:1::1/64 dev near nodad',
  'addr add fe80::11/64 dev near nodad',
  'addr add fe80::22/64 dev near2 nodad',
  'addr add fd02::1/64 dev near2 nodad',
  'addr add fd07::1/64 dev near.7 nodad',
];

/** Its routes. */
export const routes = [
  'route add default via 10.1.0.254',
  'route add 10.20.0.0/16 via 10.7.0.254',
  'route add 10.20.5.0/24 via 10.2.0.254 src 10.1.0.2',
  'route add 10.20.5.17 via 10.1.0.253',
  'route add unreachable 10.30.0.0/16',
  'route add prohibit 10.31.0.0/16',
  'route add blackhole 10.32.0.0/16',
  'route add throw 10.33.0.0/16',
  'route add 10.40.0.0/16 via inet6 fe80::fe dev near',
  'route add 10.50.0.0/16 nexthop via 10.1.0.251 nexthop via 10.2.0.251',
  'route add 10.50.9.0/24 nexthop via 10.1.0.252 nexthop via 10.2.0.252',
  'route add 10.60.0.0/16 via 10.1.0.253 mtu 1300',
  'route add local 10.64.0.0/14 dev lo',
  'route add 10.70.0.0/16 via 10.2.0.70 table 100',
  'route add default via 10.2.0.71 table 101',
  'route add 10.90.0.0/17 via 10.7.0.90 table 102',
  '-6 route add default via fe80::fe dev near',
  '-6 route add 2001:db8:20::/48 via fd07::fe',
  '-6 route add 2001:db8:20:5::/64 via fd02::fe src fd01::1',
  '-6 route add 2001:db8:20:5::17 via fd01::fe',
  '-6 route add unreachable 2001:db8:30::/48',
  '-6 route add prohibit 2001:db8:31::/48',
  '-6 route add blackhole 2001:db8:32::/48',
  '-6 route add 2001:db8:50::/48 nexthop via fd01::51 nexthop via fd02::52',
  '-6 route add local 2001:db8:64::/48 dev lo',
  '-6 route add 2001:db8:70::/48 via fd02::70 table 100',
];

/** Its rules, which choose tables. */
export const rules = [
  'rule add to 10.70.0.0/17 lookup 100',
  'rule add to 10.80.0.0/24 lookup 101',
  'rule add to 10.81.0.0/24 prohibit',
  'rule add to 10.82.0.0/24 unreachable',
  'rule add to 10.83.0.0/24 blackhole',
  'rule add from 10.1.0.2 to 10.90.0.0/16 lookup 102',
  '-6 rule add to 2001:db8:70::/49 lookup 100',
  '-6 rule add to 2001:db8:81::/48 prohibit',
];
