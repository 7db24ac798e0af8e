/**
 * One rule of a policy: whom it is about, and what is expected of which ports.
 *
 * @module
 */

import { parseDecimal } from '../model/parse-address.ts';
import { formatPorts } from '../model/ports.ts';
import { parsePorts } from '../plan/parse-ports.ts';
import { parseTarget } from '../plan/parse-target.ts';
import { quoted } from '../plan/quoted.ts';
import {
  type AuditProtocol,
  auditProtocols,
  type Expectation,
  type Place,
  type PolicyTarget,
  type Rule,
} from './policy.ts';
import type { Entry, PolicyText } from './policy-text.ts';
import type { YamlNode } from './yaml.ts';

/** Reads a rule; `nameAt` is where its name stands. */
export function readRule(
  node: YamlNode,
  reader: PolicyText,
): { readonly rule: Rule; readonly nameAt: Place } {
  const parts = reader.map(node, 'a rule', ruleKeys);
  const need = (key: string, wanted: string): YamlNode => {
    const entry = parts.get(key);
    if (entry === undefined) throw reader.wrong(node.at, `a rule: ${key} is missing, wanted ${wanted}`);
    return entry.value;
  };
  const name = reader.text(need('name', 'a name for reports'), 'name', 'a name for reports');
  const targets = readTargets(need('targets', aTarget), reader);
  const expectations = readExpectations(parts, node.at, reader);
  const from = parts.get('source-ports');
  const sourcePorts = from === undefined ? [] : readSourcePorts(from.value, reader);
  return { rule: { name: name.text, targets, expectations, sourcePorts }, nameAt: name.at };
}

function readTargets(node: YamlNode, reader: PolicyText): readonly PolicyTarget[] {
  const known = new Set<string>();
  return reader.list(node, 'targets', aTarget).map((item) => {
    const { text, at } = reader.text(item, 'targets', aTarget);
    const target = reader.by(at, () => parseTarget(text));
    if (target.ports !== undefined)
      throw reader.wrong(
        at,
        `targets: found ports behind ${quoted(text)}, wanted them in ports, allow or deny`,
      );
    if (target.kind === 'name' && target.prefix !== undefined)
      throw reader.wrong(
        at,
        `targets: found a block around a name in ${quoted(text)}, wanted an address there`,
      );
    if (known.has(text)) throw reader.wrong(at, `targets: found ${quoted(text)} twice`);
    known.add(text);
    return { text, target, place: at };
  });
}

function readExpectations(
  parts: ReadonlyMap<string, Entry>,
  rule: Place,
  reader: PolicyText,
): readonly Expectation[] {
  const [allow, deny, denyAs, ports] = ['allow', 'deny', 'deny-as', 'ports'].map((key) => parts.get(key));
  if (allow === undefined && deny === undefined)
    throw reader.wrong(
      rule,
      'a rule: found neither allow nor deny, wanted ports that must or must not be open',
    );
  const marks = new Marks();
  const allowed = allow === undefined ? [] : readEntries(allow, 'open', marks, reader);
  if (denyAs !== undefined && deny === undefined)
    throw reader.wrong(denyAs.key.at, 'deny-as: found no deny beside it, wanted one');
  const expected = denyAs === undefined ? 'not-open' : states[reader.word(denyAs.value, 'deny-as', ways)];
  const isRest = deny?.value.kind === 'text' && deny.value.text === 'rest';
  if (ports !== undefined && !isRest)
    throw reader.wrong(
      ports.key.at,
      'ports: found no deny: rest beside it, wanted one: of ports that neither allow nor deny lists nothing is expected',
    );
  if (!isRest) {
    const all = deny === undefined ? allowed : [...allowed, ...readEntries(deny, expected, marks, reader)];
    if (all.length > 0) return all;
    throw reader.wrong(rule, 'a rule: found no port in allow and deny, wanted one');
  }
  if (ports === undefined)
    throw reader.wrong(
      deny.key.at,
      'deny: rest: found no ports beside it, wanted the ports it is the rest of',
    );
  const asked = readPorts(ports, reader);
  const rest = auditProtocols.flatMap((protocol) => {
    const left = asked[protocol].filter((port) => !marks.has(protocol, port));
    return left.length === 0 ? [] : [{ protocol, ports: left, expected, line: deny.value.at.line }];
  });
  if (rest.length === 0)
    throw reader.wrong(deny.value.at, 'deny: rest: found all ports in allow, wanted some that are not');
  return [...allowed, ...rest];
}

