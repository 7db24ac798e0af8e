/**
 * The checks of several vantage points, joined: a row for each port of a host, a cell for each vantage point.
 *
 * @module
 */

import type { CheckFact, checkResults } from '../model/fact.ts';
import type { MatrixCell, MatrixRow } from '../model/matrix.ts';

/** Puts rows together, in the order in which the ports were first spoken of. */
export class Matrix {
  readonly #vantages: number;
  readonly #rows = new Map<string, { readonly first: CheckFact; readonly cells: MatrixCell[] }>();
  /** Cells that are alike are one object. */
  readonly #cells = new Map<string, MatrixCell>();

  constructor(vantages: number) {
    this.#vantages = vantages;
  }

  /** Takes a check of the vantage point with this number, from 0. Where several rules speak of a port the worst counts. */
  take(vantage: number, check: CheckFact): void {
    const { host, protocol, port, sourcePort } = check;
    const key = `${host} ${protocol} ${port} ${sourcePort ?? ''}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { first: check, cells: new Array<MatrixCell>(this.#vantages).fill(notLooked) };
      this.#rows.set(key, row);
    }
    if (weight(check) > weight(row.cells[vantage] ?? notLooked)) row.cells[vantage] = this.#cellOf(check);
  }

  *rows(): Generator<MatrixRow> {
    for (const { first, cells } of this.#rows.values()) {
      const { host, name, protocol, port, sourcePort } = first;
      yield {
        host,
        ...(name !== undefined && { name }),
        protocol,
        port,
        ...(sourcePort !== undefined && { sourcePort }),
        cells,
      };
    }
  }

  #cellOf({ result, expected, found, rule, line }: CheckFact): MatrixCell {
    const key = JSON.stringify([result, expected, found, rule, line]);
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { result, expected, found, rule, line };
      this.#cells.set(key, cell);
    }
    return cell;
  }
}

/** A failure counts more than a doubt, a doubt more than a pass. */
function weight({ result }: { readonly result: MatrixCell['result'] }): number {
  return result === 'not-looked' ? 0 : weights[result];
}

const weights = { pass: 1, inconclusive: 2, fail: 3 } as const satisfies Record<
  (typeof checkResults)[number],
  number
>;
const notLooked: MatrixCell = { result: 'not-looked' };
