/**
 * Rule sets of real firewalls, as Debian packages them: how each is loaded into one namespace of a lab, and what it does
 * to a port.
 *
 * @module
 */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IcmpError } from '../../../../src/model/reply.ts';
import { createLab, type Host, type Lab } from '../lab.ts';

/** What becomes of a SYN: it arrives, or is dropped, reset or refused by an ICMP error of this meaning. */
export type Fate = 'pass' | 'drop' | 'reset' | IcmpError;

/** A rule set at one place, whatever it does to a port. */
export interface PackagedRules {
  /** The firewall and its setting, e.g. `firewalld, zone public`. */
  readonly name: string;
  /** The Debian package that holds {@link program}. */
  readonly package: string;
  readonly program: string;
  /** Where the rules are loaded: on the host, or on the router before it. */
  readonly on: 'host' | 'router';
  /** Who is scanned: the host (default), or the router itself. */
  readonly scanned?: 'host' | 'router';
  /** Files and folders of the package that the script may change: in the sandbox they are copies. */
  readonly copied: readonly string[];
  /** `sh -e` that loads the rules, with its helpers at hand (see `helpers`). */
  readonly script: string;
  /** What the kernel must show when they are loaded. */
  readonly shows: RegExp;
}

/** One whose rules are known well enough to say what becomes of a SYN. */
export interface RuleSet extends PackagedRules {
  fateOf(port: number, family: 4 | 6): Fate;
}

/** A lab behind a rule set. */
export interface Walled<Rules extends PackagedRules = RuleSet> {
  readonly rules: Rules;
  readonly lab: Lab<'host'>;
  /** Who is scanned. */
  readonly target: Host;
  close(): void;
}

/** Ports with a listener; the router has none. */
export const servedPorts: readonly number[] = [22, 25, 80, 139, 443, 3306, 8080];

/**
 * Builds a lab with the kernels' own ICMP limits, loads the rules, and makes sure that the kernel has them. Fails with
 * what the firewall and the kernel say where it has not.
 */
export async function walledLab<Rules extends PackagedRules>(rules: Rules): Promise<Walled<Rules>> {
  const lab = await createLab({
    targets: { host: { tcp: servedPorts.join(',') } },
    wire: { delayMs: 1 },
  });
  try {
    const place = rules.on === 'host' ? lab.targets.host : lab.router;
    const { status, stdout, stderr } = await inSandbox(lab, place, rules.copied, rules.script);
    const loaded = await place.namespace.run(['sh', '-c', showRules]);
    if (status !== 0 || !rules.shows.test(loaded.stdout)) {
      throw new Error(`${rules.name}: exit ${status}\n${stdout}${stderr}\n${loaded.stdout}`);
    }
    return {
      rules,
      lab,
      target: rules.scanned === 'router' ? lab.router : lab.targets.host,
      close: lab.close,
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}

/** The states a port may have by these rules. A connection refused by a port-unreachable is closed if that came. */
export function statesOf(
  rules: RuleSet,
  technique: 'syn' | 'connect',
  port: number,
  family: 4 | 6,
): readonly string[] {
  const fate = rules.fateOf(port, family);
  if (fate === 'reset') return ['closed'];
  if (fate !== 'pass') {
    return fate === 'port-unreach' && technique === 'connect' ? ['closed', 'filtered'] : ['filtered'];
  }
  const isServed = rules.scanned !== 'router' && servedPorts.includes(port);
  return [isServed ? 'open' : 'closed'];
}

/** Whether the rules refuse any of these ports by ICMP errors, which kernels limit. */
export function refusesByError(rules: RuleSet, ports: Iterable<number>, family: 4 | 6): boolean {
  const words: readonly string[] = ['pass', 'drop', 'reset'];
  return [...ports].some((port) => !words.includes(rules.fateOf(port, family)));
}

/**
 * Runs a script as root of one namespace, where nothing it writes reaches this machine: what it may change are copies,
 * /run, /var/log and /var/lib are empty, the environment is not ours, and every process it leaves ends with it, as by a power cut, so that rules
 * stay as they were loaded.
 */
function inSandbox(lab: Lab, place: Host, copied: readonly string[], script: string) {
  const folder = mkdtempSync(join(lab.folder, 'rules-'));
  writeFileSync(join(folder, 'script'), `${helpers}\n${script}\n`);
  const argv = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return place.namespace.run([...argv, 'sh', '-e', '-c', sandbox, 'sh', folder, ...copied]);
}

const sandbox = `
folder=$1; shift
for each; do
  mkdir -p "$folder/copies/$(dirname "$each")"
  cp -a "$each" "$folder/copies/$each"
  mount --bind "$folder/copies/$each" "$each"
done
for each in /run /var/log /var/lib; do mount -t tmpfs tmpfs "$each"; done
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LC_ALL=C.UTF-8 sh -e "$folder/script"
`;

/** `await` repeats a command until it succeeds, for a time that no healthy machine needs. */
const helpers = `
await() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || { echo "never so: $*" >&2; exit 1; }
    sleep 0.05
  done
}
`;

const showRules =
  'nft list ruleset; for each in iptables ip6tables iptables-legacy ip6tables-legacy; do $each-save; done';
