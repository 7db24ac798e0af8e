/**
 * The fixed parts of the HTML report: style, script, and a policy under which nothing else can run or load.
 *
 * @module
 */

import { createHash } from 'node:crypto';

/** The page down to where the hosts begin. `title` is HTML already. */
export function pageStart(title: string, intro: string): string {
  const policy = [
    "default-src 'none'",
    `style-src '${sourceHash(style)}'`,
    `script-src '${sourceHash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${intro}
<input id="filter" type="search" placeholder="filter: port, service, state, host" aria-label="filter">
</header>
<main>
`;
}

/** The page from where the hosts end. */
export function pageEnd(summary: string): string {
  return `</main>\n<footer>\n${summary}</footer>\n<script>${script}</script>\n</body>\n</html>\n`;
}

function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; } code, table { font-family: ui-monospace, monospace; font-size: .9rem; }
table { border-collapse: collapse; margin: .5rem 0; width: 100%; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
th { cursor: pointer; white-space: nowrap; }
.strip { font-family: ui-monospace, monospace; font-size: .8rem; margin-top: .5rem; }
svg { display: block; width: 100%; height: 1.1rem; background: #8882; }
.key { display: inline-block; width: .8rem; height: .8rem; margin-left: .6rem; }
rect.hole { fill: #d22; } .key.hole { background: #d22; }
rect.exposed { fill: #2a9d4a; } .key.exposed { background: #2a9d4a; }
rect.allow { fill: #d9a400; } .key.allow { background: #d9a400; }
rect.drop { fill: #456b9a; } .key.drop { background: #456b9a; }
rect.reject-rst { fill: #7a8fc9; } .key.reject-rst { background: #7a8fc9; }
rect.reject-icmp { fill: #4aa3b8; } .key.reject-icmp { background: #4aa3b8; }
rect.proxy { fill: #a05cc0; } .key.proxy { background: #a05cc0; }
rect.unknown { fill: #888; } .key.unknown { background: #888; }
td.hole { color: #c22; font-weight: 600; } td.exposed { color: #197a36; font-weight: 600; } td.unprotected { color: #b35900; }
.open { color: #197a36; font-weight: 600; } .unknown { color: #b35900; } .high { color: #c22; }
@media (prefers-color-scheme: dark) { .open { color: #5fd383; } .unknown { color: #f0a050; } .high { color: #f77; } td.hole { color: #f77; } td.exposed { color: #5fd383; } td.unprotected { color: #f0a050; } }
footer { margin-top: 2rem; border-top: 1px solid #8886; padding-top: .5rem; }
#filter { width: 100%; padding: .4rem; margin: .75rem 0; font: inherit; box-sizing: border-box; }
`;

/** Filters by any text of a row or of its host's heading; a click on a heading sorts, a second one reverses. */
const script = `
const hosts = [...document.querySelectorAll('main section')];
document.getElementById('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const host of hosts) {
    const whole = host.querySelector('h2').textContent.toLowerCase().includes(wanted);
    let some = whole;
    for (const row of host.querySelectorAll('tbody tr')) {
      row.hidden = !whole && !row.textContent.toLowerCase().includes(wanted);
      some ||= !row.hidden;
    }
    host.hidden = !some;
  }
});
for (const heading of document.querySelectorAll('th')) {
  heading.addEventListener('click', () => {
    const body = heading.closest('table').tBodies[0];
    const column = heading.cellIndex;
    const order = heading.dataset.order === 'up' ? -1 : 1;
    heading.dataset.order = order === 1 ? 'up' : 'down';
    const text = (row) => row.cells[column].textContent;
    const sorted = [...body.rows].sort((a, b) => order * text(a).localeCompare(text(b), 'en', { numeric: true }));
    body.append(...sorted);
  });
}
`;
