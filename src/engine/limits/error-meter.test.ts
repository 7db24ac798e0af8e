/** Whose limit an error shows. @module */

import { expect, test } from 'vitest';
import { Observation } from '../../model/observation.ts';
import { hostOf } from '../hosts/test-hosts.laws.ts';
import { ErrorMeter } from './error-meter.ts';

test('what this machine made up itself, of a neighbour it did not find, is nobody’s limit', () => {
  const own = 3;
  const meter = new ErrorMeter((sender) => sender === own);
  const seen = new Observation();
  for (const [sender, isMet] of [
    [own, false],
    [4, true],
  ] as const) {
    const host = hostOf(100);
    for (let i = 1; i <= 20; i++) {
      seen.sender = sender;
      seen.attempt = 2;
      seen.atUs = i * 1e6;
      meter.note(host, seen);
    }
    expect([host.errorSource?.isLimited ?? false, host.errors > 0]).toEqual([isMet, isMet]);
  }
});
