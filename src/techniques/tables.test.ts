import { describe, expect, test } from 'vitest';
import { icmpErrors, type Reply, type TcpFlag, tcpFlags } from '../model/reply.ts';
import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';
import type { PortState, Reason } from '../model/verdict.ts';
import { classify, matches } from './classify.ts';
import { errorWorth } from './error-worth.ts';
import { hostTechniques, portTechniques, techniqueOf } from './index.ts';
import type { Technique } from './technique.ts';

const senders = ['target', 'other'] as const;
const techniques: readonly Technique[] = [...Object.values(portTechniques), ...Object.values(hostTechniques)];

describe('every table', () => {
  test.each(techniques)('$name: no row is shadowed by those above it', (technique) => {
    expect(deadRows(technique)).toEqual([]);
  });

  test('a row that never decides is found', () => {
    const { udp } = portTechniques;
    const [datagram, closed, filtered] = udp.replies;
    expect(deadRows({ ...udp, replies: [datagram, filtered, closed] })).toEqual([2]);
  });

  test.each(techniques)('$name: silence is never open and never closed', (technique) => {
    expect(['filtered', 'open|filtered']).toContain(technique.silence);
  });

  test('what is said of a technique beside its answers fits what it sends', () => {
    for (const { name, about, probe, sends, usualPorts, withoutPrivilege } of techniques) {
      const hasPorts = probe.transport !== 'icmp' && probe.transport !== 'link';
      expect(sends === 'sockets', name).toBe(probe.transport === 'socket');
      expect(usualPorts !== undefined, name).toBe(about === 'host' && hasPorts);
      if (withoutPrivilege === undefined) continue;
      expect(techniqueOf(withoutPrivilege as 'ping-connect')).toMatchObject({ about, sends: 'sockets' });
    }
  });

  test('what is said of it is what the contract says, technique by technique', () => {
    // By what it leaves, in which families, what nmap calls it, and the ports of a probe that names none.
    const said: Readonly<Record<PortTechniqueName | HostTechniqueName, string>> = {
      syn: 'packets 4+6 syn',
      connect: 'sockets 4+6 connect',
      udp: 'either 4+6 udp',
      ack: 'packets 4+6 ack',
      window: 'packets 4+6 window',
      fin: 'packets 4+6 fin',
      null: 'packets 4+6 null',
      xmas: 'packets 4+6 xmas',
      maimon: 'packets 4+6 maimon',
      'sctp-init': 'packets 4+6 sctpinit',
      'ip-protocol': 'packets 4+6 ipproto',
      'ping-echo': 'packets 4+6',
      'ping-timestamp': 'packets 4',
      'ping-mask': 'packets 4',
      'ping-syn': 'packets 4+6 80',
      'ping-ack': 'packets 4+6 80',
      'ping-udp': 'packets 4+6 40125',
      'ping-sctp': 'packets 4+6 80',
      'ping-protocol': 'packets 4+6 1,2,4',
      'ping-neighbour': 'packets 4+6',
      'ping-connect': 'sockets 4+6 80,443',
    };
    const found = techniques.map(({ name, sends, onlyFamily, xmlName, usualPorts }) => [
      name,
      [sends, onlyFamily ?? '4+6', xmlName, usualPorts].filter((word) => word !== undefined).join(' '),
    ]);
    expect(Object.fromEntries(found)).toEqual(said);
    const worth = (wanted: string) =>
      Object.values(portTechniques).flatMap((each) => (errorWorth(each) === wanted ? [each.name] : []));
    expect(worth('port')).toEqual(['udp', 'ip-protocol']);
    expect(worth('filter')).toEqual(['fin', 'null', 'xmas', 'maimon']);
    expect(worth('nothing')).toEqual(['syn', 'connect', 'ack', 'window', 'sctp-init']);
    const handshakes = techniques.filter(({ opensByHandshake }) => opensByHandshake);
    expect(handshakes.map(({ name }) => name)).toEqual(['syn', 'connect']);
    expect(techniques.flatMap(({ name, profile }) => (profile === undefined ? [] : [name]))).toEqual(['syn']);
  });

  test('names, and letters of port techniques, are told apart and found again', () => {
    for (const technique of techniques) expect(techniqueOf(technique.name as 'syn')).toBe(technique);
    const flags = Object.values(portTechniques).map(({ flag }) => flag);
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe('techniques that judge ports', () => {
  test.each(Object.values(portTechniques))(
    '$name: every ICMP error has a meaning, and is the reason',
    (technique) => {
      for (const error of icmpErrors) {
        for (const sender of senders) {
          const verdict = classify(technique, { kind: 'icmp', error, sender });
          expect(verdict?.reason, `${error} from ${sender}`).toBe(error);
        }
      }
    },
  );

  // CONTRACT section 5, row by row: silence, then what a reply of each kind says. What is not named says nothing.
  const contract: Readonly<Record<PortTechniqueName, Row>> = {
    syn: {
      silence: 'filtered',
      tcp: { SA: 'open syn-ack', S: 'open syn', R: 'closed reset', RA: 'closed reset' },
      icmp: 'filtered',
    },
    connect: {
      silence: 'filtered',
      connected: 'open connected',
      refused: 'closed refused',
      icmp: 'filtered',
    },
    ack: { silence: 'filtered', tcp: { R: 'unfiltered reset', RA: 'unfiltered reset' }, icmp: 'filtered' },
    window: {
      silence: 'filtered',
      tcp: { R: 'closed reset-window', RA: 'closed reset-window' },
      tcpWithWindow: { R: 'open reset-window', RA: 'open reset-window' },
      icmp: 'filtered',
    },
    fin: { silence: 'open|filtered', tcp: { R: 'closed reset', RA: 'closed reset' }, icmp: 'filtered' },
    null: { silence: 'open|filtered', tcp: { R: 'closed reset', RA: 'closed reset' }, icmp: 'filtered' },
    xmas: { silence: 'open|filtered', tcp: { R: 'closed reset', RA: 'closed reset' }, icmp: 'filtered' },
    maimon: { silence: 'open|filtered', tcp: { R: 'closed reset', RA: 'closed reset' }, icmp: 'filtered' },
    udp: {
      silence: 'open|filtered',
      udp: 'open udp-response',
      icmp: 'filtered',
      fromTarget: { 'port-unreach': 'closed' },
    },
    'sctp-init': { silence: 'filtered', initAck: 'open init-ack', abort: 'closed abort', icmp: 'filtered' },
    'ip-protocol': {
      silence: 'open|filtered',
      protocol: 'open proto-response',
      icmp: 'filtered',
      fromTarget: { 'port-unreach': 'open', 'proto-unreach': 'closed' },
    },
  };

  test.each(Object.entries(contract))('%s says what the contract says, and no more', (name, row) => {
    const technique = techniqueOf(name as PortTechniqueName);
    const says = (reply: Reply) => {
      const verdict = classify(technique, reply);
      return verdict === undefined ? undefined : `${verdict.state} ${verdict.reason}`;
    };
    expect(technique.silence).toBe(row.silence);
    for (const [window, expected] of [
      [0, row.tcp],
      [1, row.tcpWithWindow ?? row.tcp],
      [65_535, row.tcpWithWindow ?? row.tcp],
    ] as const) {
      for (const flags of ['S', 'SA', 'R', 'RA', 'A', 'F', 'FA', 'PA', ''] as const) {
        expect(says(segment(flags, window)), `${flags} with window ${window}`).toBe(expected?.[flags]);
      }
    }
    expect(says({ kind: 'udp' })).toBe(row.udp);
    expect(says({ kind: 'sctp', chunk: 'init-ack' })).toBe(row.initAck);
    expect(says({ kind: 'sctp', chunk: 'abort' })).toBe(row.abort);
    expect(says({ kind: 'protocol' })).toBe(row.protocol);
    expect(says({ kind: 'connected' })).toBe(row.connected);
    expect(says({ kind: 'refused' })).toBe(row.refused);
    for (const error of icmpErrors) {
      expect(says({ kind: 'icmp', error, sender: 'other' })).toBe(`${row.icmp} ${error}`);
      const state = row.fromTarget?.[error] ?? row.icmp;
      expect(says({ kind: 'icmp', error, sender: 'target' })).toBe(`${state} ${error}`);
    }
  });

  test('a reset decides even when a broken stack sets SYN beside it', () => {
    expect(classify(portTechniques.syn, segment('SRA', 0))).toEqual({ state: 'closed', reason: 'reset' });
  });
});

describe('techniques that find hosts', () => {
  // CONTRACT section 5, last point: what proves that somebody is there.
  const proofs: Readonly<Record<keyof typeof hostTechniques, readonly (readonly [Reply, Reason])[]>> = {
    'ping-syn': segmentsUp(),
    'ping-ack': segmentsUp(),
    'ping-udp': [[{ kind: 'udp' }, 'udp-response']],
    'ping-sctp': [
      [{ kind: 'sctp', chunk: 'init-ack' }, 'init-ack'],
      [{ kind: 'sctp', chunk: 'abort' }, 'abort'],
    ],
    'ping-echo': [[{ kind: 'echo-reply' }, 'echo-reply']],
    'ping-timestamp': [[{ kind: 'timestamp-reply' }, 'timestamp-reply']],
    'ping-mask': [[{ kind: 'mask-reply' }, 'mask-reply']],
    'ping-protocol': [[{ kind: 'protocol' }, 'proto-response']],
    'ping-neighbour': [[{ kind: 'neighbour' }, 'arp-response']],
    'ping-connect': [
      [{ kind: 'connected' }, 'connected'],
      [{ kind: 'refused' }, 'refused'],
    ],
  };

  test.each(Object.entries(proofs))('%s: its answers prove a host', (name, answers) => {
    for (const [reply, reason] of answers) {
      expect(classify(techniqueOf(name as 'ping-syn'), reply)).toEqual({ state: 'open', reason });
    }
  });

  test.each(Object.values(hostTechniques))(
    '$name: errors prove the host when it sent them itself',
    (technique) => {
      for (const error of icmpErrors) {
        // ARP and neighbour discovery know no errors.
        const itself = technique.name === 'ping-neighbour' ? undefined : { state: 'open', reason: error };
        expect(classify(technique, { kind: 'icmp', error, sender: 'target' })).toEqual(itself);
        expect(classify(technique, { kind: 'icmp', error, sender: 'other' })).toBeUndefined();
      }
    },
  );

  test.each(Object.values(hostTechniques))('$name: nothing proves that a host is down', (technique) => {
    for (const reply of everyReply()) expect(classify(technique, reply)?.state ?? 'open').toBe('open');
    expect(technique.silence).toBe('filtered');
  });
});

interface Row {
  readonly silence: PortState;
  readonly icmp: PortState;
  readonly tcp?: Readonly<Partial<Record<string, string>>>;
  readonly tcpWithWindow?: Readonly<Partial<Record<string, string>>>;
  readonly udp?: string;
  readonly initAck?: string;
  readonly abort?: string;
  readonly protocol?: string;
  readonly connected?: string;
  readonly refused?: string;
  readonly fromTarget?: Readonly<Partial<Record<string, PortState>>>;
}

function deadRows(technique: Technique): number[] {
  const alive = new Set(
    [...everyReply()].map((reply) => technique.replies.findIndex(({ when }) => matches(when, reply))),
  );
  return technique.replies.flatMap((_row, index) => (alive.has(index) ? [] : [index]));
}

/** All flags, windows that are zero and not, and every other kind. */
function* everyReply(): Generator<Reply> {
  for (let bits = 0; bits < 256; bits++) {
    const flags = tcpFlags.filter((_flag, i) => bits & (1 << i)).join('');
    for (const window of [0, 1]) yield segment(flags, window);
  }
  for (const chunk of ['init-ack', 'abort'] as const) yield { kind: 'sctp', chunk };
  for (const error of icmpErrors) for (const sender of senders) yield { kind: 'icmp', error, sender };
  for (const kind of otherKinds) yield { kind };
}

function segment(flags: string, window: number): Reply {
  return { kind: 'tcp', flags: new Set([...flags] as TcpFlag[]), window };
}

function segmentsUp(): readonly (readonly [Reply, Reason])[] {
  return [
    [segment('SA', 1), 'syn-ack'],
    [segment('S', 1), 'syn'],
    [segment('R', 0), 'reset'],
    [segment('RA', 0), 'reset'],
  ];
}

type OtherKind = Exclude<Reply['kind'], 'tcp' | 'sctp' | 'icmp'>;

/** Written as a record so that a new kind of reply does not compile until it is listed. */
const otherKinds = Object.keys({
  udp: 0,
  'echo-reply': 0,
  'timestamp-reply': 0,
  'mask-reply': 0,
  protocol: 0,
  neighbour: 0,
  connected: 0,
  refused: 0,
} satisfies Record<OtherKind, 0>) as OtherKind[];
