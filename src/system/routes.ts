/**
 * Where packets go, as the kernel decides it: policy rules, all tables, the choice of the source address.
 *
 * The kernel is asked once for each class of addresses that it must treat alike, so that 65,536 targets behind
 * one gateway cost one question. What is known stays as it was until {@link Routes.refresh}.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { type Address, addressFromBytes } from '../model/address.ts';
import { hasLibc } from './ffi.ts';
import type { NetworkInterface } from './interface.ts';
import { listInterfaces } from './interfaces.ts';
import { withZone } from './link-local.ts';
import { dumpPolicy, type Flow, type Policy, type PortRule, usualFlow } from './policy-rules.ts';
import type { PrefixClasses } from './prefix-classes.ts';
import type { Route } from './route.ts';
import { dumpClasses } from './route-classes.ts';
import { askRoute, type KernelRoute } from './route-query.ts';
import { guessRoute } from './routes-node.ts';

/** What a packet is bound to. */
export interface RouteOptions {
  readonly interfaceName?: string;
  /** An IPv4 source that is not ours is not part of the question: the kernel does not route for strangers. */
  readonly source?: Address;
}

/** The ways out of this machine, asked of the kernel when first needed and remembered. */
export class Routes {
  #interfaces: readonly NetworkInterface[] = [];
  readonly #classes = new Map<4 | 6, PrefixClasses>();
  /** By what the packet is bound to, then by class. */
  readonly #known = new Map<string, (Route | undefined)[]>();
  readonly #policies = new Map<4 | 6, Policy>();
  #knownV4: (Route | undefined)[] = [];

  constructor() {
    this.refresh();
  }

  /** Forgets everything: routes, rules or addresses may have changed. */
  refresh(): void {
    this.#classes.clear();
    this.#policies.clear();
    this.#known.clear();
    this.#knownV4 = [];
    this.#known.set(keyFor(4, undefined, undefined), this.#knownV4);
    // Last: where there is no descriptor to read them with, those known will do, and routes are asked anew all the same.
    this.#interfaces = listInterfaces();
  }

  /** The kernel's decision about one address. A zone binds it to that interface. */
  lookup(address: Address, options: RouteOptions = {}): Route {
    const interfaceName = options.interfaceName ?? address.zone;
    if (!hasLibc) return guessRoute(address, this.#interfaces, interfaceName);
    const classes = this.#classesOf(address.family);
    const class_ = classes.classOf(address.value);
    const known = this.#knownFor(address.family, interfaceName, options.source);
    return known[class_] ?? this.#ask(address, class_, known, interfaceName, options.source);
  }

  /** {@link lookup} for an unbound IPv4 address as a number. */
  lookupV4(value: number): Route {
    const known = hasLibc ? this.#knownV4[this.#classesOf(4).classOfV4(value)] : undefined;
    return known ?? this.lookup({ family: 4, value: BigInt(value) });
  }

  /** Policy rules by which packets to one host may go several ways; mostly there are none. */
  rulesOf(family: 4 | 6): readonly PortRule[] {
    return hasLibc ? this.#policyOf(family).ports : [];
  }

  /** {@link lookup} for the packets of one flow, or for all of them; the kernel is asked anew. */
  lookupFlow(address: Address, flow: Flow | undefined, { interfaceName, source }: RouteOptions = {}): Route {
    const name = interfaceName ?? address.zone;
    const index = name === undefined ? undefined : this.#named(name).index;
    return this.#read(this.#decide(address, index, source, flow), source);
  }

  #ask(
    address: Address,
    class_: number,
    known: (Route | undefined)[],
    interfaceName: string | undefined,
    source: Address | undefined,
  ): Route {
    const index = interfaceName === undefined ? undefined : this.#named(interfaceName).index;
    const answer = this.#decide(address, index, source);
    const route = this.#read(answer, source);
    const classes = this.#classesOf(address.family);
    // Under a local prefix without a preferred source, every address is its own source.
    const isItsOwn = classes.isDivided(class_) || answer.learned || route.source?.value === address.value;
    if (isItsOwn && !classes.isSingle(class_)) return { ...route, isItsOwn: true };
    known[class_] = route;
    return route;
  }

  /** Where rules look at sources, the kernel looks twice for IPv4: the second time from the address that it has chosen. */
  #decide(address: Address, index: number | undefined, source?: Address, flow?: Flow): KernelRoute {
    const { ports, looksAtSources } = this.#policyOf(address.family);
    const asked = flow ?? usualFlow(ports, address.family);
    const first = askRoute(address, index, this.#askable(source), asked);
    const isSettled = !looksAtSources || address.family === 6 || source !== undefined;
    if (isSettled || first.kind !== 'unicast' || first.source === undefined) return first;
    return { ...askRoute(address, index, addressFromBytes(first.source), asked), source: first.source };
  }

  #policyOf(family: 4 | 6): Policy {
    let policy = this.#policies.get(family);
    if (policy === undefined) {
      policy = dumpPolicy(family);
      this.#policies.set(family, policy);
    }
    return policy;
  }

  /** The kernel refuses an IPv4 lookup from an address that is not ours, with the error of a black hole. */
  #askable(source: Address | undefined): Address | undefined {
    if (source === undefined || source.family === 6) return source;
    return this.lookup(source).kind === 'local' ? source : undefined;
  }

  #read(answer: KernelRoute, source: Address | undefined): Route {
    const way = answer.interfaceIndex === undefined ? undefined : this.#numbered(answer.interfaceIndex);
    const from = source ?? (answer.source && withZone(addressFromBytes(answer.source), way?.name));
    return {
      kind: answer.kind,
      ...(way !== undefined && { interface: way }),
      ...(from !== undefined && { source: from }),
      ...(answer.gateway !== undefined && { gateway: withZone(addressFromBytes(answer.gateway), way?.name) }),
      ...(answer.mtu !== undefined && { mtu: answer.mtu }),
    };
  }

  #classesOf(family: 4 | 6): PrefixClasses {
    let classes = this.#classes.get(family);
    if (classes === undefined) {
      classes = dumpClasses(family);
      this.#classes.set(family, classes);
    }
    return classes;
  }

  #knownFor(
    family: 4 | 6,
    interfaceName: string | undefined,
    source: Address | undefined,
  ): (Route | undefined)[] {
    const key = keyFor(family, interfaceName, source);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = [];
      this.#known.set(key, known);
    }
    return known;
  }

  #named(name: string): NetworkInterface {
    const found = this.#interfaces.find((one) => one.name === name);
    if (found !== undefined) return found;
    const names = this.#interfaces.map((one) => one.name).join(', ');
    throw badRequest(`Cannot use interface "${name}": found no such interface, only ${names}`);
  }

  #numbered(index: number): NetworkInterface | undefined {
    const isIt = (one: NetworkInterface) => one.index === index;
    const found = this.#interfaces.find(isIt);
    if (found !== undefined) return found;
    // It came up after we looked.
    this.#interfaces = listInterfaces();
    return this.#interfaces.find(isIt);
  }
}

function keyFor(family: 4 | 6, interfaceName: string | undefined, source: Address | undefined): string {
  return `${family} ${source?.value ?? ''} ${interfaceName ?? ''}`;
}
