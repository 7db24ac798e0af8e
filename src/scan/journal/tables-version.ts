/**
 * The version of everything that gives the numbers in a journal their meaning: techniques, states, reasons and
 * the form of the records. A journal written under another one cannot be read right.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { firewallVariants } from '../../firewall/variants.ts';
import { exposures, policyActions } from '../../model/fact.ts';
import { observationKinds, troubles } from '../../model/observation.ts';
import { portStates, reasons } from '../../model/verdict.ts';
import { hostTechniques, portTechniques } from '../../techniques/index.ts';
import { numbersOfPhases } from '../phases/index.ts';
import { pretenceBases, pretenceRules } from '../phases/responder-check/judgement.ts';
import { recordKinds } from '../records/frame.ts';
import { traceProtocols } from '../records/path-record.ts';

/** Sixteen hexadecimal digits that change with any of the tables. */
export function tablesVersion(): string {
  const tables = [
    planForm,
    portStates,
    reasons,
    recordForm,
    recordKinds,
    numbersOfPhases,
    observationKinds,
    troubles,
    pretenceRules,
    pretenceBases,
    traceProtocols,
    policyActions,
    exposures,
    firewallVariants,
    portTechniques,
    hostTechniques,
  ];
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}

/** Changes when a plan of before would be carried out otherwise. */
const planForm = 2;
/** Changes when a record of before would be read otherwise. */
const recordForm = 2;
