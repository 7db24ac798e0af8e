/**
 * Real servers from Debian's packages on odd ports: what each of them is, how it is started in a folder of its own, and
 * where a package that cannot be installed beside another is unpacked.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunSync, run } from '../process.ts';

/** A server, and what is to be found out about it. */
export interface Server {
  /** The Debian package that holds {@link binary}, whose version is what the server must be told to have. */
  readonly package: string;
  readonly binary: string;
  readonly says: readonly Expected[];
  /** Packages that it needs besides. */
  readonly needs?: readonly string[];
  /** It conflicts with another one's package: these are unpacked, and stand over /usr and /etc where it runs. */
  readonly unpacks?: readonly string[];
  /** Writes the configuration into an empty folder; returns the command line that serves there. */
  start(dir: string): readonly string[];
  readonly env?: (dir: string) => Readonly<Record<string, string>>;
  /** Folders its package would have made under /run, /var/lib, /var/log, /var/cache or /var/spool. */
  readonly folders?: readonly string[];
}

/** What is to be told of a port. */
export interface Expected {
  readonly port: number;
  /** Where it listens, if it knows one port alone: the kernel hands it what comes to the other. */
  readonly isAt?: number;
  /** null: it answers nobody who does not log in, or has no work for it. */
  readonly name: string | null;
  readonly product?: RegExp;
  /** It tells the version of its package: as it writes it, or so much of it. */
  readonly tells?: 'version';
  /** It hides its version: none may be told, and no product but one that it shows by its shape. */
  readonly hides?: true;
  readonly tls?: true;
}

/** A file in a folder, and its path. */
export function file(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

/** A key and a certificate for it, made once a folder. */
export function certificate(dir: string): {
  readonly key: string;
  readonly cert: string;
  readonly both: string;
} {
  const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  if (!existsSync(both)) {
    mustRunSync([
      ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj'],
      ...['/CN=services.lab', '-keyout', key, '-out', cert],
    ]);
    mustRunSync(['sh', '-c', `cat "$1" "$2" > "$3"; chmod 644 "$1" "$3"`, 'sh', key, cert, both]);
  }
  return { key, cert, both };
}

/** The command line of a server, in a mount namespace where nothing of this machine is touched and nothing is left. */
export function serverCommand(server: Server, dir: string, debs: string): string[] {
  const unpacked = join(debs, server.package);
  const over = (path: string) =>
    `[ ! -d ${unpacked}${path} ] || mount -t overlay overlay -o lowerdir=${unpacked}${path}:${path} ${path}`;
  const script = [
    ...(server.unpacks === undefined ? [] : ['/usr', '/etc'].map(over)),
    ...hidden.map((path) => `mount -t tmpfs none ${path}`),
    ...(server.folders ?? []).map((path) => `mkdir -p ${path}`),
  ];
  return ['sh', '-e', '-c', `${script.join('\n')}\nexec "$@"`, 'sh', ...server.start(dir)];
}

/** Whether it can be started: installed, or unpacked in `debs`. */
export function isThere(server: Server, debs: string): boolean {
  return existsSync(server.binary) || existsSync(join(debs, server.package, server.binary));
}

/** Unpacks what cannot be installed; what cannot be had is left out. */
export async function unpack(servers: readonly Server[], debs: string): Promise<void> {
  for (const server of servers) {
    const folder = join(debs, server.package);
    if (server.unpacks === undefined || existsSync(folder)) continue;
    mkdirSync(folder, { recursive: true });
    const { status } = await run(['apt-get', 'download', '-q', ...server.unpacks], { cwd: folder });
    if (status !== 0) continue;
    for (const name of readdirSync(folder)) mustRunSync(['dpkg-deb', '-x', join(folder, name), folder]);
  }
}

/** The version of its package, without epoch and revision. */
export function versionOf(server: Server, debs: string): string {
  const folder = join(debs, server.package);
  const deb = existsSync(folder)
    ? readdirSync(folder).find((name) => name.startsWith(`${server.package}_`))
    : undefined;
  const version =
    deb === undefined
      ? mustRunSync(['dpkg-query', '-W', '-f', `\${Version}`, server.package])
      : mustRunSync(['dpkg-deb', '-f', join(folder, deb), 'Version']);
  return version
    .trim()
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '');
}

/** Where packages keep what is theirs: empty for each server. */
const hidden = ['/run', '/var/lib', '/var/log', '/var/cache', '/var/spool', '/dev/shm'];
