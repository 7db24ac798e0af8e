/**
 * A vitest reporter that counts what really happened and leaves the counts in the file that
 * PORTOLAN_TEST_COUNTS names, for tools/test.mjs to judge.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';

/** Counts tests; a file that does not load, a hook or an unhandled error that fails counts as one failed. */
export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: 0, skipped: [], troubles: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (state === 'passed') counts.passed++;
        else if (state === 'skipped') counts.skipped.push(name);
        else {
          counts.failed++;
          if (state === 'pending') counts.troubles.push(`${name}: never finished`);
        }
      }
      const suites = [module, ...module.children.allSuites()];
      for (const suite of suites) {
        if (suite.errors().length === 0) continue;
        counts.failed++;
        counts.troubles.push(
          `${module.relativeModuleId}: ${String(suite.errors()[0].message).split('\n')[0]}`,
        );
      }
    }
    for (const error of unhandledErrors) {
      counts.failed++;
      counts.troubles.push(`unhandled: ${String(error.message).split('\n')[0]}`);
    }
    writeFileSync(process.env.PORTOLAN_TEST_COUNTS, JSON.stringify(counts));
  }
}
