import { describe, expect, test } from 'vitest';
import { icmpErrors } from '../model/reply.ts';
import { icmpMeaning, icmpMeaningIndex, icmpMeanings } from './meaning.ts';

describe('icmp meaning', () => {
  test('every type and code of both families means what the contract says, and no other means anything', () => {
    const found: Record<string, string> = {};
    for (const family of [4, 6]) {
      for (let type = 0; type < 256; type++) {
        for (let code = 0; code < 256; code++) {
          const meaning = icmpMeaning(family, type, code);
          const index = meaning === undefined ? -1 : icmpMeanings.indexOf(meaning);
          if (icmpMeaningIndex(family, type, code) !== index)
            expect.fail(`${family}:${type}/${code} is not ${index}`);
          if (meaning !== undefined && meaning !== 'time-exceeded')
            found[`${family}:${type}/${code}`] = meaning;
        }
      }
    }
    expect(found).toEqual({
      '4:3/0': 'net-unreach',
      '4:3/1': 'host-unreach',
      '4:3/2': 'proto-unreach',
      '4:3/3': 'port-unreach',
      '4:3/9': 'net-prohibited',
      '4:3/10': 'host-prohibited',
      '4:3/13': 'admin-prohibited',
      '6:1/0': 'no-route',
      '6:1/1': 'admin-prohibited',
      '6:1/2': 'beyond-scope',
      '6:1/3': 'host-unreach',
      '6:1/4': 'port-unreach',
      '6:1/5': 'policy-failed',
      '6:1/6': 'reject-route',
      '6:4/1': 'proto-unreach',
    });
  });

  test('time exceeded is 11 in ICMPv4 and 3 in ICMPv6, whatever the code', () => {
    expect(icmpMeaning(4, 11, 0)).toBe('time-exceeded');
    expect(icmpMeaning(4, 11, 1)).toBe('time-exceeded');
    expect(icmpMeaning(6, 3, 0)).toBe('time-exceeded');
    expect(icmpMeaning(6, 11, 0)).toBeUndefined();
  });

  test('the words and their order are those of the model', () => {
    expect(icmpMeanings).toEqual(icmpErrors);
  });
});
