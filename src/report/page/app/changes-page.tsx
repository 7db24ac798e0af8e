/** What changed between two scans, before and after side by side. @module */

import { useMemo, useState } from 'preact/hooks';
import type { PageChange, PageHead } from '../data.ts';
import { Head } from './head.tsx';

/** What the page is given. */
interface ChangesPageProps {
  readonly head: PageHead;
  readonly changes: readonly PageChange[];
}

/** The changes, host by host. */
export function ChangesPage({ head, changes }: ChangesPageProps) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState('');
  const [isCertainOnly, setCertainOnly] = useState(false);
  const [most, setMost] = useState(step);
  const kinds = useMemo(() => [...new Set(changes.map(({ change }) => change))].sort(), [changes]);
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return changes.filter((one) => {
      if ((kind !== '' && one.change !== kind) || (isCertainOnly && !one.isCertain)) return false;
      const said = `${one.host} ${one.what} ${one.change} ${one.before} ${one.after}`.toLowerCase();
      return words.every((word) => said.includes(word));
    });
  }, [changes, text, kind, isCertainOnly]);
  const hosts = useMemo(() => byHost(found.slice(0, most)), [found, most]);
  return (
    <>
      <Head head={head} notes={[changes.length === 0 ? 'Nothing changed.' : `${changes.length} changes`]} />
      <search class="search">
        <input
          type="search"
          value={text}
          placeholder="search: host, port, state, service"
          aria-label="search changes"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <select
          aria-label="kind of change"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value)}
        >
          <option value="">any change</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <label>
          <input
            type="checkbox"
            checked={isCertainOnly}
            onChange={(event) => setCertainOnly(event.currentTarget.checked)}
          />{' '}
          certain only
        </label>
        <output>
          {found.length} of {changes.length} changes
        </output>
      </search>
      {[...hosts].map(([host, some]) => (
        <article key={host} class="card">
          <h3>{host}</h3>
          <table class="sides">
            <thead>
              <tr>
                {['What', 'Change', 'Before', 'After', ''].map((title) => (
                  <th key={title}>{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {some.map(({ what, change, before, after, isCertain, at }, place) => (
                <tr key={place} title={at}>
                  <td>{what}</td>
                  <td class={`change ${change}`}>{change}</td>
                  <td class="before">{before}</td>
                  <td class="after">{after}</td>
                  <td>{isCertain ? '' : 'uncertain'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </article>
      ))}
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + step)}>
          Show more
        </button>
      )}
    </>
  );
}

function byHost(changes: readonly PageChange[]): ReadonlyMap<string, readonly PageChange[]> {
  const hosts = new Map<string, PageChange[]>();
  for (const change of changes) {
    const known = hosts.get(change.host);
    if (known === undefined) hosts.set(change.host, [change]);
    else known.push(change);
  }
  return hosts;
}

const step = 500;
