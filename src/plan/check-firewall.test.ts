import { expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { firewallVariants } from '../firewall/variants.ts';
import { buildPlan } from './build-plan.ts';
import { checkPlan } from './check-plan.ts';
import { fakeEnvironment, unprivileged } from './fake-environment.laws.ts';
import { plannedFirewallVariants } from './firewall-variants.ts';
import type { Request } from './request.ts';

const planOf = (request: Partial<Request>, environment = fakeEnvironment()) =>
  buildPlan({ targets: ['10.0.0.1'], firewall: {}, ...request }, environment);

test('a plan that looks at the filter asks by SYN, with all variants', async () => {
  const plan = await planOf({ firewall: { budget: 5000 } });
  expect([plan.techniques, plan.engine, plan.firewall]).toEqual([['syn'], 'packet', { budget: 5000 }]);
  expect(plan.variants).toEqual(plannedFirewallVariants);
  expect((await planOf({ techniques: ['udp'] })).techniques).toEqual(['syn', 'udp']);
  expect(checkPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  const { firewall: _, ...plain } = await buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment());
  expect(plain.variants).toEqual([]);
});

test('hop-limited probes leave their host alone for a moment, a pause for longer than routers limit their errors', () => {
  for (const [i, { ttl, spacingMs }] of plannedFirewallVariants.entries()) {
    if (ttl !== undefined) expect(spacingMs).toBeGreaterThan(0);
    else if (firewallVariants[i]?.name === 'pause') expect(spacingMs).toBeGreaterThan(1000);
    else expect(spacingMs).toBeUndefined();
  }
});

test.each<[Partial<Request>, string]>([
  [{ goal: 'discover' }, "firewall looks at ports: wanted it without goal 'discover'"],
  [{ sweep: true }, 'firewall follows the answers of each host, of which a sweep keeps nothing'],
  [{ traceroute: true }, 'firewall follows the way itself, as far as a filter lets it'],
  [{ engine: 'connect' }, "firewall asks by raw packets: wanted it without engine 'connect'"],
  [{ proxies: ['socks5://10.0.0.9'] }, 'wanted it without proxies'],
  [
    { techniques: ['syn', 'ack'] },
    "firewall chooses its techniques itself: wanted it without techniques 'ack'",
  ],
  [{ scanFlags: 1 }, 'firewall chooses how its packets look: wanted it without scanFlags'],
  [
    { packet: { sourcePort: 53 } },
    'firewall chooses how its packets look: wanted it without packet.sourcePort',
  ],
  [{ firewall: { budget: 0 } }, 'firewall.budget 0: wanted a whole number from 1 on'],
  [{ firewall: { budget: 1.5 } }, 'firewall.budget 1.5: wanted a whole number from 1 on'],
  [{ firewall: { budgett: 1 } as never }, 'firewall has no field "budgett"'],
])('what does not go together with it is refused: %j', async (request, line) => {
  expect((await refusal(() => planOf(request))).message).toContain(line);
});

test('it takes CAP_NET_RAW', async () => {
  const { code, message } = await refusal(() => planOf({}, fakeEnvironment(unprivileged)));
  expect([code, message]).toEqual(['not-permitted', expect.stringContaining('needs CAP_NET_RAW')]);
});

test.each([
  [{ variants: plannedFirewallVariants.slice(1) }, 'asks for the filter in other variants'],
  [{ techniques: ['syn', 'ack'] }, 'firewall asks by raw packets when the ports are known'],
  [{ packet: { ttl: 3 } }, 'firewall asks by raw packets when the ports are known'],
])('a plan that says otherwise is none: %j', async (change, line) => {
  const plan = { ...(await planOf({})), ...change };
  expect((await refusal(() => checkPlan(plan))).message).toContain(line);
});
