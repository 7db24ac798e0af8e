/**
 * A small internet in network namespaces: scanner – (wire) – router – targets. Nothing in it has a way out.
 *
 * ```
 * scanner ── wire ── near ┐ router ┌ far ── target, target…
 *                  target ┘        └
 * ```
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ListenOptions, listen } from './listen.ts';
import { Namespace, removeOrphans } from './namespace.ts';
import { startWire, type WireOptions } from './wire.ts';

/** What a lab is made of. */
export interface LabPlan<Name extends string = string> {
  readonly targets: Readonly<Record<Name, TargetPlan>>;
  /** nft rules of the router's forward chain, one a line. */
  readonly forward?: readonly string[];
  /**
   * A user-space wire between scanner and router. Without it an answer comes back inside the sender's own
   * system call, and Linux drops ICMP errors for a connect() that still holds its socket.
   */
  readonly wire?: WireOptions;
  /** No kernel limits its ICMP errors: for tests that want the exact reason of every port. */
  readonly everyError?: boolean;
}

/** One host of the lab. */
export interface TargetPlan extends ListenOptions {
  /** Behind the router (default), or on the scanner's own segment. */
  readonly at?: 'far' | 'near';
  /** nft rules of its input chain, one a line. */
  readonly input?: readonly string[];
  /** How many consecutive addresses it answers for; 1 by default. */
  readonly addresses?: number;
}

/** A host that runs, with its first address of each family. */
export interface Host {
  readonly namespace: Namespace;
  readonly v4: string;
  readonly v6: string;
}

/** A running lab. */
export interface Lab<Name extends string = string> {
  readonly scanner: Host;
  readonly router: Host;
  readonly targets: Readonly<Record<Name, Host>>;
  /** A folder that goes with the lab; everybody may enter it. */
  readonly folder: string;
  /** An address behind the router where nobody lives. */
  readonly nobody: { readonly v4: string; readonly v6: string };
  /** Removes everything. Also done when the process ends without it. */
  close(): void;
}

