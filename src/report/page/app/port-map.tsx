/**
 * The space of 65,536 ports, a cell each, 256 in a row: colour is the state, what was said of a port stands where the
 * pointer or the arrow keys are, and the wheel or + and - zoom.
 *
 * @module
 */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { portSpace, rangesOf, wordsAt } from './port-space.ts';
import type { ReportData } from './report-data.ts';
import { onTheme, stateColor } from './theme.ts';

/** What the map shows and tells. */
interface PortMapProps {
  readonly data: ReportData;
  readonly hosts: Uint32Array;
  readonly alone: number | undefined;
  readonly onAll: () => void;
  readonly onPort: (port: number) => void;
}

/** The map of ports of some hosts. */
export function PortMap({ data, hosts, alone, onAll, onPort }: PortMapProps) {
  const protocols = useMemo(
    () => [...new Set(data.looks.map(({ protocol }) => protocol))].sort(byUse),
    [data],
  );
  const [chosen, setProtocol] = useState<string | undefined>(undefined);
  const protocol = chosen ?? protocols[0] ?? 'tcp';
  const space = useMemo(() => portSpace(data, hosts, protocol), [data, hosts, protocol]);
  const [view, setView] = useState<View>(() => viewOf(data));
  const [port, setPort] = useState<number | undefined>(undefined);
  const canvas = useRef<HTMLCanvasElement>(null);
  const said = useMemo(
    () => (port === undefined ? [] : wordsAt(data, hosts, protocol, port)),
    [data, hosts, protocol, port],
  );

  useEffect(() => {
    const paint = () => {
      if (canvas.current !== null) draw(canvas.current, space, view, port);
    };
    paint();
    return onTheme(paint);
  }, [space, view, port]);

  const portAt = (event: MouseEvent): number => {
    const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect();
    const place = (offset: number, length: number, from: number, cells: number) =>
      Math.min(side - 1, Math.max(0, from + Math.floor((offset / length) * cells)));
    const column = place(event.clientX - box.left, box.width, view.column, view.columns);
    return place(event.clientY - box.top, box.height, view.row, view.rows) * side + column;
  };
  const zoomIn = (around: number) => setView(zoomed(view, 0.5, around));
  const zoomOut = (around: number) => setView(zoomed(view, 2, around));
  const press = (event: KeyboardEvent) => {
    const at = port ?? 0;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side }[event.key];
    if (step !== undefined) {
      const next = Math.min(portCount - 1, Math.max(0, at + step));
      setPort(next);
      setView((before) => (isInside(before, next) ? before : zoomed(before, 1, next)));
    } else if (event.key === '+' || event.key === '=') zoomIn(at);
    else if (event.key === '-') zoomOut(at);
    else if (event.key === 'Enter') onPort(at);
    else return;
    event.preventDefault();
  };
  if (data.looks.length === 0) return null;
  return (
    <section aria-labelledby="ports">
      <div class="bar">
        <h2 id="ports">
          Ports of {alone === undefined ? countOf(hosts.length) : (data.hosts[alone]?.title ?? '')}
        </h2>
        {alone !== undefined && (
          <button type="button" class="quiet" onClick={onAll}>
            All hosts
          </button>
        )}
        {protocols.map((one) => (
          <button
            key={one}
            type="button"
            class="quiet"
            aria-pressed={one === protocol}
            onClick={() => setProtocol(one)}
          >
            {one}
          </button>
        ))}
      </div>
      <div class="map">
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label="Map of 65,536 ports; arrow keys move, plus and minus zoom, Enter searches for the port"
          onMouseMove={(event) => setPort(portAt(event))}
          onClick={(event) => onPort(portAt(event))}
          onWheel={(event) => {
            // Whoever scrolls past does not mean the map.
            if (document.activeElement !== event.currentTarget) return;
            event.preventDefault();
            if (event.deltaY < 0) zoomIn(portAt(event));
            else zoomOut(portAt(event));
          }}
          onKeyDown={press}
        />
        <div class="legend" aria-live="polite">
          {space.states.map((state, place) => (
            <p key={state}>
              <svg class="key" viewBox="0 0 1 1" aria-hidden="true">
                <rect width="1" height="1" class={`fill-${stateClass(state)}`} />
              </svg>{' '}
              {state}: {portsWith(space.counts[place])} ports
            </p>
          ))}
          <p>
            <button type="button" class="quiet" onClick={() => zoomIn(port ?? 0)}>
              Zoom in
            </button>{' '}
            <button type="button" class="quiet" onClick={() => zoomOut(port ?? 0)}>
              Zoom out
            </button>
          </p>
          {port !== undefined && (
            <div class="said">
              <b>
                {port}/{protocol}
              </b>
              {said.length === 0 && <p>not asked</p>}
              {said.slice(0, mostSaid).map(([words, count]) => (
                <p key={words}>
                  {hosts.length > 1 ? `${countOf(count)}: ` : ''}
                  {words}
                </p>
              ))}
            </div>
          )}
        </div>
      </div>
    </section>
  );
}