/** Entries such as `tcp/22`, none of whose ports another one names. */
function readEntries(
  { key, value }: Entry,
  expected: Expectation['expected'],
  marks: Marks,
  reader: PolicyText,
): readonly Expectation[] {
  const what = key.text;
  const wanted = what === 'deny' ? `${anEntry}, or rest` : anEntry;
  // "Nothing is allowed" is worth saying.
  if (value.kind === 'list' && value.items.length === 0) return [];
  return reader.list(value, what, wanted).map((item) => {
    const { text, at } = reader.text(item, what, wanted);
    const [, protocol, list] = /^(tcp|udp|sctp)\/([^:]+)$/.exec(text) ?? [];
    if (protocol === undefined || list === undefined)
      throw reader.wrong(at, `${what}: found ${quoted(text)}, wanted ${anEntry}`);
    const ports = reader.by(at, () => parsePorts(list, [protocol as AuditProtocol], what).selection);
    const own = ports[protocol as AuditProtocol];
    const twice = own.filter((port) => marks.has(protocol as AuditProtocol, port));
    if (twice.length > 0)
      throw reader.wrong(at, `${what}: found ${protocol}/${formatPorts(twice)} twice in allow and deny`);
    for (const port of own) marks.add(protocol as AuditProtocol, port);
    return { protocol: protocol as AuditProtocol, ports: own, expected, line: at.line };
  });
}

/** `ports` in the grammar of -p, where nothing before them means TCP; a list of such as well. */
function readPorts({ value }: Entry, reader: PolicyText): Readonly<Record<AuditProtocol, Uint16Array>> {
  const items = value.kind === 'list' ? reader.list(value, 'ports', somePorts) : [value];
  const texts = items.map((item) => reader.text(item, 'ports', somePorts).text);
  const text = texts.join(',');
  return reader.by(value.at, () => {
    const { selection, unused } = parsePorts(
      /^\s*[a-z]:/i.test(text) ? text : `T:${text}`,
      auditProtocols,
      'ports',
    );
    if (unused.length > 0)
      throw reader.wrong(
        value.at,
        `ports: found ports of ${unused.join(', ')} in ${quoted(text)}, wanted ${somePorts}`,
      );
    return selection;
  });
}

function readSourcePorts(node: YamlNode, reader: PolicyText): readonly number[] {
  const known = new Set<number>();
  const wanted = `a list of at most ${mostSourcePorts} ports such as [20, 53, 88]`;
  const items = reader.list(node, 'source-ports', wanted);
  if (items.length > mostSourcePorts)
    throw reader.wrong(node.at, `source-ports: found ${items.length} of them, wanted ${wanted}`);
  return items.map((item) => {
    const { text, at } = reader.text(item, 'source-ports', wanted);
    const port = parseDecimal(text, 65_535);
    if (port === undefined || port === 0)
      throw reader.wrong(at, `source-ports: found ${quoted(text)}, wanted a port from 1 to 65535`);
    if (known.has(port)) throw reader.wrong(at, `source-ports: found ${port} twice`);
    known.add(port);
    return port;
  });
}

/** Ports that an entry has named. */
class Marks {
  readonly #marks = {
    tcp: new Uint8Array(65_536),
    udp: new Uint8Array(65_536),
    sctp: new Uint8Array(65_536),
  };

  has(protocol: AuditProtocol, port: number): boolean {
    return this.#marks[protocol][port] === 1;
  }

  add(protocol: AuditProtocol, port: number): void {
    this.#marks[protocol][port] = 1;
  }
}

const ruleKeys = ['name', 'targets', 'ports', 'allow', 'deny', 'deny-as', 'source-ports'];
const ways = ['filtered', 'closed', 'any'] as const;
const states = { filtered: 'filtered', closed: 'closed', any: 'not-open' } as const;
const aTarget = 'a list of addresses, names, blocks and ranges such as [10.20.0.10, 10.20.1.0/28]';
const anEntry = 'a list of ports such as [tcp/22, udp/53, tcp/8000-8010, sctp/2905]';
const somePorts = 'TCP, UDP and SCTP ports such as 1-1024 or T:1-1024,U:53,S:2905';
/** Each is a scan of its own. */
const mostSourcePorts = 16;