/** Builds a lab and returns when all of it works. */
export async function createLab<Name extends string>(plan: LabPlan<Name>): Promise<Lab<Name>> {
  removeOrphans(prefix);
  const id = `${prefix}-${process.pid}-${++count}${randomBytes(3).toString('hex')}`;
  const made: Namespace[] = [];
  const folder = mkdtempSync(join(tmpdir(), `${id}-`));
  chmodSync(folder, 0o755);
  const close = () => {
    for (const namespace of made.splice(0)) namespace.remove();
    rmSync(folder, { recursive: true, force: true });
    open.delete(close);
  };
  remember(close);
  try {
    const make = (role: string) => {
      const namespace = new Namespace(`${id}-${role}`, folder);
      if (plan.everyError === true) namespace.sendEveryError();
      made.push(namespace);
      return namespace;
    };
    const router = buildRouter(make('router'), plan.forward ?? []);
    const scanner: Host = { namespace: make('scanner'), ...addressOf('near', 2) };
    const targets: Partial<Record<Name, Host>> = {};
    let next = 10;
    for (const [name, target] of Object.entries<TargetPlan>(plan.targets)) {
      const host = { namespace: make(name), ...addressOf(target.at ?? 'far', next) };
      attach(host, router, target.at ?? 'far', `t${next}`, target.addresses ?? 1);
      if (target.input !== undefined) host.namespace.nft(chain('input', target.input));
      await listen(host.namespace, target);
      targets[name as Name] = host;
      next += target.addresses ?? 1;
    }
    if (plan.wire === undefined) attach(scanner, router, 'near', 's0', 1);
    else await attachByWire(scanner, router, make('wire'), plan.wire);
    return {
      scanner,
      router,
      targets: targets as Record<Name, Host>,
      folder,
      nobody: addressOf('far', 250),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A host's address in a family. */
export function addressIn({ v4, v6 }: Host, family: 4 | 6): string {
  return family === 4 ? v4 : v6;
}

/** Has a target behind the router answer for a network besides its own addresses. */
export function answerFor(lab: Lab, target: Host, network: string): void {
  target.namespace.ip(`route add local ${network} dev lo`);
  lab.router.namespace.ip(`route add ${network} via ${target.v4}`);
  lab.scanner.namespace.ip(`route add ${network} via ${lab.router.v4}`);
}

/** Adds a chain with these rules to a namespace: `input` on a target, `forward` on the router. */
export function chain(hook: 'input' | 'forward' | 'output', rules: readonly string[]): string {
  return `table inet lab {\n chain ${hook} {\n  type filter hook ${hook} priority 0;\n  ${rules.join('\n  ')}\n }\n}`;
}

function buildRouter(namespace: Namespace, forward: readonly string[]): Host {
  namespace.configure({ 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 });
  for (const segment of ['near', 'far'] as const) {
    const { v4, v6 } = addressOf(segment, 1);
    // Snooping would hold back neighbour solicitations until somebody asks who listens.
    namespace.ip(
      `link add ${segment} type bridge mcast_snooping 0`,
      `link set ${segment} up`,
      `addr add ${v4}/24 dev ${segment}`,
      `addr add ${v6}/64 dev ${segment} nodad`,
    );
  }
  if (forward.length > 0) namespace.nft(chain('forward', forward));
  return { namespace, ...addressOf('near', 1) };
}

function attach(host: Host, router: Host, segment: Segment, port: string, addresses: number): void {
  router.namespace.ip(
    `link add ${port} type veth peer name eth0 netns ${host.namespace.name}`,
    `link set ${port} master ${segment} up`,
  );
  address(host, segment, addresses);
}

/** Two veth pairs meet in a namespace of their own, where nothing but the wire touches the frames. */
async function attachByWire(
  host: Host,
  router: Host,
  middle: Namespace,
  options: WireOptions,
): Promise<void> {
  middle.configure({ 'ipv6/conf/all/disable_ipv6': 1, 'ipv6/conf/default/disable_ipv6': 1 });
  middle.ip(
    `link add left type veth peer name eth0 netns ${host.namespace.name}`,
    `link add right type veth peer name s0 netns ${router.namespace.name}`,
    'link set left up',
    'link set right up',
  );
  router.namespace.ip('link set s0 master near up');
  await startWire(middle, 'left', 'right', options);
  address(host, 'near', 1);
}

function address(host: Host, segment: Segment, addresses: number): void {
  const last = Number(host.v4.split('.')[3]);
  const gateway = addressOf(segment, 1);
  const other = addressOf(segment === 'near' ? 'far' : 'near', 0);
  host.namespace.ip(
    'link set eth0 up',
    ...Array.from({ length: addresses }, (_, i) => addressOf(segment, last + i)).flatMap(({ v4, v6 }) => [
      `addr add ${v4}/24 dev eth0`,
      `addr add ${v6}/64 dev eth0 nodad`,
    ]),
    `route add ${other.v4}/24 via ${gateway.v4}`,
    `route add ${other.v6}/64 via ${gateway.v6}`,
  );
}

type Segment = 'near' | 'far';

function addressOf(segment: Segment, host: number): { readonly v4: string; readonly v6: string } {
  const subnet = segment === 'near' ? 1 : 2;
  return { v4: `10.77.${subnet}.${host}`, v6: `fd77:0:0:${subnet}::${host === 0 ? '' : host.toString(16)}` };
}

/** Labs close themselves when the process ends, whatever ends it. */
function remember(close: () => void): void {
  if (open.size === 0 && !watching) {
    watching = true;
    const closeAll = () => {
      for (const each of [...open]) each();
    };
    process.once('exit', closeAll);
    // The test runner went away while a test was at work: nobody will end this process but itself.
    process.once('disconnect', () => {
      if (open.size === 0) return;
      closeAll();
      process.kill(process.pid, 'SIGKILL');
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        closeAll();
        process.kill(process.pid, signal);
      });
    }
  }
  open.add(close);
}

const prefix = 'portolan';
const open = new Set<() => void>();
let watching = false;
let count = 0;
