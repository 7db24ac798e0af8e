/**
 * The library door: everything a program needs to scan and to read what a scan tells.
 *
 * @module
 */

export type { Fact, RecordedFact } from './model/fact.ts';
export { buildPlan, readEnvironment } from './plan/build-plan.ts';
export { forecast } from './plan/forecast.ts';
export type { Plan } from './plan/plan.ts';
export type { Request } from './plan/request.ts';
export { run, type ScanOptions, scan } from './scan/scan.ts';
