/**
 * What a protocol is to those who find out what listens on a port: whom it is expected of, who speaks first, what is
 * said to a server that waits, and how to read what comes back. A protocol is a parser, not a pattern: it is proven or
 * it is not.
 *
 * @module
 */

/** A protocol over TCP, one file each. */
export interface Protocol {
  /** As reports call it: nmap's or IANA's usual word. */
  readonly name: string;
  readonly transport: 'tcp';
  /** Where it is expected in plain text, and where inside TLS. */
  readonly ports: readonly number[];
  readonly tlsPorts?: readonly number[];
  /** The server speaks first. */
  readonly greeting?: true;
  /** What is said to a server that waits. */
  readonly request?: Request;
  /** What is said on the same connection once the protocol is known, because it tells more. */
  readonly more?: Request;
  /** What is asked besides once the protocol is proven, each on a connection of its own. */
  further?(facts: Facts, asked: Asked): readonly Further[];
  /** How the connection goes on with TLS inside. */
  readonly starttls?: StartTls;
  /** Reads all that the server has said on a connection so far. Never throws, linear in time. */
  parse(bytes: Uint8Array): Parsed | undefined;
  /** Whether what came answers all that was said, so that nobody need wait for more; absent: never. */
  isWhole?(bytes: Uint8Array): boolean;
  /** What it says has a shape that others may have as well: believed on its own ports alone. */
  readonly isOnlyAtHome?: true;
  /** Inside TLS its usual server shows no certificate. */
  readonly goesUncertified?: true;
  /** It answers a request of the web in HTTP, to say that it is none: it is tried before the web is. */
  readonly posesAsWeb?: true;
  /** What is known by its facts; the first that fits. */
  readonly products: readonly ProductRule[];
}

/**
 * A protocol over UDP, whose servers answer and never speak first. It is read in the answer that the scan of ports has
 * got, whatever was asked there; where that told nothing, or too little, it is asked for in its own words.
 */
export interface DatagramProtocol {
  /** As reports call it, in the same words as over TCP. */
  readonly name: string;
  readonly transport: 'udp';
  /** Where it is expected. */
  readonly ports: readonly number[];
  /** What is said to a port that is expected to speak it, and to others from its cost on. */
  readonly request?: Pick<Request, 'cost' | 'bytes'>;
  /** What is said besides once it is known, from its cost on: the answer is told instead of the first. */
  readonly more?: Pick<Request, 'cost' | 'bytes'>;
  /** Reads one datagram. Never throws, linear in time. */
  parse(bytes: Uint8Array): Parsed | undefined;
  readonly isOnlyAtHome?: true;
  readonly products: readonly ProductRule[];
}

/** What is said to a server. Harmless: no login, no write, nothing that is known to crash somebody. */
export interface Request {
  /** From which intensity on it is said to whoever listens on a port that is not its own. */
  readonly cost: Cost;
  /** What a server of this protocol does with a request of the web; `varies`: not all the same; absent: it answers. */
  readonly toStrangers?: 'closes' | 'waits' | 'varies';
  /**
   * How its usual server hangs up on a request of the web: by a reset where it leaves bytes unread, in `either` way where
   * servers differ. Absent: not known.
   */
  readonly hangsUp?: 'end' | 'reset' | 'either';
  /**
   * It is said in pieces that end after so many bytes, and each is waited after: which of them a server hangs up on tells
   * how many bytes it reads before it looks at them.
   */
  readonly pieces?: readonly number[];
  /** After how many zeros its usual server hangs up; absent: it waits for more than two. */
  readonly hangsUpAfter?: 1 | 2;
  /** It takes a hello of TLS for a line, answers or waits for the rest of it; absent: it hangs up. */
  readonly staysAtHello?: true;
  /** It waits for more after a line of text that means nothing to it; absent: it hangs up, or answers. */
  readonly staysAtLine?: true;
  /** Its usual server starts somebody who answers, which takes a while. */
  readonly isSlow?: true;
  /** It is said on its own ports alone: on others another word finds it as well. */
  readonly isHomely?: true;
  /** It is itself such a line: whoever speaks in lines answers it. */
  readonly isLine?: true;
  /** `heard`: what was said before on the connection. Nothing: there is nothing to be said to that. */
  bytes(asked: Asked, heard: Uint8Array): Uint8Array;
  /** Whether all that was heard by now answers it; absent: what is whole to its protocol. */
  isAnswered?(heard: Uint8Array): boolean;
  /** What is said after the answer, as far as the intensity goes. */
  readonly next?: Request;
}

/** 0: greetings only; 7: what is asked by default; 8 and 9: what is costly. */
export type Cost = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** What tells more of a server and costs a connection, so that only high intensities ask it. */
export interface Further {
  /** As the record calls what was asked. */
  readonly name: string;
  readonly cost: Cost;
  /** It is asked only inside TLS, if this is agreed on there (RFC 7301). */
  readonly alpn?: string;
  /** It is asked only in plain text. */
  readonly isPlain?: true;
  bytes(asked: Asked): Uint8Array;
  /** How much of an answer is worth reading; absent: what of any is. */
  readonly mostBytes?: number;
  isWhole(heard: Uint8Array): boolean;
  /** Put to the facts that are known: a list is made longer, what was read first stays. */
  read(heard: Uint8Array): Facts | undefined;
}

/** STARTTLS and its like. */
export interface StartTls {
  readonly cost: Cost;
  /** Whether the server offers it, and where that is not said before it is asked: whether to ask. */
  isOffered(facts: Facts): boolean;
  isWorthAsking?(facts: Facts): boolean;
  /** Absent: it has agreed already. */
  readonly bytes?: Uint8Array;
  /** Whether what came since agrees. */
  isAgreed(bytes: Uint8Array): boolean;
  /** The server says nothing before it is told more. */
  readonly isSilent?: true;
  /** It is asked for first of all, so that it takes a connection of its own. */
  readonly isFresh?: true;
  /** What is said inside; the answer is read after all that came before. */
  readonly more?: Request;
}

/** Who is asked. */
export interface Asked {
  /** Its name, if it was asked by one, else its address; an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a parser has read. */
export interface Parsed {
  readonly facts: Facts;
  /** What rules may look at besides, and reports do not tell. */
  readonly hints?: Facts;
  /** Where it is not the protocol's own: a proxy among web servers. */
  readonly name?: string;
  /** 7: by a shape that only this protocol has; absent: 10, it says so itself. */
  readonly confidence?: 7;
  /** The server answered to words of another protocol, or told little: its own request tells more. */
  readonly isAside?: true;
  /** Too little to be told by: it is a reason to ask for more, and proves nothing without that. */
  readonly isSign?: true;
  /** It says that it wants TLS. */
  readonly wantsTls?: true;
}

/** What a protocol says of a server, by name. `hostname` and `info` stand in reports by themselves. */
export type Facts = Readonly<Record<string, string | readonly string[]>>;

/** A product, and by which facts it is known. */
export interface ProductRule {
  /** Facts that must be there and match, all of them. Expressions are anchored and take linear time. */
  readonly when: Readonly<Record<string, RegExp>>;
  /** May hold `$1`…: the groups of the expressions, counted through. */
  readonly product: string;
  /** Templates as well: absent where a group of them is empty. */
  readonly version?: string;
  readonly info?: string;
  readonly os?: string;
  readonly device?: string;
  /** Such as `a:openbsd:openssh`; the version is added. */
  readonly cpe?: string;
  /** 7: told from a shape; absent: 10. */
  readonly confidence?: 7;
}
