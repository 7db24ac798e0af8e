/** The search field and its filters. @module */

import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Look } from '../data.ts';
import type { Query } from './query.ts';
import type { Found, ReportData } from './report-data.ts';

/** What the bar shows and tells. */
interface SearchBarProps {
  readonly data: ReportData;
  readonly query: Query;
  readonly found: Found;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onQuery: (query: Query) => void;
}

/** Search by words, states and protocols; says how much was found. */
export function SearchBar({ data, query, found, inputRef, onQuery }: SearchBarProps) {
  const states = useMemo(() => distinct(data, 'state'), [data]);
  const protocols = useMemo(() => distinct(data, 'protocol'), [data]);
  return (
    <search class="search">
      <input
        ref={inputRef}
        type="search"
        value={query.text}
        placeholder="search: words, port:22, service:ssh, host:10.0.0.5   ( / )"
        aria-label="search hosts and ports"
        onInput={(event) => onQuery({ ...query, text: event.currentTarget.value })}
      />
      <Choice
        label="state"
        values={states}
        value={query.state}
        onChoice={(state) => onQuery({ ...query, state })}
      />
      <Choice
        label="protocol"
        values={protocols}
        value={query.protocol}
        onChoice={(protocol) => onQuery({ ...query, protocol })}
      />
      <output>
        {found.hosts.length} of {data.hosts.length} hosts, {found.rowCount} of {data.ports.length} listed
        ports
      </output>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly value: string;
  readonly onChoice: (value: string) => void;
}

function Choice({ label, values, value, onChoice }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChoice(event.currentTarget.value)}>
      <option value="">any {label}</option>
      {values.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

function distinct(data: ReportData, field: keyof Look): readonly string[] {
  return [...new Set(data.looks.map((look) => look[field]))].sort();
}
