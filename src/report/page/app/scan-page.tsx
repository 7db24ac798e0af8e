/** The report of a scan. @module */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageEnd, PageHead } from '../data.ts';
import { Course } from './course.tsx';
import { Findings } from './findings.tsx';
import { Head } from './head.tsx';
import { HostList } from './host-list.tsx';
import { PortMap } from './port-map.tsx';
import type { Query } from './query.ts';
import type { ReportData } from './report-data.ts';
import { SearchBar } from './search-bar.tsx';
import { WayPicture } from './way-picture.tsx';

/** What the page is given. */
interface ScanPageProps {
  readonly head: PageHead;
  readonly end: PageEnd | undefined;
  readonly data: ReportData;
}

/** Summary, findings, maps and hosts of one scan. */
export function ScanPage({ head, end, data }: ScanPageProps) {
  const [query, setQuery] = useState<Query>({ text: '', state: '', protocol: '' });
  /** The host that the map shows alone; undefined: all that were found. */
  const [alone, setAlone] = useState<number | undefined>(undefined);
  const found = useMemo(() => data.search(query), [data, query]);
  const search = useRef<HTMLInputElement>(null);
  const settled = useSettled(found.hosts);
  const shown = useMemo(() => (alone === undefined ? settled : Uint32Array.of(alone)), [alone, settled]);

  useEffect(() => {
    const timer = setTimeout(() => data.prepare());
    return () => clearTimeout(timer);
  }, [data]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === '/' && !isTyping) {
        event.preventDefault();
        search.current?.focus();
      } else if (event.key === 'Escape') {
        setQuery({ text: '', state: '', protocol: '' });
        setAlone(undefined);
      }
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  const show = (host: number) => {
    setAlone(host);
    document.getElementById(`host-${host}`)?.scrollIntoView({ block: 'start' });
  };
  return (
    <>
      <Head head={head} notes={end?.notes ?? ['The page was cut off: this is what was written of it']} />
      <Findings data={data} onHost={(host) => show(host)} />
      <SearchBar data={data} query={query} found={found} inputRef={search} onQuery={setQuery} />
      <PortMap
        data={data}
        hosts={shown}
        alone={alone}
        onAll={() => setAlone(undefined)}
        onPort={(port) => setQuery({ ...query, text: `port:${port}` })}
      />
      <WayPicture data={data} hosts={shown} />
      {end !== undefined && <Course timeline={end.timeline} />}
      <HostList data={data} found={found} alone={alone} onAlone={setAlone} />
    </>
  );
}

/** The value once it has not changed for a moment: pictures are drawn when one has typed. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const settleMs = 150;
