import { expect, test } from 'vitest';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { numbersOfPhases } from './index.ts';

test('numbers of phases stand in journals: those that were given stay, and none is given twice', () => {
  const given = {
    discovery: 1,
    ports: 2,
    'responder-check': 3,
    path: 4,
    names: 5,
    firewall: 6,
    services: 7,
    comparison: 8,
    identity: 9,
    systems: 10,
  };
  for (const [name, number] of Object.entries(numbersOfPhases)) {
    const before = Object.entries(given).find(([known, taken]) => known === name || taken === number);
    expect([name, number]).toEqual(before ?? [name, number]);
  }
  expect(new Set(Object.values(numbersOfPhases)).size).toBe(Object.keys(numbersOfPhases).length);
  expect(numbersOfPhases).toMatchObject(phaseNumbers);
});
