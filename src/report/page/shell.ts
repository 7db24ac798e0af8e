/**
 * The page around the data: one file under a policy that lets nothing run or load but the page's own style and script.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { htmlText } from '../escape.ts';
import { script, style } from './tables/app.ts';

/** The page down to where its data begins; what is readable before the script runs. */
export function pageStart(title: string, lines: readonly string[]): string {
  const policy = [
    "default-src 'none'",
    `style-src '${sourceHash(style)}'`,
    `script-src '${sourceHash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const intro = lines.map((line) => `<p>${htmlText(line)}</p>`).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="app">
<h1>${htmlText(title)}</h1>
${intro}
<noscript><p>This page shows its hosts by a script of its own; nothing is loaded from elsewhere.</p></noscript>
</div>
`;
}

/** The end of the page, behind its data. */
export function pageEnd(): string {
  return `<script>${script}</script>\n</body>\n</html>\n`;
}

function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
