/**
 * The reports: what a scan tells as text of many formats, or as one object.
 *
 * @module
 */

export { Collector, type Sink } from './collect.ts';
export { fingerprints } from './fingerprints.ts';
export { factOfLine, type ReadOptions, type RecordSource, readFacts } from './read-facts.ts';
export { collect, type ScanResult } from './result.ts';
export { writeReport } from './write-report.ts';
export type { HostReport, Out, ShowOptions, Writer } from './writer.ts';
export { type WriterName, writers } from './writers.ts';
