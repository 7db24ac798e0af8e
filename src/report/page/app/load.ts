/**
 * Reads the blocks of data that stand in the page.
 *
 * @module
 */

import type { HostBlock, PageChange, PageEnd, PageHead } from '../data.ts';
import { ReportData } from './report-data.ts';

/** What the page shows: a scan, or what changed between two. */
export type Loaded =
  | {
      readonly kind: 'scan';
      readonly head: PageHead;
      readonly end: PageEnd | undefined;
      readonly data: ReportData;
    }
  | { readonly kind: 'changes'; readonly head: PageHead; readonly changes: readonly PageChange[] };

/** Unpacks all blocks; a page that was cut off has no end and shows what there is. */
export async function load(): Promise<Loaded> {
  const [head] = await blocks<PageHead>('head');
  if (head === undefined) throw new Error('the page holds no report');
  if (document.querySelector('script.changes') !== null) {
    return { kind: 'changes', head, changes: (await blocks<readonly PageChange[]>('changes')).flat() };
  }
  const [end] = await blocks<PageEnd>('end');
  return { kind: 'scan', head, end, data: new ReportData(await blocks<HostBlock>('hosts')) };
}

function blocks<T>(kind: string): Promise<readonly T[]> {
  const elements = [...document.querySelectorAll<HTMLScriptElement>(`script.${kind}`)];
  return Promise.all(elements.map((element) => read<T>(element)));
}

async function read<T>(element: HTMLScriptElement): Promise<T> {
  const text = element.textContent ?? '';
  if (element.type === 'application/json') return JSON.parse(text) as T;
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return (await new Response(stream).json()) as T;
}
