/** When something was seen, as facts say it. @module */

/** The time of an observation, or `batchAt` where nobody looked at the clock before its batch was sent. */
export function timeText(atMs: number, batchAt: string): string {
  if (atMs <= 0) return batchAt;
  if (atMs !== lastMs) {
    lastMs = atMs;
    lastText = new Date(atMs).toISOString();
  }
  return lastText;
}

// In a scan of many hosts dozens of facts have the same millisecond, and writing it takes longer than all else of a fact.
let lastMs = 0;
let lastText = '';
