/**
 * What services say of the system they run on: evidence of its own kind, beside how its stack answers.
 *
 * @module
 */

import type { ServiceFact } from '../../model/service-fact.ts';

/** What one service says. */
export interface SystemClaim {
  readonly family: string;
  /** A system that is more than its family. */
  readonly name?: string;
  readonly cpe: readonly string[];
  readonly protocol: ServiceFact['protocol'];
  readonly port: number;
  /** As evidence. */
  readonly text: string;
}

/** The claim of a service; undefined: it says nothing of its system. */
export function claimOf(
  service: Pick<ServiceFact, 'name' | 'protocol' | 'port' | 'os' | 'info' | 'cpe' | 'confidence'>,
): SystemClaim | undefined {
  const { name, protocol, port, os, info, cpe, confidence } = service;
  // What is only told by its shape may be any machine's.
  if (name === null || confidence < leastConfidence) return undefined;
  const said = os ?? (info !== undefined && distributions.test(info) ? 'Linux' : undefined);
  const row = said === undefined ? undefined : families.find(([pattern]) => pattern.test(said));
  if (said === undefined || row === undefined) return undefined;
  const [, family, isOwnName] = row;
  const words = [...new Set([said, info !== undefined && info.length <= mostInfo ? info : said])].join(', ');
  return {
    family,
    ...(isOwnName && { name: said }),
    cpe: cpe.filter((one) => one.startsWith('cpe:/o:')),
    protocol,
    port,
    text: `${name} ${protocol}/${port}: ${words}`,
  };
}

/** Whether a stack of this family may be that of the system which a service claims. */
export function agrees({ family, name }: SystemClaim, stack: string): boolean {
  return family === stack || (builtOn[name ?? family] ?? builtOn[family] ?? []).includes(stack);
}

const leastConfidence = 7;
const mostInfo = 80;
const distributions = /\b(debian|ubuntu|raspbian|red ?hat|centos|fedora|suse|alpine|gentoo|arch linux)\b/i;

/** What services call their system, the family of that, and whether its name says more than that. */
const families: readonly (readonly [RegExp, string, boolean])[] = [
  [/^windows/i, 'Windows', false],
  [/^(RouterOS|airOS|FortiOS|PAN-OS|DSM|QTS|OpenWrt|EOS|NX-OS|Android)\b/i, 'Linux', true],
  [/linux|debian|ubuntu|centos|red ?hat|fedora|suse/i, 'Linux', false],
  [/^(mac ?os|darwin)/i, 'macOS', false],
  [/freebsd/i, 'FreeBSD', false],
  [/openbsd/i, 'OpenBSD', false],
  [/netbsd/i, 'NetBSD', false],
  [/^(solaris|sunos|illumos)/i, 'Solaris', false],
  [/^IOS( |$|-)/, 'IOS', false],
  [/^junos/i, 'JunOS', false],
  [/esxi/i, 'ESXi', false],
  [/^(VxWorks|ScreenOS|Comware|VRP|LCOS|SonicOS)\b/i, 'embedded', true],
];

/** Systems that have their stack of others. */
const builtOn: Readonly<Record<string, readonly string[]>> = {
  ESXi: ['FreeBSD'],
  JunOS: ['FreeBSD', 'macOS'],
  SonicOS: ['SonicOS'],
};
