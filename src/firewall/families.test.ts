import { expect, test } from 'vitest';
import { compareFamilies, type FamilyPolicy } from './families.ts';

const v4: FamilyPolicy = {
  host: '10.0.0.5',
  family: 4,
  policy: [
    { protocol: 'tcp', ports: '22', action: 'allow', exposure: 'exposed', confidence: 1 },
    { protocol: 'tcp', ports: '1-21,23-99', action: 'drop', exposure: 'protected', confidence: 0.9 },
  ],
};
const v6 = (ports: string): FamilyPolicy => ({
  host: 'fd00::5',
  family: 6,
  policy: [{ protocol: 'tcp', ports, action: 'allow', exposure: 'exposed', confidence: 1 }],
});

test('open by IPv6 and dropped by IPv4 is a hole, whichever comes first', () => {
  for (const hole of [
    compareFamilies(v4, v6('22,80'), 'its name'),
    compareFamilies(v6('22,80'), v4, 'its name'),
  ]) {
    expect(hole?.ports).toEqual({ tcp: [80], udp: [] });
    expect(hole?.finding).toMatchObject({ rule: 'ipv6-hole', confidence: 0.9 });
  }
});

test('what both let through, or what IPv4 was not asked, is none', () => {
  expect(compareFamilies(v4, v6('22'), 'its name')).toBeUndefined();
  expect(compareFamilies(v4, v6('443'), 'its name')).toBeUndefined();
  expect(compareFamilies(v4, v4, 'its name')).toBeUndefined();
});
