/** What a scan will cost, its phases included. @module */

import { fieldWords, type Words } from '../../base/words.ts';
import { type Forecast, forecastPlan, type NetworkFacts } from '../../plan/forecast.ts';
import type { Plan } from '../../plan/plan.ts';
import { phasesOf } from './index.ts';

/** Forecasts a plan: packets, bytes and time for the cases that bound them. Sends nothing. */
export function forecast(plan: Plan, facts: NetworkFacts = {}, words: Words = fieldWords): Forecast {
  return forecastPlan(plan, costsOf(plan), facts, words);
}

function costsOf(plan: Plan) {
  return phasesOf(plan).flatMap((phase) => phase.cost?.(plan) ?? []);
}
