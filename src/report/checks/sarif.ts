/**
 * SARIF 2.1.0 (OASIS), which code scanners read: what failed or could not be told, at the policy's line.
 *
 * @module
 */

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckFact } from '../../model/fact.ts';
import { jsonLine, printable } from '../escape.ts';
import type { Writer } from '../writer.ts';
import { howOf, whatOf } from './check-runs.ts';
import type { CheckShow } from './check-show.ts';

/** A writer of SARIF (`--sarif`). Results are written as they come, the rules they are of at the end. */
export function sarif({ file }: CheckShow): Writer {
  const uri = uriOf(file);
  const rules = new Map<string, number>();
  let isFirst = true;
  return {
    name: 'sarif',
    mediaType: 'application/sarif+json',
    begin(_scan, out) {
      out(`{"$schema":"${schema}","version":"2.1.0","runs":[{"results":[`);
    },
    fact(fact, out) {
      if (fact.type !== 'check') return;
      const ruleIndex = rules.get(fact.rule) ?? rules.size;
      rules.set(fact.rule, ruleIndex);
      if (fact.result === 'pass') return;
      out(`${isFirst ? '' : ','}\n${jsonLine(resultOf(fact, ruleIndex, uri))}`);
      isFirst = false;
    },
    end({ exit }, { version }, out) {
      const told = [...rules.keys()].map((rule) => ({
        id: rule,
        shortDescription: { text: printable(rule) },
      }));
      const tool = { driver: { name: 'Portolan', version, rules: told } };
      // What is inconclusive is a result; the run itself failed where it was cut short.
      const invocations = [{ executionSuccessful: exit === 'done' || exit === 'incomplete' }];
      out(`\n],${jsonLine({ tool, invocations, columnKind: 'utf16CodeUnits' }).slice(1)}]}\n`);
    },
  };
}

/** Anything but a failure has no level (SARIF 3.27.10). */
function resultOf(check: CheckFact, ruleIndex: number, uri: string): object {
  const { rule, port, result, line } = check;
  const text = `${rule}: ${whatOf({ check, ports: [port] })}: ${howOf(check)}`;
  return {
    ruleId: rule,
    ruleIndex,
    kind: result === 'fail' ? 'fail' : 'open',
    level: result === 'fail' ? 'error' : 'none',
    message: { text: printable(text) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }],
  };
}

/** A relative name stays one: readers take it from the root of the repository. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  // Halves of surrogate pairs become U+FFFD on the way through bytes: a URI cannot hold them.
  return Buffer.from(file).toString().split(/[\\/]/).map(encodeURIComponent).join('/');
}

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
