/**
 * The time in which probes may have been swallowed because too many were sent: silence then proves nothing.
 *
 * @module
 */

/** A span of time, empty at first. Times are microseconds. */
export class DoubtedSpan {
  fromUs: number = Number.POSITIVE_INFINITY;
  untilUs: number = Number.NEGATIVE_INFINITY;

  /** Whether a probe sent at this time is in doubt. */
  has(sentUs: number): boolean {
    return sentUs >= this.fromUs && sentUs <= this.untilUs;
  }

  /** What is sent from this time on proves nothing, until more is known. */
  begin(sinceUs: number): void {
    this.fromUs = this.untilUs < sinceUs ? sinceUs : Math.min(this.fromUs, sinceUs);
    this.untilUs = Number.POSITIVE_INFINITY;
  }

  /** Nothing is in doubt. */
  forget(): void {
    this.fromUs = Number.POSITIVE_INFINITY;
    this.untilUs = Number.NEGATIVE_INFINITY;
  }
}
