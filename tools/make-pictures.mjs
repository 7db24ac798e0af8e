/**
 * `node tools/make-pictures.mjs`: the pictures of a report and of changes in docs/, taken of real pages in Debian's Chromium.
 *
 * @module
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { register } from 'tsx/esm/api';

register();
const { sampleFacts, render } = await import('../src/report/writer.laws.ts');
const { changeWriters } = await import('../src/report/changes/index.ts');

const executablePath = '/usr/bin/chromium';
async function takeAll() {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-pictures-'));
  // Its own sandbox needs what containers do not give; the pages are ours.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const { name, html, height, ready } of pictures()) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, html);
      const page = await browser.newPage({ viewport: { width: 1000, height }, colorScheme: 'light' });
      await page.goto(`file://${file}`);
      await page.waitForSelector(ready);
      await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', `${name}.png`) });
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

function pictures() {
  return [
    { name: 'report', html: scanPage(), height: 900, ready: '.card' },
    { name: 'changes', html: changesPage(), height: 560, ready: '.card' },
  ];
}

function scanPage() {
  const args = ['-sS', '-sA', '-sU', 'db.lab'];
  return render(
    'html',
    sampleFacts().map((fact) => (fact.type === 'scan' ? { ...fact, args } : fact)),
  );
}

function changesPage() {
  let text = '';
  const out = (more) => {
    text += more;
  };
  const writer = changeWriters.html();
  writer.begin?.(out);
  for (const [i, change] of changes.entries())
    writer.change(
      { type: 'change', n: i + 1, certain: true, at: '2026-11-21T10:00:00.000Z', ...change },
      out,
    );
  writer.end?.(out);
  return text;
}

const silent = { state: 'filtered', reason: 'no-response' };
const answers = { state: 'open', reason: 'syn-ack' };
const changes = [
  {
    host: '10.0.0.3',
    name: 'web-3',
    protocol: 'tcp',
    port: 8080,
    change: 'opened',
    before: { state: 'closed', reason: 'reset' },
    after: { ...answers, service: 'http', product: 'nginx', version: '1.24' },
  },
  {
    host: '10.0.0.8',
    name: 'db-1',
    protocol: 'tcp',
    port: 22,
    change: 'filtered',
    before: { ...answers, service: 'ssh' },
    after: { ...silent, attempts: 4 },
  },
  {
    host: '10.0.0.8',
    name: 'db-1',
    protocol: 'tcp',
    port: 5432,
    change: 'filtered',
    before: answers,
    after: { ...silent, attempts: 1 },
    certain: false,
  },
  {
    host: '10.0.0.77',
    name: 'cam-7',
    change: 'appeared',
    before: { state: 'down', reason: 'no-response' },
    after: {
      state: 'up',
      reason: 'arp-response',
      host: '10.0.0.77',
      ports: [
        { protocol: 'tcp', port: 80, state: 'open', service: 'http' },
        { protocol: 'tcp', port: 554, state: 'open', service: 'rtsp' },
      ],
    },
  },
];

if (existsSync(executablePath)) await takeAll();
else {
  console.error(
    `Pictures are taken in Chromium: found no ${executablePath}, wanted the Debian package chromium`,
  );
  process.exitCode = 4;
}
