import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { formatPorts } from '../model/ports.ts';
import type { Protocol } from '../model/verdict.ts';
import { parsePorts } from './parse-ports.ts';

describe('ports: what is read', () => {
  test.each([
    ['22', '22'],
    ['22,80-82', '22,80-82'],
    ['80,22,80', '22,80'],
    [' 22 , 80 ', '22,80'],
    ['-100', '1-100'],
    ['65530-', '65530-65535'],
    ['-', '1-65535'],
    ['0', '0'],
    ['0-', '0-65535'],
    ['0-3', '0-3'],
    ['ssh', '22'],
    ['SSH,https', '22,443'],
    ['http', '80'],
    ['www', '80'],
    ['smtp*', '25'],
    ['http?', '443,4180'],
    ['system', '1-1023'],
    ['Registered', '1024-49151'],
    ['dynamic', '49152-65535'],
    ['[20-25]', '20-23,25'],
    ['T:22,80', '22,80'],
    ['t:22', '22'],
  ])('%s is %s', (text, wanted) => {
    expect(formatPorts(parsePorts(text, ['tcp']).selection.tcp)).toBe(wanted);
  });

  test('a star finds every service whose name fits', () => {
    const ports = [...parsePorts('http*', ['tcp']).selection.tcp];
    expect(ports).toEqual(expect.arrayContaining([80, 443, 8080]));
    expect(ports).not.toContain(22);
  });

  test('a qualifier holds until the next one', () => {
    const all: readonly Protocol[] = ['tcp', 'udp', 'sctp', 'ip'];
    const { selection } = parsePorts('7,U:53,111,T:22-23,S:9,P:1,6', all);
    expect(formatPorts(selection.tcp)).toBe('7,22-23');
    expect(formatPorts(selection.udp)).toBe('7,53,111');
    expect(formatPorts(selection.sctp)).toBe('7,9');
    expect(formatPorts(selection.ip)).toBe('1,6-7');
  });

  test('ports of protocols that are not asked are named, not selected', () => {
    const { selection, unused } = parsePorts('T:22,U:53', ['tcp']);
    expect(unused).toEqual(['udp']);
    expect(selection.udp).toHaveLength(0);
  });

  test('protocol numbers end at 255 and begin at 0', () => {
    expect(formatPorts(parsePorts('-', ['ip']).selection.ip)).toBe('0-255');
    expect(formatPorts(parsePorts('icmp,tcp,udp,sctp,gre', ['ip']).selection.ip)).toBe('1,6,17,47,132');
    expect(formatPorts(parsePorts('200-1000', ['tcp', 'ip']).selection.ip)).toBe('200-255');
    expect(formatPorts(parsePorts('22,1000', ['tcp', 'ip']).selection.ip)).toBe('22');
    expect(formatPorts(parsePorts('22,1000', ['tcp', 'ip']).selection.tcp)).toBe('22,1000');
  });
});

describe('ports: what is refused', () => {
  test.each([
    ['65536', 'from 0 to 65535'],
    ['99999999999999999999', 'from 0 to 65535'],
    ['022', 'decimal'],
    ['-65536', 'from 0 to 65535'],
    ['90-80', 'backwards'],
    ['1-2-3', 'no service of this name'],
    ['', 'empty'],
    ['22,', 'empty'],
    ['22,,80', 'empty'],
    ['T:', 'empty'],
    ['nosuchservice', 'no service of this name in tcp'],
    ['zzz*', 'no service of this name'],
    ['0x50', 'no service of this name'],
    ['22 80', 'neither a port'],
    ['22–80', 'a typographic dash (U+2013); wanted the plain one'],
    ['X:22', 'neither a port'],
    ['[22', 'neither a port'],
    ['22;reboot', 'neither a port'],
    ['\u001b[31m', 'neither a port'],
    ['a'.repeat(500), 'neither a port'],
  ])('%j', async (text, problem) => {
    const error = await refusal(() => parsePorts(text, ['tcp']));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
    expect(error.line).toMatch(/^-p "/);
  });

  test('a protocol beyond 255', async () => {
    expect((await refusal(() => parsePorts('256', ['ip']))).line).toContain('from 0 to 255');
    expect((await refusal(() => parsePorts('P:256', ['tcp', 'ip']))).line).toContain('from 0 to 255');
  });

  test('a star that would take long to fail', async () => {
    await refusal(() => parsePorts(`${'*a'.repeat(30)}!`, ['tcp']));
    await refusal(() => parsePorts(`${'*e'.repeat(31)}9`, ['tcp']));
  });
});

test('ports: any list selects what counting one by one finds', () => {
  const number = fc.nat(65535);
  const item = fc.oneof(
    number.map((port) => ({ text: `${port}`, has: (p: number) => p === port })),
    fc.tuple(number, number).map(([a, b]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      return { text: `${low}-${high}`, has: (p: number) => p >= low && p <= high };
    }),
    number.map((port) => ({ text: `${port}-`, has: (p: number) => p >= port })),
    fc
      .integer({ min: 1, max: 65535 })
      .map((port) => ({ text: `-${port}`, has: (p: number) => p >= 1 && p <= port })),
  );
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 4 }), (items) => {
      const ports = parsePorts(items.map(({ text }) => text).join(','), ['udp']).selection.udp;
      const naive: number[] = [];
      for (let port = 0; port < 65536; port++) if (items.some(({ has }) => has(port))) naive.push(port);
      expect(ports).toEqual(Uint16Array.from(naive));
    }),
    { numRuns: 30 },
  );
});
