import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { parseAddress } from '../model/parse-address.ts';
import { chooseDecoys } from './choose-decoys.ts';

const v4 = new Set<4 | 6>([4]);
const both = new Set<4 | 6>([4, 6]);

describe('decoys', () => {
  test('keep their order and the place of ME', () => {
    expect(chooseDecoys(['192.0.2.1', 'me', '192.0.2.2'], v4)).toEqual(['192.0.2.1', 'ME', '192.0.2.2']);
  });

  test('without ME, the own place is among them once', () => {
    const chosen = chooseDecoys(['192.0.2.1', '192.0.2.2'], v4);
    expect(chosen).toHaveLength(3);
    expect(chosen.filter((decoy) => decoy !== 'ME')).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test('RND stands for public addresses of every family among the targets', () => {
    const chosen = chooseDecoys(['RND:5', 'rnd', 'ME'], both).filter((decoy) => decoy !== 'ME');
    const families = chosen.map((decoy) => parseAddress(decoy)?.family);
    expect(families.filter((family) => family === 4)).toHaveLength(6);
    expect(families.filter((family) => family === 6)).toHaveLength(6);
    expect(new Set(chosen).size).toBe(12);
  });

  test.each([
    [['ME', 'ME', '192.0.2.1'], 'ME more than once'],
    [['ME'], '-D has no IPv4 address'],
    [['RND:0'], 'wanted RND:1 to RND:128'],
    [['RND:129'], 'wanted RND:1 to RND:128'],
    [['RND:100', 'RND:29'], '-D has 129 addresses; wanted at most 128'],
    [['host.test'], '-D "host.test": wanted addresses'],
    [['224.0.0.1'], 'wanted addresses of hosts'],
    [['255.255.255.255'], 'wanted addresses of hosts'],
    [['0.0.0.0'], 'wanted addresses of hosts'],
    [['2001:db8::1'], '-D 2001:db8::1 is IPv6, and no target is'],
  ])('%j', async (words, problem) => {
    expect((await refusal(() => chooseDecoys(words, v4))).line).toContain(problem);
  });

  test('both families of targets need some', () => {
    expect(() => chooseDecoys(['192.0.2.1'], both)).toThrow(
      'packet.decoys has no IPv6 address, and targets are',
    );
    expect(() => chooseDecoys(['ff02::1', '192.0.2.1'], both)).toThrow('wanted addresses of hosts');
  });
});
