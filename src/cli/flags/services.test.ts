import { describe, expect, it } from 'vitest';
import { readScanCall } from '../scan-call.ts';

const services = (...argv: string[]) => readScanCall([...argv, '10.0.0.5']).request.services;
const complaint = (...argv: string[]) => {
  try {
    services(...argv);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('-sV', () => {
  it('asks for services, and how is said beside it', () => {
    expect(services()).toBeUndefined();
    expect(services('-sV')).toEqual({});
    expect(services('-sV', '--version-intensity', '3')).toEqual({ intensity: 3 });
    expect(services('--version-light', '-sV', '--version-timeout=500ms')).toEqual({
      intensity: 2,
      timeoutMs: 500,
    });
    expect(services('-sSV', '--version-all')).toEqual({ intensity: 9 });
  });

  it('is missed where how is said without it', () => {
    expect(complaint('--version-light')).toMatch(/mean something only beside -sV/);
    expect(complaint('--recog', 'xml')).toMatch(/^--recog.*only beside -sV/);
    expect(complaint('--version-timeout', '3s')).toMatch(/^--version-timeout.*only beside -sV/);
    expect(complaint('-sV', '--version-light', '--version-all')).toMatch(/only one of/);
    expect(complaint('-sV', '--version-intensity', '10')).toMatch(/from 0 to 9/);
  });

  it('does not go with netcat’s -z', () => {
    expect(() => readScanCall(['-zv', '-sV', '10.0.0.5', '22'])).toThrow(/without -sV/);
  });
});
