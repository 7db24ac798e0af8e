/**
 * JUnit's XML, which every build server reads: a suite a rule, a case a check.
 *
 * @module
 */

import type { CheckFact, ScanFact } from '../../model/fact.ts';
import type { Out, Writer } from '../writer.ts';
import { element, empty } from '../xml-element.ts';
import { howOf, whatOf } from './check-runs.ts';
import type { CheckShow } from './check-show.ts';

/** A writer of JUnit's format (`--junit`). It holds the cases of one rule. */
export function junit({ file }: CheckShow): Writer {
  let rule: string | undefined;
  let cases: string[] = [];
  let failures = 0;
  let skipped = 0;
  const end = (out: Out) => {
    if (rule === undefined) return;
    const counts = { tests: cases.length, failures, errors: 0, skipped };
    out(element('testsuite', { name: rule, ...counts, file }, cases));
    rule = undefined;
    cases = [];
    failures = 0;
    skipped = 0;
  };
  return {
    name: 'junit',
    mediaType: 'application/xml',
    begin(scan, out) {
      const title = empty('testsuites', { name: policyName(scan) ?? file }).replace(/\/>\n$/, '>\n');
      out(`<?xml version="1.0" encoding="UTF-8"?>\n${title}`);
    },
    fact(fact, out) {
      if (fact.type !== 'check') return;
      if (fact.rule !== rule) end(out);
      rule = fact.rule;
      if (fact.result === 'fail') failures++;
      if (fact.result === 'inconclusive') skipped++;
      cases.push(caseOf(fact, file));
    },
    end(_summary, _scan, out) {
      end(out);
      out('</testsuites>\n');
    },
  };
}

function caseOf(check: CheckFact, file: string): string {
  const { rule, port, line, expected, result } = check;
  const attributes = {
    name: `${whatOf({ check, ports: [port] })} ${expected}`,
    classname: rule,
    file,
    line,
  };
  if (result === 'pass') return empty('testcase', attributes);
  const message = howOf(check);
  const inside =
    result === 'fail' ? empty('failure', { message, type: expected }) : empty('skipped', { message });
  return element('testcase', attributes, [inside]);
}

/** What the policy calls itself: the header of its record says so. */
function policyName({ options }: ScanFact): string | undefined {
  const { policy } = options as { readonly policy?: { readonly name?: unknown } };
  return typeof policy?.name === 'string' ? policy.name : undefined;
}
