/** What the exit codes mean, for help texts. @module */

import { exitCode } from '../base/errors.ts';

/** Codes and their meanings. */
export const exitCodes: readonly (readonly [code: string, meaning: string])[] = [
  [`${exitCode.done}`, 'done'],
  [`${exitCode.no}`, 'done, and the answer is no'],
  [`${exitCode.badRequest}`, 'bad request: option, target or file'],
  [`${exitCode.incomplete}`, 'incomplete: part could not be judged; what is known is in the reports'],
  [`${exitCode.notPermitted}`, 'not permitted, or the environment lacks something'],
  [`${exitCode.failed}`, 'a fault of Portolan'],
  [
    `${exitCode.hungUp}, ${exitCode.interrupted}, ${exitCode.terminated}`,
    'interrupted (SIGHUP, SIGINT, SIGTERM); what is known is written',
  ],
];
