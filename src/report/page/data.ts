/**
 * What the page of a report is given, in blocks of JSON. Every text is printable already; the page sets it as text and
 * never as markup.
 *
 * @module
 */

/** What stands before the hosts. */
export interface PageHead {
  readonly title: string;
  readonly command: string;
  /** Sentences about the scan as a whole: version, beginning, how its packets look. */
  readonly notes: readonly string[];
}

/** What was said of a port besides its number: many ports share one. */
export interface Look {
  readonly protocol: string;
  readonly state: string;
  readonly reason: string;
  /** One technique, or what each of several said. */
  readonly technique: string;
  readonly service: string;
  readonly version: string;
}

/** Ports that are counted, not listed. */
export interface PageGroup {
  readonly ports: string;
  readonly count: number;
  /** The place of its look among all looks of the page. */
  readonly look: number;
}

/** What is known of the service on a port, line by line. */
export interface PageService {
  readonly port: number;
  readonly protocol: string;
  readonly details: readonly (readonly [name: string, text: string])[];
}

/** A range of a filter's policy. */
export interface PagePolicy {
  readonly exposure: string;
  readonly action: string;
  readonly hop: string;
  readonly sure: string;
  readonly protocol: string;
  readonly ports: string;
  /** What its cells in the map of ports are coloured as. */
  readonly kind: string;
}

/** A finding and what it rests on. */
export interface PageFinding {
  readonly rule: string;
  readonly severity: string;
  readonly claim: string;
  readonly sure: string;
  readonly evidence: readonly string[];
  readonly refutedBy: string;
  /** The ordinals of probes that it cites. */
  readonly facts: readonly number[];
}

/** A probe in words, by its ordinal in the record; null: a line that stands for several. */
export interface PageProbe {
  readonly n: number | null;
  readonly text: string;
}

/** One hop of a way. */
export interface PageHop {
  readonly ttl: number;
  /** null: it stayed silent. */
  readonly address: string | null;
  readonly name?: string;
  readonly rtt?: string;
}

/** The way to a host. */
export interface PageTrace {
  readonly by: string;
  readonly isReached: boolean;
  readonly hops: readonly PageHop[];
}

/** Where a filter stops probes, counted in hops, both ends included. */
export interface PageFilter {
  readonly low: number;
  readonly high: number;
  readonly action: string;
  readonly ports: string;
}

/** One host. Lists that would be empty are absent. */
export interface PageHost {
  readonly address: string;
  readonly title: string;
  readonly state: string;
  /** Sentences: what it is, how it is known to be there. */
  readonly notes: readonly string[];
  readonly os?: string;
  readonly device?: string;
  /** Two numbers a port: how far it is from the one before (the first from 0), and the place of its look. */
  readonly ports?: readonly number[];
  readonly groups?: readonly PageGroup[];
  readonly services?: readonly PageService[];
  readonly policyText?: string;
  readonly policies?: readonly PagePolicy[];
  readonly filters?: readonly PageFilter[];
  readonly findings?: readonly PageFinding[];
  readonly probes?: readonly PageProbe[];
  readonly traces?: readonly PageTrace[];
}

/** Some hosts, and the looks that occur in them and in none before. */
export interface HostBlock {
  readonly looks: readonly Look[];
  readonly hosts: readonly PageHost[];
}

/** The course of a scan in slices of equal length; null where nothing was measured. */
export interface PageTimeline {
  readonly sliceMs: number;
  /** Verdicts told a second. */
  readonly told: readonly number[];
  /** Packets sent a second. */
  readonly sent: readonly (number | null)[];
  readonly meanRttMs: readonly (number | null)[];
  readonly leastRttMs: readonly (number | null)[];
  /** The share of answers that came only when it was asked again: what the way lost, as far as it shows. */
  readonly askedAgain: readonly (number | null)[];
}

/** What stands after the hosts. */
export interface PageEnd {
  readonly notes: readonly string[];
  readonly isComplete: boolean;
  readonly timeline: PageTimeline;
}

/** One change between two records. */
export interface PageChange {
  readonly host: string;
  readonly what: string;
  readonly change: string;
  readonly before: string;
  readonly after: string;
  readonly isCertain: boolean;
  readonly at: string;
}
