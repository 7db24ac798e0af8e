/** How often tests with chance in them run. @module */

/** How many seeds a test takes: all of them in a lab (`npm run labs seeds`), a quarter every day. */
export function runsOf(all: number): number {
  return process.env['PORTOLAN_LABS'] === undefined ? Math.ceil(all / 4) : all;
}
