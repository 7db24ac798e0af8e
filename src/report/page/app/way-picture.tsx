/** The ways to the hosts as a picture: hops from left to right, and where filters stop probes. @module */

import { useMemo } from 'preact/hooks';
import type { PageHost } from '../data.ts';
import type { ReportData } from './report-data.ts';
import { type WayNode, wayOf } from './way.ts';

/** The ways to some hosts; absent where none is known. */
export function WayPicture({ data, hosts }: { readonly data: ReportData; readonly hosts: Uint32Array }) {
  const way = useMemo(
    () =>
      wayOf(
        [...hosts].map((host) => data.hosts[host] as PageHost),
        mostHosts,
      ),
    [data, hosts],
  );
  if (way.nodes.length === 0) return null;
  const columns = new Map<number, WayNode[]>();
  for (const node of way.nodes) columns.set(node.hop, [...(columns.get(node.hop) ?? []), node]);
  const hops = [...columns.keys()].sort((a, b) => a - b);
  const rows = Math.max(...[...columns.values()].map(({ length }) => length));
  const placeOf = (node: WayNode) => {
    const column = columns.get(node.hop) as WayNode[];
    const x = hops.indexOf(node.hop) * columnWidth + 80;
    const y = ((column.indexOf(node) + 0.5) / column.length) * rows * rowHeight + 20;
    return { x, y };
  };
  const nodeOf = new Map(way.nodes.map((node) => [node.id, node]));
  const width = hops.length * columnWidth + 60;
  return (
    <section aria-labelledby="way">
      <h2 id="way">The way</h2>
      <p class="legend">
        A solid line joins two that were seen one after the other, a dashed one is inferred: somebody between
        them stayed silent, or was not followed. A bar stands where a filter stops probes.
        {way.leftOut > 0 ? ` ${way.leftOut} hosts are left out; search to see others.` : ''}
      </p>
      <div class="wide">
        <svg
          viewBox={`0 0 ${width} ${rows * rowHeight + 40}`}
          width={width}
          height={rows * rowHeight + 40}
          role="img"
        >
          <title>The ways to the hosts, hop by hop from left to right</title>
          {way.edges.map(({ from, to, evidence, weight }) => {
            const a = placeOf(nodeOf.get(from) as WayNode);
            const b = placeOf(nodeOf.get(to) as WayNode);
            return (
              <line key={`${from}>${to}`} class={`edge ${evidence}`} x1={a.x} y1={a.y} x2={b.x} y2={b.y}>
                <title>{`${evidence}, on the way to ${weight} ${weight === 1 ? 'host' : 'hosts'}`}</title>
              </line>
            );
          })}
          {way.nodes.map((node) => {
            const { x, y } = placeOf(node);
            const filters = [...node.filters];
            return (
              <g key={node.id} class={`node ${node.kind}`} tabIndex={0}>
                <title>
                  {[`${node.label}, hop ${node.hop}, on the way to ${node.weight}`, ...filters].join('\n')}
                </title>
                {node.kind === 'host' ? (
                  <rect x={x - 6} y={y - 6} width="12" height="12" />
                ) : (
                  <circle cx={x} cy={y} r="6" />
                )}
                {filters.length > 0 && <rect class="wall" x={x - 14} y={y - 10} width="4" height="20" />}
                <text x={x} y={y + 20} text-anchor="middle">
                  {shortened(node.label)}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      {way.nodes.some(({ filters }) => filters.size > 0) && (
        <ul>
          {way.nodes.flatMap((node) =>
            [...node.filters].slice(0, mostFilters).map((filter) => (
              <li key={`${node.id} ${filter}`}>
                {node.label}: {filter}
              </li>
            )),
          )}
        </ul>
      )}
    </section>
  );
}

function shortened(label: string): string {
  return label.length > mostLabel ? `${label.slice(0, mostLabel - 1)}…` : label;
}

const mostHosts = 60;
const mostFilters = 8;
const columnWidth = 170;
const rowHeight = 44;
const mostLabel = 24;
