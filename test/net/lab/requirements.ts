/**
 * What the labs need of the machine.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';

/** Why no lab can be made here that calls these programs, in one line; undefined when all is there. */
export function labMissing(programs: readonly string[] = everyProgram): string | undefined {
  if (process.platform !== 'linux') return `network namespaces need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const absent = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (absent.length > 0) return `not installed: ${absent.join(', ')}`;
  // Root of a container may lack CAP_SYS_ADMIN, and a small kernel nftables.
  const probe = spawnSync('unshare', ['--net', 'nft', 'add', 'table', 'inet', 'probe'], { encoding: 'utf8' });
  return probe.status === 0
    ? undefined
    : `the kernel refuses a namespace with nftables: ${probe.stderr.trim()}`;
}

/** Programs the labs call. tools/test.mjs installs the packages that hold them. */
const everyProgram = ['ip', 'nft', 'nmap', 'tcpdump', 'unshare', 'setpriv', 'prlimit', 'mount'];
