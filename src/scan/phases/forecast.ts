/** What a scan will cost, its phases included. @module */

import { fieldWords, type Words } from '../../base/words.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import { type Forecast, forecastPlan, type NetworkFacts } from '../../plan/forecast.ts';
import type { Plan } from '../../plan/plan.ts';
import { phasesOf } from './index.ts';

/**
 * Forecasts a plan, or what `JSON.parse` made of one: packets, bytes and time for the cases that bound them. Sends
 * nothing. A PortolanError names what is no plan.
 */
export function forecast(value: Plan, facts: NetworkFacts = {}, words: Words = fieldWords): Forecast {
  const plan = checkPlan(value);
  return forecastPlan(plan, costsOf(plan), facts, words);
}

function costsOf(plan: Plan) {
  return phasesOf(plan).flatMap((phase) => phase.cost?.(plan) ?? []);
}
