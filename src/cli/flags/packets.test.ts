import { describe, expect, it } from 'vitest';
import { readScanCall } from '../scan-call.ts';

const packet = (...argv: string[]) => readScanCall([...argv, '10.0.0.1']).request.packet;

describe('options that shape packets', () => {
  it('-f once, twice, --mtu: the size of fragments', () => {
    expect(packet('-f')).toEqual({ fragmentBytes: 8 });
    expect(packet('-f', '-f')).toEqual({ fragmentBytes: 16 });
    expect(packet('-ff')).toEqual({ fragmentBytes: 16 });
    expect(packet('--mtu', '24')).toEqual({ fragmentBytes: 24 });
  });

  it.each([
    [['-fff'], '-f at most twice, and without --mtu'],
    [['-f', '--mtu', '24'], 'one of -f and --mtu'],
    [['--mtu', '24', '-f'], 'without --mtu'],
    [['--mtu', '20'], 'a multiple of 8'],
    [['--data', 'ff', '--data-string', 'x'], 'one of --data and --data-string'],
    [['--data-string', 'x', '--data', 'ff'], 'one of --data and --data-string'],
  ])('%j is refused', (argv, problem) => {
    expect(() => packet(...argv)).toThrow(problem);
  });

  it('--ip-options repeats bytes as nmap does', () => {
    expect(packet('--ip-options', '\\x07\\x07\\x04\\x00*4')?.ipOptions).toEqual(
      Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0),
    );
    expect(() => packet('--ip-options', '\\x00*41')).toThrow('up to 40 bytes');
  });

  it('-D takes a list, -S, -e, -g and --spoof-mac one value', () => {
    expect(packet('-D', 'ME,RND:3', '-S', '10.0.0.9', '-e', 'eth0', '-g53', '--spoof-mac', 'Cisco')).toEqual({
      decoys: ['ME', 'RND:3'],
      sourceAddress: '10.0.0.9',
      interface: 'eth0',
      sourcePort: 53,
      spoofMac: 'Cisco',
    });
  });
});
