/**
 * The form of an option: one value that the parser, the help text, the man page and the completions all read.
 *
 * @module
 */

import type { PortTechniqueName } from '../../model/technique-name.ts';
import type {
  DiscoveryProbe,
  FirewallOptions,
  PacketOptions,
  Request,
  ServiceOptions,
} from '../../plan/request.ts';
import type { NamesRequest } from '../../scan/names/names-request.ts';

/** An option of a command. */
export interface Flag {
  /** As written after the dashes; names of up to two characters take one dash, longer ones two. */
  readonly name: string;
  /** Another spelling of the name. */
  readonly short?: string;
  /** What stands for the value in help texts; absent where the option takes none. */
  readonly value?: string;
  /** The value may be missing, and stands right behind the name where it is given (`-PS22`, `-v2`). */
  readonly glued?: RegExp;
  /** The only values accepted. */
  readonly choices?: readonly string[];
  /** Whether another value adds to the first one instead of contradicting it. */
  readonly repeats?: true;
  /** No message shows its value. */
  readonly isSecret?: true;
  readonly category: Category;
  /** One line for the help text. */
  readonly summary: string;
  /** What the man page adds to the summary. */
  readonly help?: string;
  /** Writes the value into the draft; throws {@link Unacceptable}. Absent until the feature exists. */
  readonly set?: (value: string, draft: Draft) => void;
}

/** The options of a command. */
export interface Language {
  readonly command: string;
  /** Other words for it. */
  readonly alias?: string;
  readonly flags: readonly Flag[];
  /** Those of them that `scan` has not. */
  readonly own: readonly Flag[];
  /** Those that mean what they mean in a scan. */
  readonly shared: readonly Flag[];
  /** What is to be said of further ones. */
  readonly note?: string;
}

/** The groups of the help text, in its order. */
export const categories = {
  targets: 'Targets',
  ports: 'Ports',
  discovery: 'Host discovery',
  techniques: 'Techniques',
  detection: 'Detection',
  names: 'Names',
  timing: 'Timing',
  packets: 'Packets',
  big: 'Big scans',
  shown: 'What is shown',
  output: 'Output',
  safety: 'Safety',
  netcat: 'The netcat habit',
  habits: 'Habits of nmap, done anyway',
  audit: 'Of audit alone',
  firewall: 'Of firewall alone',
  listen: 'Of listen alone',
  dns: 'Of dns alone',
  history: 'Of kept scans',
  watch: 'Of watch alone',
  general: 'General',
} as const;

/** One of the groups of the help text. */
export type Category = keyof typeof categories;

/** What the options and targets read so far ask for. */
export interface Draft {
  readonly request: Mutable<Omit<Request, 'targets' | 'packet' | 'techniques'>>;
  readonly packet: Mutable<PacketOptions>;
  /** Everything that is no option. */
  readonly words: string[];
  readonly techniques: PortTechniqueName[];
  readonly probes: DiscoveryProbe[];
  readonly outputs: Output[];
  readonly view: Mutable<View>;
  wants: 'scan' | 'forecast' | 'help' | 'version';
  /** `-z`: the words are a host and its ports, and the answer is netcat's. */
  netcat: boolean;
  /** `-u` and `-w`, which mean something only beside `-z`. */
  readonly beside: Mutable<{ udp?: boolean; waitMs?: number }>;
  /** `--key`, as it was given. */
  key?: string;
  /** `--arrived`: where a listener's lines are read. */
  arrived?: string;
  /** How services are found out; means something only beside `-sV`. */
  readonly services: Mutable<ServiceOptions>;
  /** What only `audit` is told. */
  readonly audit: {
    does: 'audit' | 'init' | 'merge';
    readonly reports: { readonly format: 'junit' | 'sarif' | 'github'; readonly path: string }[];
  };
  /** What only `firewall` is told. */
  readonly firewall: Mutable<FirewallOptions>;
  /** What only `listen` is told. */
  readonly listen: Mutable<{ forMs?: number }>;
  /** What only `dns` is told. */
  readonly names: Mutable<Omit<NamesRequest, 'names' | 'dnsServers' | 'args'>>;
  /** How is watched. */
  readonly watch: { everyMs?: number; isOnce?: true; command?: string; webhook?: string };
  /** Which scans are kept, and which kept ones are meant. */
  readonly kept: { most?: number; isOff?: true; vantage?: string };
}

/** A report that is asked for: its format and where it goes (`-` is standard output). */
export interface Output {
  readonly format: FormatName;
  readonly path: string;
}

/** The report formats, by the names of the report registry. */
export type FormatName = 'normal' | 'xml' | 'grepable' | 'ndjson' | 'csv' | 'html';

/** What a person at the terminal wants to see. */
export interface View {
  readonly openOnly: boolean;
  readonly reason: boolean;
  readonly verbosity: number;
  readonly debug: number;
  readonly packetTrace: boolean;
  readonly statsEveryMs?: number;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** A value that an option cannot take; the message says what it accepts. */
export class Unacceptable extends Error {}

/** The name with its dashes. */
export function dashed(name: string): string {
  return name.length <= 2 ? `-${name}` : `--${name}`;
}

/** A draft that nothing has been written into. */
export function emptyDraft(): Draft {
  return {
    request: {},
    packet: {},
    words: [],
    techniques: [],
    probes: [],
    outputs: [],
    view: {
      openOnly: false,
      reason: false,
      verbosity: 0,
      debug: 0,
      packetTrace: false,
      progress: true,
      color: 'auto',
    },
    wants: 'scan',
    netcat: false,
    beside: {},
    services: {},
    audit: { does: 'audit', reports: [] },
    firewall: {},
    listen: {},
    names: {},
    watch: {},
    kept: {},
  };
}

/** The same fields, writable. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
