/** The lock check finds forgotten binaries and completes them. @module */

import { describe, expect, it } from 'vitest';
import { entryOf, hostsIn, missingFrom, scriptsIn } from './check-lock.mjs';

const lock = (packages) => ({ packages: { '': {}, ...packages } });

describe('lock', () => {
  it('names an optional package that is not there', () => {
    const parent = { optionalDependencies: { '@a/b-linux-x64': '1.2.3' } };
    expect([...missingFrom(lock({ 'node_modules/a': parent }))]).toEqual([['@a/b-linux-x64', '1.2.3']]);
    expect(missingFrom(lock({ 'node_modules/a': parent, 'node_modules/@a/b-linux-x64': {} })).size).toBe(0);
  });

  it('finds a package beside its parent or above, not inside another', () => {
    const parent = { optionalDependencies: { c: '1.0.0' } };
    const path = 'node_modules/a/node_modules/b';
    expect(missingFrom(lock({ [path]: parent, 'node_modules/a/node_modules/c': {} })).size).toBe(0);
    expect(missingFrom(lock({ [path]: parent, [`${path}/node_modules/c`]: {} })).size).toBe(0);
    expect(missingFrom(lock({ [path]: parent, 'node_modules/x/node_modules/c': {} })).size).toBe(1);
  });

  it('names packages that would run a script of theirs', () => {
    const packages = { 'node_modules/a': { hasInstallScript: true }, 'node_modules/b': {} };
    expect(scriptsIn(lock(packages))).toEqual(['node_modules/a']);
  });

  it('names packages that would come from one registry alone', () => {
    const packages = {
      'node_modules/a': { resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' },
      'node_modules/b': {},
    };
    expect(hostsIn(lock(packages))).toEqual(['node_modules/a']);
  });

  it('limits a binary to the platform its name tells', () => {
    expect(entryOf('@a/b-linux-arm-musleabihf', '1.2.3', { dev: true, license: 'MIT' })).toEqual({
      version: '1.2.3',
      cpu: ['arm'],
      dev: true,
      license: 'MIT',
      optional: true,
      os: ['linux'],
      libc: ['musl'],
    });
    expect(() => entryOf('@a/b-wasm32', '1.2.3', {})).toThrow(/does not say where it runs/);
    expect(() => entryOf('@a/b-linux-x64', '^1.2.3', {})).toThrow(/@a\/b-linux-x64/);
  });
});
