/**
 * `node tools/make-page.mjs`: builds the page of the report, `src/report/page/app/`, and writes it into
 * `src/report/page/tables/app.ts`, so that users need no builder for it. Run it after changing the source; a test says
 * when it was forgotten.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const app = fileURLToPath(new URL('../src/report/page/app/', import.meta.url));

/** Script and style of the page. */
export async function pageParts() {
  const before = env.NODE_ENV;
  // Libraries are built for users, whatever runs this.
  env.NODE_ENV = 'production';
  const { output } = await build({
    root: app,
    configFile: false,
    logLevel: 'warn',
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: {
      write: false,
      target: 'es2022',
      cssCodeSplit: false,
      rollupOptions: { input: `${app}main.tsx`, output: { format: 'iife', name: 'page' } },
    },
  });
  if (before === undefined) delete env.NODE_ENV;
  else env.NODE_ENV = before;
  const script = output.find(({ type }) => type === 'chunk').code;
  const style = String(output.find(({ fileName }) => fileName.endsWith('.css')).source);
  for (const [what, text] of [
    ['script', script],
    ['style', style],
  ]) {
    // Nothing within may end the element that holds it.
    if (/<\/|<!--/.test(text)) throw new Error(`the page's ${what} holds markup that would end its element`);
  }
  return { script: ascii(script.trim()), style: ascii(style.trim(), 'style') };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { script, style } = await pageParts();
  writeFileSync(
    'src/report/page/tables/app.ts',
    `/**
 * What the page runs and how it looks, written by \`tools/make-page.mjs\` from \`../app/\`. It holds preact (MIT, Jason
 * Miller) and uPlot (MIT, Leon Sorokin).
 *
 * @module
 */

/** The page's script. */
export const script: string = ${JSON.stringify(script)};

/** The page's style. */
export const style: string = ${JSON.stringify(style)};
`,
  );
}

/** Letters beyond ASCII as escapes: `\\u2191` in a script, `\\2191 ` in a style. */
function ascii(text, style) {
  return text.replace(/[^\t\n -~]/g, (letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    return style === undefined ? `\\u${code}` : `\\${code} `;
  });
}
