/** The findings of all hosts, the gravest first; what each rests on behind a click. @module */

import { useMemo, useState } from 'preact/hooks';
import type { PageFinding, PageHost } from '../data.ts';
import type { ReportData } from './report-data.ts';

/** A table of findings over all hosts; absent where there are none. */
export function Findings({
  data,
  onHost,
}: {
  readonly data: ReportData;
  readonly onHost: (host: number) => void;
}) {
  const findings = useMemo(() => data.findings, [data]);
  const [most, setMost] = useState(firstShown);
  if (findings.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { host, place } of findings) {
    const severity = data.hosts[host]?.findings?.[place]?.severity || 'none';
    counts.set(severity, (counts.get(severity) ?? 0) + 1);
  }
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <p class="chips">
        {[...counts].map(([severity, count]) => (
          <span key={severity} class={`chip ${severity}`}>
            {severity} {count}
          </span>
        ))}
      </p>
      <ul class="findings">
        {findings.slice(0, most).map(({ host, place }) => {
          const owner = data.hosts[host] as PageHost;
          return (
            <li key={`${host}-${place}`}>
              <button type="button" class="link" onClick={() => onHost(host)}>
                {owner.title}
              </button>
              <Finding finding={owner.findings?.[place] as PageFinding} host={owner} />
            </li>
          );
        })}
      </ul>
      {findings.length > most && (
        <button type="button" onClick={() => setMost(most + moreShown)}>
          Show more of {findings.length} findings
        </button>
      )}
    </section>
  );
}

/** One finding; its evidence and the probes that it cites open with it. */
export function Finding({ finding, host }: { readonly finding: PageFinding; readonly host: PageHost }) {
  const { rule, severity, claim, sure, evidence, refutedBy, facts } = finding;
  const cited = (host.probes ?? []).filter(({ n }) => n !== null && facts.includes(n));
  return (
    <details class={`finding ${severity}`}>
      <summary>
        <span class={`chip ${severity}`}>{severity || 'finding'}</span> <b>{rule}</b>: {claim} <i>({sure})</i>
      </summary>
      <ul>
        {evidence.map((line, place) => (
          <li key={place}>{line}</li>
        ))}
        {cited.map(({ n, text }) => (
          <li key={n} class="probe">
            {text}
          </li>
        ))}
        {refutedBy !== '' && <li>It would be refuted by: {refutedBy}</li>}
      </ul>
    </details>
  );
}

const firstShown = 20;
const moreShown = 200;