/** What part of the map is seen. */
interface View {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** Down to the last port that was asked: most scans ask the first thousands. */
function viewOf(data: ReportData): View {
  let last = 0;
  for (const port of data.ports) if (port > last) last = port;
  for (const { groups = [] } of data.hosts) {
    for (const group of groups) last = Math.max(last, rangesOf(group).at(-1)?.[1] ?? 0);
  }
  let rows = fewestRows;
  while (rows * side <= last) rows *= 2;
  return { row: 0, column: 0, rows, columns: side };
}

/** Enlarged or reduced by a factor, around a port. */
function zoomed(view: View, factor: number, around: number): View {
  const extent = (cells: number) => Math.min(side, Math.max(fewestRows, cells * factor));
  const [rows, columns] = [extent(view.rows), extent(view.columns)];
  const from = (middle: number, cells: number) =>
    Math.min(side - cells, Math.max(0, middle - Math.floor(cells / 2)));
  return { rows, columns, row: from(Math.floor(around / side), rows), column: from(around % side, columns) };
}

function isInside({ row, column, rows, columns }: View, port: number): boolean {
  const [y, x] = [Math.floor(port / side), port % side];
  return y >= row && y < row + rows && x >= column && x < column + columns;
}

function draw(
  canvas: HTMLCanvasElement,
  { states, counts }: ReturnType<typeof portSpace>,
  view: View,
  marked: number | undefined,
): void {
  const height = Math.min(drawnPixels, view.rows * tallestCell);
  canvas.width = drawnPixels;
  canvas.height = height;
  canvas.style.aspectRatio = `${drawnPixels} / ${height}`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const [wide, tall] = [drawnPixels / view.columns, height / view.rows];
  // A gap between cells as soon as there is room for one.
  const inner = (size: number) => (size >= 6 ? size - 1 : size);
  const colors = states.map(stateColor);
  for (let y = 0; y < view.rows; y++) {
    for (let x = 0; x < view.columns; x++) {
      const port = (view.row + y) * side + view.column + x;
      const place = counts.findIndex((plane) => (plane[port] as number) > 0);
      if (place === -1) continue;
      context.fillStyle = colors[place] as string;
      context.fillRect(x * wide, y * tall, inner(wide), inner(tall));
    }
  }
  if (marked === undefined || !isInside(view, marked)) return;
  const [x, y] = [(marked % side) - view.column, Math.floor(marked / side) - view.row];
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 2;
  context.strokeRect(x * wide - 1, y * tall - 1, Math.max(wide, 4) + 2, Math.max(tall, 4) + 2);
}

/** A class that CSS can name. */
function stateClass(state: string): string {
  return state.replace('|', '-');
}

function portsWith(plane: Uint32Array | undefined): number {
  return plane === undefined ? 0 : plane.reduce((sum, count) => sum + Number(count > 0), 0);
}

function countOf(hosts: number): string {
  return `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
}

function byUse(a: string, b: string): number {
  const order = ['tcp', 'udp', 'sctp', 'ip'];
  return order.indexOf(a) - order.indexOf(b);
}

const side = 256;
const portCount = side * side;
const drawnPixels = 768;
const fewestRows = 8;
const tallestCell = 24;
const mostSaid = 8;
