/**
 * `npm test`: builds, sets up what the tests need where it may, says what it skips and why, runs all tests but the
 * labs. The last line is `N passed, N failed`, with `, N skipped` where some were. Arguments go to vitest.
 *
 * @module
 */

import { build, judge, nothingRan, runVitest, setUp } from './run-tests.mjs';

const words = process.argv.slice(2);
const skipping = setUp();
for (const line of skipping) console.log(`skipping: ${line}`);
const counts = build() ? runVitest(words) : { ...nothingRan, failed: 1, troubles: ['the build failed'] };
const isChosen = skipping.length > 0 || words.some((word) => /^(-t|--testNamePattern)/.test(word));
process.exitCode = judge(counts, isChosen) ? 0 : 1;
