/**
 * A program: a scan of the built library in a process that uses up all its descriptors once the first port is told.
 * Arguments: the library's file, a request. Prints the summary.
 *
 * @module
 */

import { closeSync, openSync } from 'node:fs';

const [library, request] = process.argv.slice(2);
const { scan } = await import(library);

const held = [];
function hoard() {
  try {
    for (;;) held.push(openSync('/dev/null'));
  } catch (error) {
    if (error.code !== 'EMFILE') throw error;
  }
}

let summary;
for await (const fact of scan(JSON.parse(request))) {
  if (fact.type === 'port' && held.length === 0) hoard();
  if (fact.type === 'summary') summary = fact;
}
for (const descriptor of held) closeSync(descriptor);
console.log(JSON.stringify(summary));
