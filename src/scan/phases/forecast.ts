/** What a scan will cost, its phases included. @module */

import { fieldWords, named, spoken, type Words } from '../../base/words.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import { type Forecast, forecastPlan, type NetworkFacts } from '../../plan/forecast.ts';
import type { Plan } from '../../plan/plan.ts';
import { mostSendings } from '../../plan/silent-course.ts';
import { phasesOf } from './index.ts';
import { forecastServices } from './services/forecast.ts';

/**
 * Forecasts a plan, or what `JSON.parse` made of one: packets, bytes and time for the cases that bound them. Sends
 * nothing. A PortolanError names what is no plan.
 */
export function forecast(value: Plan, facts: NetworkFacts = {}, words: Words = fieldWords): Forecast {
  const plan = checkPlan(value);
  return forecastPlan(plan, costsOf(plan), facts, words);
}

/**
 * The packets and the time of looking for a filter before hosts that are there, in one line: what is said before it begins.
 * The upper figures are those of a host of which few ports answer, so that each silence is asked into once more.
 */
export function forecastLine(plan: Plan, facts: NetworkFacts = {}): string {
  const { questions, allAnswer, noneAnswers = allAnswer, rate } = forecast(plan, facts);
  const again = (Math.min(mostSendings(plan), frugalSendings) - 1) * questions;
  const packets = between(allAnswer.packets, Math.max(allAnswer.packets + again, noneAnswers.packets));
  const seconds = between(
    Math.ceil(allAnswer.durationMs / 1000),
    Math.ceil((Math.max(allAnswer.durationMs, noneAnswers.durationMs) + silentRoundsMs) / 1000),
  );
  const budget = plan.firewall?.budget;
  const bound = budget === undefined ? '' : `; at most ${budget} ${budget === 1 ? 'is' : 'are'} sent`;
  return `forecast: ${packets} packets in ${rate === 'found' ? 'about ' : ''}${seconds} s${bound}`;
}

/** What talking with services will cost, in one line. */
export function servicesLine(plan: Plan, words: Words = fieldWords): string {
  return spoken(`forecast of ${named('services')}: ${forecastServices(plan).assumes}`, words);
}

function between(low: number, high: number): string {
  return low === high ? String(low) : `${low} to ${high}`;
}

function costsOf(plan: Plan) {
  return phasesOf(plan).flatMap((phase) => phase.cost?.(plan) ?? []);
}

/** How often silence is asked into while nothing is seen to be lost. */
const frugalSendings = 2;
/** Measured: where probes stay silent, some rounds of them are waited for one after the other. */
const silentRoundsMs = 3000;
