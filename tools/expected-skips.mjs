/**
 * Tests that may be skipped even where everything they need is there, each with its reason. Any other skipped
 * test fails the run on a machine with root and all packages: what is not run proves nothing.
 *
 * @module
 */

/** Whole names as the runner prints them, `file > suite > test`, or the start of them, and why. */
export const expectedSkips = [
  {
    test: 'src/detect/service/captures.test.ts',
    why: 'captures of others, which are not part of this repository and lie beside it where it is developed',
  },
  {
    test: 'src/detect/recog/examples.test.ts',
    why: 'fingerprints of others, which are not part of this repository and lie beside it where it is developed',
  },
];
