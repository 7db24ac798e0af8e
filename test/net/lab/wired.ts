/**
 * A few namespaces and the wires between them, for tests of ways that no ordinary lab has.
 *
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Namespace } from './namespace.ts';

/** Namespaces by role, and how they go away again. */
export interface Wired<Role extends string> {
  readonly at: Readonly<Record<Role, Namespace>>;
  /** Joins two of them by a pair of interfaces, both up, with the same name at both ends unless another is given. */
  wire(one: Role, other: Role, name: string, otherName?: string): void;
  close(): void;
}

/** Makes a namespace for each role; `id` tells labs of one process apart. */
export function wired<const Role extends string>(id: string, ...roles: readonly Role[]): Wired<Role> {
  const prefix = `portolan-${process.pid}-${id}`;
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const at = Object.fromEntries(
    roles.map((role) => [role, new Namespace(`${prefix}-${role}`, folder)]),
  ) as Record<Role, Namespace>;
  return {
    at,
    wire(one, other, name, otherName = name) {
      at[one].ip(`link add ${name} type veth peer name ${otherName} netns ${at[other].name}`);
      at[one].ip(`link set ${name} up`);
      at[other].ip(`link set ${otherName} up`);
    },
    close() {
      for (const role of roles) at[role].remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets a namespace forward what is not for it. */
export function forwards(namespace: Namespace): void {
  namespace.configure({ 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 });
}
