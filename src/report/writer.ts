/**
 * The contract of a report format: facts in, text out. A writer knows no file, terminal or clock.
 *
 * @module
 */

import type { DeviceFact } from '../model/device-fact.ts';
import type {
  FindingFact,
  HostFact,
  PolicyFact,
  PortFact,
  PortsFact,
  ProbeFact,
  ProgressFact,
  RecordedFact,
  ScanFact,
  SummaryFact,
  TraceFact,
} from '../model/fact.ts';
import type { OsFact } from '../model/os-fact.ts';
import type { ServiceFact } from '../model/service-fact.ts';

/** Where text goes: a file, standard output, a string in a test. */
export type Out = (text: string) => void;

/** A report format. Each hook is optional work at one moment of the scan. */
export interface Writer {
  readonly name: string;
  readonly mediaType: string;
  begin?(scan: ScanFact, out: Out): void;
  /** Every recorded fact as it arrives, for formats that stream. */
  fact?(fact: RecordedFact, out: Out): void;
  /** How far the scan is and how fast, where that is told; no record has it. */
  progress?(fact: ProgressFact): void;
  /** Whether hosts come with the probes that their findings cite, even where probes are not to be shown. */
  readonly wantsProbes?: true;
  /** A host about which everything has been said. */
  host?(host: HostReport, out: Out): void;
  end?(summary: SummaryFact, scan: ScanFact, out: Out): void;
}

/** Everything known of one host. */
export interface HostReport {
  readonly host: HostFact;
  /** The techniques of the scan, in requested order: the first one's verdict is the headline. */
  readonly techniques: readonly string[];
  readonly ports: readonly PortFact[];
  /** Groups that were not listed port by port. */
  readonly groups: readonly PortsFact[];
  readonly services: readonly ServiceFact[];
  /** One each for the systems that answer. */
  readonly systems: readonly OsFact[];
  readonly device?: DeviceFact;
  /** What a filter does with the ports, range by range. */
  readonly policies: readonly PolicyFact[];
  readonly findings: readonly FindingFact[];
  /** None, unless they are to be shown or the format wants them. */
  readonly probes: readonly ProbeFact[];
  readonly traces: readonly TraceFact[];
}

/** What the user wants shown, the same for every format. */
export interface ShowOptions {
  /** Only open ports (`--open`). */
  readonly openOnly: boolean;
  readonly reason: boolean;
  readonly verbosity: number;
  /** Probes are shown as well. */
  readonly probes?: boolean;
  /** How many characters a line of the screen takes, where it is one. */
  readonly columns?: number;
}
