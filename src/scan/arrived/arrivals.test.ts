import { describe, expect, test } from 'vitest';
import { type Addressees, Arrivals } from './arrivals.ts';

const listening = {
  type: 'listening',
  addresses: ['10.0.0.5', 'fd00::5'],
  tcp: '1-1024',
  udp: '53',
  keyCheck: 'a1b2',
};
const arrived = {
  type: 'arrived',
  from: '10.0.0.9',
  protocol: 'tcp',
  port: 25,
  technique: 'syn',
  variant: 'plain',
  ttl: 62,
};
const probe = { to: '10.0.0.5', protocol: 'tcp', port: 25, technique: 'syn', variant: 'plain' } as const;
const plain = new Set(['plain']);

function to(...targets: readonly string[]): Addressees {
  return {
    has: (address) => targets.includes(address),
    count: (family) => targets.filter((one) => one.includes(':') === (family === 6)).length,
  };
}

function having(...lines: readonly object[]): Arrivals {
  const arrivals = new Arrivals(3);
  for (const line of [listening, ...lines]) expect(arrivals.take(JSON.stringify(line))).toBeUndefined();
  return arrivals;
}

describe('what a listener says of a probe', () => {
  const alone = to('10.0.0.5');
  const one = (line: object) => having({ ...arrived, ...line });

  test('it arrived where it was sent, or where a translator has sent it', () => {
    expect(one({ to: '10.0.0.5' }).of(probe, alone, plain)).toBe('arrived');
    expect(one({ to: '192.168.1.5' }).of(probe, alone, plain)).toBe('arrived');
    expect(one({}).of(probe, alone, plain)).toBe('arrived');
    expect(one({ to: '192.168.1.5' }).of(probe, to('10.0.0.5', '10.0.0.6'), plain)).toBe('perhaps');
    expect(one({ to: 'fd00::99' }).of(probe, alone, plain)).toBe('perhaps');
  });

  test('another one does not count for it', () => {
    expect(one({ to: '10.0.0.6' }).of(probe, to('10.0.0.5', '10.0.0.6'), plain)).toBe('not-arrived');
    expect(one({ port: 26 }).of(probe, alone, plain)).toBe('not-arrived');
    expect(one({ technique: 'ack' }).of(probe, alone, plain)).toBe('not-arrived');
    expect(one({ variant: 'source-port 53' }).of(probe, alone, plain)).toBe('not-arrived');
    expect(one({ run: 4 }).of(probe, alone, plain)).toBe('not-arrived');
    expect(one({ run: 3 }).of(probe, alone, plain)).toBe('arrived');
  });

  test('nothing, of a port that it does not hear, or of a host where nothing shows that it stands', () => {
    expect(having().of({ ...probe, port: 2000 }, alone, plain)).toBeUndefined();
    expect(having().of({ ...probe, protocol: 'udp' }, alone, plain)).toBeUndefined();
    expect(having().of({ ...probe, to: '10.0.0.6' }, to('10.0.0.6'), plain)).toBeUndefined();
    const translated = having({ ...arrived, port: 80, to: '192.168.1.5' });
    expect(translated.of({ ...probe, to: '10.0.0.6' }, to('10.0.0.6'), plain)).toBeUndefined();
    expect(translated.reaches('10.0.0.6', to('10.0.0.6'))).toBe(true);
    expect(having().reaches('10.0.0.5', to('10.0.0.5'))).toBe(false);
    const other = having({ ...arrived, port: 80, to: '10.0.0.6' });
    expect(other.of({ ...probe, to: '10.0.0.6' }, to('10.0.0.6'), plain)).toBe('not-arrived');
  });

  test('a source port that nobody asked from was translated: it may be any of those', () => {
    const arrivals = one({ variant: 'source-port 61001' });
    const asked = new Set(['source-port 1234', 'plain']);
    expect(arrivals.of({ ...probe, variant: 'source-port 1234' }, alone, asked)).toBe('perhaps');
    expect(arrivals.of(probe, alone, asked)).toBe('not-arrived');
  });
});

test.each([
  ['', 'is no JSON object'],
  ['[]', 'is no JSON object'],
  ['{"type":"scan"}', 'is neither'],
  [{ ...listening, tcp: '9-1' }, 'no ranges of TCP ports'],
  [{ ...listening, udp: 7 }, 'no ranges of UDP ports'],
  [{ ...listening, addresses: ['x'] }, 'addresses'],
  [{ ...arrived, protocol: 'icmp' }, 'neither tcp nor udp'],
  [{ ...arrived, port: 65_536 }, 'no port'],
  [{ ...arrived, port: '25' }, 'no port'],
  [{ ...arrived, variant: 'x'.repeat(65) }, 'no variant'],
  [{ ...arrived, from: 'somebody' }, 'no address in from'],
  [{ ...arrived, to: 5 }, 'no address in to'],
  [{ ...arrived, technique: {} }, 'no name in technique'],
])('%j is refused', (line, problem) => {
  expect(new Arrivals(0).take(typeof line === 'string' ? line : JSON.stringify(line))).toContain(problem);
});

test('what nobody can keep is counted', () => {
  const arrivals = having();
  for (let i = 0; i < 262_150; i++)
    arrivals.take(
      `{"type":"arrived","from":"10.0.0.9","protocol":"tcp","port":${i & 0xffff},"variant":"v${i >> 16}","ttl":1}`,
    );
  expect(arrivals.overflowing).toBe(6);
});
