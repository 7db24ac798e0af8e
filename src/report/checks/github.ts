/**
 * Annotations of GitHub's workflows: lines of the log that show up beside the policy's lines.
 *
 * @module
 */

import { printable } from '../escape.ts';
import type { Writer } from '../writer.ts';
import { CheckRuns, howOf, whatOf } from './check-runs.ts';
import type { CheckShow } from './check-show.ts';

/** A writer of annotations (`--github`): an error for what failed, a warning for what could not be told. */
export function github({ file }: CheckShow): Writer {
  let tell: (line: string) => void = () => {};
  const runs = new CheckRuns((run) => {
    const { result, rule, line } = run.check;
    if (result === 'pass') return;
    const level = result === 'fail' ? 'error' : 'warning';
    const text = `${whatOf(run)}: ${howOf(run.check)}`;
    tell(`::${level} file=${property(file)},line=${line},title=${property(rule)}::${data(text)}`);
  });
  return {
    name: 'github',
    mediaType: 'text/plain',
    begin(_scan, out) {
      tell = (line) => out(`${line}\n`);
    },
    fact(fact) {
      if (fact.type === 'check') runs.take(fact);
    },
    end({ checks }) {
      runs.end();
      const { pass = 0, fail = 0, inconclusive = 0 } = checks ?? {};
      tell(`Portolan: ${pass} passed, ${fail} failed, ${inconclusive} inconclusive`);
    },
  };
}

/** The message of a command. The older form of commands, `##[…]`, is read anywhere in a line. */
function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('##[', '%23%23[');
}

/** A property of a command ends at a comma or colon. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
