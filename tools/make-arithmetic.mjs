/**
 * `node tools/make-arithmetic.mjs`: compiles `src/engine/batch/arithmetic.as.ts` to WebAssembly and writes it into
 * `src/engine/batch/arithmetic.ts`, so that users need no compiler for it. Run it after changing the source; a test
 * says when it was forgotten.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const source = 'src/engine/batch/arithmetic.as.ts';

/** The compiled module, in base64. */
export async function arithmeticText() {
  let binary;
  const { error, stderr } = await main(
    [
      source,
      '--outFile=arithmetic.wasm',
      '--runtime=stub',
      '--importMemory',
      '--noExportMemory',
      '--enable=simd',
      '--optimizeLevel=3',
      '--converge',
      '--noAssert',
      // Words of 32 bits are places as well as numbers here.
      '--disableWarning=201',
    ],
    {
      writeFile: (_, contents) => {
        binary = contents;
      },
    },
  );
  if (error !== null) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const text = await arithmeticText();
  const lines = text.match(/.{1,100}/g).map((line) => `  '${line}'`);
  writeFileSync(
    'src/engine/batch/arithmetic.ts',
    `/**
 * What \`arithmetic.as.ts\` becomes: a WebAssembly module in base64, written by \`tools/make-arithmetic.mjs\`.
 *
 * @module
 */

/** The module's bytes. */
export const arithmetic: string =
${lines.join(' +\n')};
`,
  );
}
