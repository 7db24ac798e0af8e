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

/** The packets and the time of a scan of hosts that are there, in one line: what is said before it begins. */
export function forecastLine(plan: Plan, facts: NetworkFacts = {}): string {
  const { allAnswer, noneAnswers = allAnswer, rate } = forecast(plan, facts);
  const between = (some: number, others: number) => {
    const [low, high] = [Math.min(some, others), Math.max(some, others)];
    return low === high ? String(low) : `${low} to ${high}`;
  };
  const packets = between(allAnswer.packets, noneAnswers.packets);
  const [one, other] = [allAnswer, noneAnswers].map(({ durationMs }) => Math.ceil(durationMs / 1000));
  const time = between(one as number, other as number);
  const budget = plan.firewall?.budget;
  const bound = budget === undefined ? '' : `; at most ${budget} are sent`;
  return `forecast: ${packets} packets in ${rate === 'found' ? 'about ' : ''}${time} s${bound}`;
}

function costsOf(plan: Plan) {
  return phasesOf(plan).flatMap((phase) => phase.cost?.(plan) ?? []);
}
