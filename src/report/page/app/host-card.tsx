/** One host: what it is, its ports, what filters the way to it, and what that rests on. @module */

import { useState } from 'preact/hooks';
import type { Look, PageGroup, PageHost, PageService, PageTrace } from '../data.ts';
import { Finding } from './findings.tsx';
import type { ReportData } from './report-data.ts';

/** What a card shows and tells. */
interface HostCardProps {
  readonly data: ReportData;
  readonly host: number;
  /** Which rows match what is searched for. */
  readonly rows: Uint8Array;
  readonly isOpen: boolean;
  readonly isAlone: boolean;
  readonly onAlone: (host: number | undefined) => void;
}

/** A host's card. */
export function HostCard({ data, host, rows, isOpen, isAlone, onAlone }: HostCardProps) {
  const [chosen, setChosen] = useState<boolean | undefined>(undefined);
  const one = data.hosts[host] as PageHost;
  const isShown = chosen ?? isOpen;
  return (
    <article id={`host-${host}`} class="card">
      <details open={isShown} onToggle={(event) => setChosen(event.currentTarget.open)}>
        <summary>
          <h3>{one.title}</h3> <span class={`state ${one.state}`}>{one.state}</span>{' '}
          <Brief data={data} host={host} />
        </summary>
        {isShown && (
          <>
            <button type="button" class="quiet" onClick={() => onAlone(isAlone ? undefined : host)}>
              {isAlone ? 'Maps of all hosts' : 'Maps of this host'}
            </button>
            {one.notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
            {one.os !== undefined && <p>OS: {one.os}</p>}
            {one.device !== undefined && <p>Device: {one.device}</p>}
            {one.policyText !== undefined && <p>{one.policyText}</p>}
            <Policies host={one} />
            {(one.findings ?? []).map((finding, place) => (
              <Finding key={place} finding={finding} host={one} />
            ))}
            <Ports data={data} host={host} rows={rows} />
            {(one.groups ?? []).map((group) => (
              <Group key={group.ports} group={group} look={data.looks[group.look]} />
            ))}
            <Probes host={one} />
            {(one.traces ?? []).map((trace, place) => (
              <Trace key={place} trace={trace} />
            ))}
          </>
        )}
      </details>
    </article>
  );
}

/** The open ports, as many as fit on a line. */
function Brief({ data, host }: { readonly data: ReportData; readonly host: number }) {
  const open: string[] = [];
  let count = 0;
  for (let row = data.starts[host] as number; row < (data.starts[host + 1] as number); row++) {
    const look = data.looks[data.lookOf[row] as number];
    if (look?.state !== 'open') continue;
    if (++count <= mostBrief) open.push(`${data.ports[row]}/${look.protocol} ${look.service}`.trim());
  }
  const more = count > mostBrief ? ` and ${count - mostBrief} more` : '';
  const os = data.hosts[host]?.os;
  return (
    <span class="brief">
      {count === 0 ? 'no open port' : `${open.join(', ')}${more}`}
      {os === undefined ? '' : ` · ${os}`}
    </span>
  );
}

interface PortsProps {
  readonly data: ReportData;
  readonly host: number;
  readonly rows: Uint8Array;
}

function Ports({ data, host, rows }: PortsProps) {
  const [most, setMost] = useState(mostRows);
  const [order, setOrder] = useState<{ by: Column; isDown: boolean }>({ by: 'port', isDown: false });
  const services = new Map(
    (data.hosts[host]?.services ?? []).map((one) => [`${one.port}/${one.protocol}`, one]),
  );
  const first = data.starts[host] as number;
  const end = data.starts[host + 1] as number;
  if (first === end) return null;
  const all = Array.from({ length: end - first }, (_, place) => first + place);
  const some = all.filter((row) => rows[row] === 1);
  // A host that was found by its name shows all its ports.
  const wanted = some.length === 0 ? all : some;
  const textOf = (row: number, by: Column) =>
    by === 'port' ? String(data.ports[row]) : ((data.looks[data.lookOf[row] as number] as Look)[by] ?? '');
  const sorted = [...wanted].sort(
    (a, b) =>
      (order.isDown ? -1 : 1) *
      (order.by === 'port'
        ? (data.ports[a] as number) - (data.ports[b] as number) || a - b
        : collator.compare(textOf(a, order.by), textOf(b, order.by)) || a - b),
  );
  return (
    <>
      <table>
        <thead>
          <tr>
            {columns.map(([by, title]) => (
              <th key={by} aria-sort={order.by === by ? (order.isDown ? 'descending' : 'ascending') : 'none'}>
                <button
                  type="button"
                  class="link"
                  onClick={() => setOrder({ by, isDown: order.by === by && !order.isDown })}
                >
                  {title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, most).map((row) => {
            const look = data.looks[data.lookOf[row] as number] as Look;
            const port = `${data.ports[row]}/${look.protocol}`;
            return (
              <tr key={row}>
                <td>{port}</td>
                <td class={`state ${look.state.split('|')[0]}`}>{look.state}</td>
                <td>{look.service}</td>
                <td>{look.reason}</td>
                <td>
                  {look.version}
                  <Details service={services.get(port)} />
                </td>
                <td>{look.technique}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {sorted.length > most && (
        <button type="button" onClick={() => setMost(sorted.length)}>
          Show all {sorted.length} ports
        </button>
      )}
    </>
  );
}

function Details({ service }: { readonly service: PageService | undefined }) {
  if (service === undefined) return null;
  return (
    <details>
      <summary>more</summary>
      <dl>
        {service.details.map(([name, text], place) => [
          <dt key={`${place}n`}>{name}</dt>,
          <dd key={`${place}t`}>{text}</dd>,
        ])}
      </dl>
    </details>
  );
}

function Group({ group, look }: { readonly group: PageGroup; readonly look: Look | undefined }) {
  if (look === undefined) return null;
  const label = look.state === 'unknown' ? 'Not judged' : 'Not listed';
  return (
    <p class="group">
      {label}: {group.count} {look.state} {look.protocol} {group.count === 1 ? 'port' : 'ports'} (
      {look.reason}){look.technique.includes(':') ? ` [${look.technique}]` : ''}: {group.ports}
    </p>
  );
}

function Policies({ host }: { readonly host: PageHost }) {
  if (host.policies === undefined) return null;
  return (
    <table>
      <thead>
        <tr>
          {['Exposure', 'Action', 'Hop', 'Sure', 'Ports'].map((title) => (
            <th key={title}>{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {host.policies.map(({ exposure, action, hop, sure, protocol, ports }, place) => (
          <tr key={place}>
            <td class={`exposure ${exposure}`}>{exposure}</td>
            <td>{action}</td>
            <td>{hop}</td>
            <td>{sure}</td>
            <td>
              {protocol} {ports}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Probes({ host }: { readonly host: PageHost }) {
  const [isOpen, setOpen] = useState(false);
  if (host.probes === undefined) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Probes ({host.probes.length})</summary>
      {isOpen && (
        <ul>
          {host.probes.map(({ text }, place) => (
            <li key={place} class="probe">
              {text}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Trace({ trace }: { readonly trace: PageTrace }) {
  return (
    <details>
      <summary>
        Path by {trace.by}
        {trace.isReached ? '' : ', not reached'}: {trace.hops.length}{' '}
        {trace.hops.length === 1 ? 'hop' : 'hops'}
      </summary>
      <ol class="hops">
        {trace.hops.map(({ ttl, address, name, rtt }) => (
          <li key={ttl} value={ttl}>
            {address ?? 'silent'} {name ?? ''} {rtt ?? ''}
          </li>
        ))}
      </ol>
    </details>
  );
}

type Column = 'port' | 'state' | 'service' | 'reason' | 'version' | 'technique';

const columns: readonly (readonly [Column, string])[] = [
  ['port', 'Port'],
  ['state', 'State'],
  ['service', 'Service'],
  ['reason', 'Reason'],
  ['version', 'Version'],
  ['technique', 'Techniques'],
];
const collator = new Intl.Collator('en', { numeric: true });
const mostRows = 500;
const mostBrief = 8;
