/**
 * Changes as a page to look at: before and after side by side, host by host, with a search.
 *
 * @module
 */

import type { ChangeFact, ChangeSide } from '../../model/change-facts.ts';
import { dataBlock, printableDeep } from '../page/blocks.ts';
import type { PageChange, PageHead } from '../page/data.ts';
import { pageEnd, pageStart } from '../page/shell.ts';
import type { Out } from '../writer.ts';
import { sideText } from './words.ts';
import type { ChangeWriter } from './writer.ts';

/** A writer of a page. */
export function htmlChanges(): ChangeWriter {
  let changes: PageChange[] = [];
  const flush = (out: Out) => {
    out(dataBlock('changes', printableDeep(changes)));
    changes = [];
  };
  return {
    name: 'html',
    mediaType: 'text/html',
    begin(out) {
      out(pageStart(head.title, head.notes));
      out(dataBlock('head', head));
    },
    change(change, out) {
      changes.push(rowOf(change));
      if (changes.length >= mostInBlock) flush(out);
    },
    end(out) {
      // A page without changes says so, by an empty block.
      flush(out);
      out(pageEnd());
    },
  };
}

function rowOf({ host, name, protocol, port, change, before, after, certain, at }: ChangeFact): PageChange {
  return {
    host: name === undefined || name === host ? host : `${name} (${host})`,
    what: protocol === undefined ? 'host' : port === undefined ? protocol : `${port}/${protocol}`,
    change,
    before: wordsOf(before),
    after: wordsOf(after),
    isCertain: certain,
    at,
  };
}

/** A state, why it is believed, and what else is known. */
function wordsOf(side: ChangeSide | null): string {
  if (side === null) return '';
  const { state, reason } = side;
  const why = reason === undefined ? state : `${state} (${reason})`;
  return [state === undefined ? '' : why, sideText(side)].filter((part) => part !== '').join(', ');
}

const head: PageHead = { title: 'What changed', command: '', notes: ['Two scans compared by Portolan diff'] };
/** As many as pack well; a page of a million changes is written as it comes. */
const mostInBlock = 20_000;
