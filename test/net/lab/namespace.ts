/**
 * One network namespace: made, entered, removed.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, mustRunSync, type RunOptions, run } from './process.ts';

/** How a program is run inside a namespace. */
export interface EnterOptions extends RunOptions {
  /** As whom: root with every capability (default), or `nobody` with none. */
  readonly user?: 'root' | 'nobody';
  /** Soft and hard limits, by prlimit's names, e.g. `{ nofile: 64 }`. */
  readonly rlimits?: Readonly<Record<string, number>>;
}

/** A network namespace with `lo` up, that dies with {@link Namespace.remove}. */
export class Namespace {
  readonly name: string;
  /** A folder that everybody can enter, for {@link EnterOptions.user}. */
  readonly folder: string;
  readonly #children = new Set<ChildProcess>();

  constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
    mustRunSync(['ip', 'netns', 'add', name]);
    this.configure(basics);
    this.ip('link set lo up');
  }

  /** Runs lines of `ip` commands inside. */
  ip(...lines: readonly string[]): void {
    mustRunSync(['ip', '-n', this.name, '-batch', '-'], `${lines.join('\n')}\n`);
  }

  /** Loads an nftables ruleset inside. */
  nft(ruleset: string): void {
    mustRunSync(['ip', 'netns', 'exec', this.name, 'nft', '-f', '-'], `${ruleset}\n`);
  }

  /** Gives what is started inside a hosts file of its own: lines of an address and a name. */
  hosts(...lines: readonly string[]): void {
    mkdirSync(join(etcFolder, this.name), { recursive: true });
    writeFileSync(
      join(etcFolder, this.name, 'hosts'),
      `${['127.0.0.1 localhost', '::1 localhost', ...lines].join('\n')}\n`,
    );
  }

  /** Sets kernel variables under /proc/sys/net; a name that ends in `?` may be missing in this kernel. */
  configure(values: Readonly<Record<string, number | string>>): void {
    const lines = Object.entries(values).map(([key, value]) => {
      const path = `/proc/sys/net/${key.replace('?', '')}`;
      return `${key.endsWith('?') ? `[ ! -w ${path} ] || ` : ''}echo '${value}' > ${path}`;
    });
    mustRunSync(['ip', 'netns', 'exec', this.name, 'sh', '-e'], `${lines.join('\n')}\n`);
  }

  /** Lets its kernel send every ICMP error: as installed, Linux sends an address six at once, then one a second. */
  sendEveryError(): void {
    this.configure(unlimitedErrors);
  }

  /** Runs a program inside to its end. */
  run(argv: readonly string[], options: EnterOptions = {}): Promise<Finished> {
    return run(this.command(argv, options), options);
  }

  /** Starts a program inside that lives until it is killed or the namespace is removed. */
  spawn(argv: readonly string[], options: EnterOptions = {}): ChildProcess {
    const [program, ...args] = this.command(argv, options) as [string, ...string[]];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
    });
    this.#children.add(child);
    child.on('close', () => this.#children.delete(child));
    return child;
  }

  /** The command line that enters the namespace, limits itself, drops privileges, and becomes `argv`. */
  command(argv: readonly string[], options: EnterOptions = {}): string[] {
    const limits = Object.entries(options.rlimits ?? {}).map(
      ([name, value]) => `--${name}=${value}:${value}`,
    );
    return [
      ...['ip', 'netns', 'exec', this.name],
      ...(options.user === 'nobody' ? [...bindCheckout, this.folder, checkout, process.execPath] : []),
      ...(limits.length > 0 ? ['prlimit', ...limits] : []),
      ...(options.user === 'nobody' ? becomeNobody : []),
      ...argv,
    ];
  }

  /** Where a user finds this node and this checkout, wherever they really lie. */
  paths(user: 'root' | 'nobody' = 'root'): { readonly node: string; readonly root: string } {
    if (user === 'root') return { node: process.execPath, root: checkout };
    return { node: join(this.folder, 'node'), root: join(this.folder, 'checkout') };
  }

  /** Ends the processes inside, or only those that were started from here, and removes the namespace. Safe to call twice. */
  remove(endsAll = true): void {
    for (const child of this.#children) child.kill('SIGKILL');
    removeNamespace(this.name, endsAll);
  }
}

/** Removes what a killed test run left behind: names begin with the process that made them. */
export function removeOrphans(prefix: string): void {
  const made = new RegExp(`^${prefix}-(\\d+)-`);
  const isOrphan = (name: string) => {
    const pid = made.exec(name)?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  };
  for (const name of existsSync(netnsFolder) ? readdirSync(netnsFolder) : []) {
    if (isOrphan(name)) removeNamespace(name);
  }
  for (const name of readdirSync(tmpdir())) {
    if (isOrphan(name)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Removes a namespace that an earlier process made; `endsAll`: with every process inside. */
export function removeNamespace(name: string, endsAll = true): void {
  if (!existsSync(join(netnsFolder, name))) return;
  for (const pid of !endsAll ? [] : mustRunSync(['ip', 'netns', 'pids', name]).split(/\s+/).filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself between the two calls.
    }
  }
  mustRunSync(['ip', 'netns', 'delete', name]);
  rmSync(join(etcFolder, name), { recursive: true, force: true });
}

const netnsFolder = '/run/netns';
/** What `ip netns exec` lays over /etc. */
const etcFolder = '/etc/netns';
const checkout = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * `ip netns exec` gives the program a mount namespace of its own. There the checkout and node are mounted
 * where nobody can read them: root's home is closed to others, and a checkout often lies in it.
 */
const bindCheckout = [
  ...['sh', '-e', '-c'],
  'mkdir -p "$1/checkout"; touch "$1/node"; mount --bind "$2" "$1/checkout"; mount --bind "$3" "$1/node"; shift 3; exec "$@"',
  'sh',
];

const becomeNobody = [
  ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
  ...['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'],
];

/** No duplicate address detection: addresses work at once. */
const basics = {
  'ipv6/conf/all/accept_dad': 0,
  'ipv6/conf/default/accept_dad': 0,
  'ipv6/conf/all/accept_ra': 0,
  'ipv6/conf/default/accept_ra': 0,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
};

/** The global message limit belongs to the namespace only since Linux 6.13; older kernels do not show it here. */
const unlimitedErrors = {
  'ipv4/icmp_ratelimit': 0,
  'ipv4/icmp_msgs_per_sec?': 1_000_000,
  'ipv4/icmp_msgs_burst?': 1_000_000,
  'ipv6/icmp/ratelimit': 0,
};
