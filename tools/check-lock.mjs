/**
 * Checks that package-lock.json knows the binaries of every platform. npm forgets those that it did not find
 * when it wrote the file, and then `npm ci` refuses it, or installs no binary elsewhere (npm issue 4828). And
 * that it marks no package as having an install script: npm runs those that the lock marks, and we need none,
 * because all binaries come ready. And that it names no registry's host, since npm asks that host and no mirror:
 * the version and the hash say enough. `node tools/check-lock.mjs --write` mends all three.
 *
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Optional packages that the lock's own packages name and the lock does not hold: their names and versions. */
export function missingFrom(lock) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!foundFrom(lock.packages, path, name)) missing.set(name, version);
    }
  }
  return missing;
}

/** The packages whose install scripts `npm ci` would run. */
export function scriptsIn(lock) {
  return Object.keys(lock.packages).filter((path) => lock.packages[path].hasInstallScript === true);
}

/** The packages that `npm ci` would fetch from a certain host. */
export function hostsIn(lock) {
  return Object.keys(lock.packages).filter((path) => lock.packages[path].resolved !== undefined);
}

/** The entry of a platform's binary. Its name says where it runs; npm leaves it out everywhere else. */
export function entryOf(name, version, parent) {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const system = words.find((word) => systems.has(word));
  const processor = words.find((word) => processors.has(word));
  if (!/^\d+\.\d+\.\d+/.test(version) || system === undefined || processor === undefined) {
    throw new Error(`package-lock.json lacks ${name}@${version}, and its name does not say where it runs`);
  }
  return {
    version,
    cpu: [processor],
    ...(parent.dev ? { dev: true } : {}),
    ...(parent.license ? { license: parent.license } : {}),
    optional: true,
    os: [system],
    ...(words.some((word) => word.startsWith('musl')) ? { libc: ['musl'] } : {}),
    ...(words.some((word) => word.startsWith('gnu')) && system === 'linux' ? { libc: ['glibc'] } : {}),
  };
}

/** As Node looks for it: in the package's own node_modules, then in those above. */
function foundFrom(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

const systems = new Set([
  'linux',
  'darwin',
  'win32',
  'freebsd',
  'openbsd',
  'android',
  'openharmony',
  'aix',
  'sunos',
  'netbsd',
]);
const processors = new Set([
  'x64',
  'arm64',
  'arm',
  'ia32',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingFrom(lock);
  const scripts = scriptsIn(lock);
  const hosts = hostsIn(lock);
  if (process.argv.includes('--write')) {
    for (const [name, version] of missing) {
      const parent = Object.values(lock.packages).find((entry) => name in (entry.optionalDependencies ?? {}));
      lock.packages[`node_modules/${name}`] = entryOf(name, version, parent);
    }
    for (const each of scripts) delete lock.packages[each].hasInstallScript;
    for (const each of hosts) delete lock.packages[each].resolved;
    const [root, ...rest] = Object.entries(lock.packages);
    const order = new Intl.Collator('en').compare;
    lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => order(a, b))]);
    writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  } else {
    for (const [name, version] of missing) console.log(`package-lock.json lacks ${name}@${version}`);
    for (const path of scripts) console.log(`package-lock.json lets ${path} run an install script`);
    for (const path of hosts)
      console.log(`package-lock.json fetches ${path} from ${lock.packages[path].resolved}`);
    const isRight = missing.size === 0 && scripts.length === 0 && hosts.length === 0;
    if (!isRight) console.log('try: node tools/check-lock.mjs --write');
    process.exitCode = isRight ? 0 : 1;
  }
}
