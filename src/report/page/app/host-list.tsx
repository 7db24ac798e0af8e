/** The hosts that were found, a few at a time: more are drawn as one comes near the end. @module */

import { useEffect, useRef, useState } from 'preact/hooks';
import { HostCard } from './host-card.tsx';
import type { Found, ReportData } from './report-data.ts';

/** What the list shows and tells. */
interface HostListProps {
  readonly data: ReportData;
  readonly found: Found;
  /** The host that is looked at alone, drawn first. */
  readonly alone: number | undefined;
  readonly onAlone: (host: number | undefined) => void;
}

/** A card a host. */
export function HostList({ data, found, alone, onAlone }: HostListProps) {
  const [most, setMost] = useState(step);
  const end = useRef<HTMLParagraphElement>(null);
  useEffect(() => setMost(step), [found]);
  useEffect(() => {
    if (end.current === null) return undefined;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setMost((before) => before + step);
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [found, most]);

  const others = [...found.hosts.subarray(0, most)].filter((host) => host !== alone);
  const hosts = alone === undefined ? others : [alone, ...others];
  return (
    <section aria-labelledby="hosts">
      <h2 id="hosts">Hosts</h2>
      {hosts.map((host) => (
        <HostCard
          key={host}
          data={data}
          host={host}
          rows={found.rows}
          isOpen={host === alone || found.hosts.length <= mostOpen}
          isAlone={host === alone}
          onAlone={onAlone}
        />
      ))}
      {found.hosts.length === 0 && <p>No host has it.</p>}
      {found.hosts.length > most && (
        <p ref={end}>
          {most} of {found.hosts.length} hosts are shown; the next ones follow.
        </p>
      )}
    </section>
  );
}

const step = 50;
/** So few hosts are all shown with their ports. */
const mostOpen = 20;
