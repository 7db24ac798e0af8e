/**
 * The page of a report in a real browser, Debian's Chromium: nothing that the network says runs or breaks it, and it
 * can be searched and looked into.
 *
 * @module
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { changeWriters } from '../../src/report/changes/index.ts';
import {
  at,
  hostileTexts,
  numbered,
  portFact,
  render,
  sampleFacts,
  scanFact,
  summaryFact,
} from '../../src/report/writer.laws.ts';

const executablePath = '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-page-'));
  let browser: Browser;
  beforeAll(async () => {
    // Its own sandbox needs what containers do not give; the page is ours.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a report; `complaints` is all that the browser said, network it asked for included. */
  function open(facts: readonly Fact[]): Promise<{ page: Page; complaints: string[] }> {
    return show(render('html', facts));
  }

  async function show(text: string): Promise<{ page: Page; complaints: string[] }> {
    const file = join(folder, `${Math.random().toString(36).slice(2)}.html`);
    writeFileSync(file, text);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== `file://${file}`) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(`file://${file}`);
    await page.waitForSelector('.card');
    return { page, complaints };
  }

  it('two thousand hostile names, titles and banners: none runs, none adds an element', async () => {
    const facts = Array.from({ length: 2000 }, (_, place): readonly Fact[] => {
      const host = `10.0.${place >> 8}.${place & 255}`;
      const text = `${hostileTexts[place % hostileTexts.length]}${place}`;
      return sampleFacts(text)
        .filter((fact) => 'host' in fact && fact.host === '10.0.0.5')
        .map((fact) => ({ ...fact, host }) as Fact);
    }).flat();
    const { page, complaints } = await open(numbered([scanFact, ...facts, summaryFact]));
    for (let step = 0; step < 3; step++) {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForFunction((before) => document.querySelectorAll('.card').length > before, 50 * step);
    }
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
    });
    await page.waitForSelector('dl', { state: 'attached' });
    const tags = await page.evaluate(() => [
      ...new Set([...document.querySelectorAll('body *')].map(({ localName }) => localName)),
    ]);
    expect(tags).not.toContain('img');
    expect(await page.evaluate(() => document.querySelectorAll('script:not([type])').length)).toBe(1);
    const said = await page.evaluate(() => document.getElementById('app')?.textContent ?? '');
    expect(said).toContain('\\u202egpj.exe');
    expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(complaints).toEqual([]);
  });

  it('is searched, and what a finding rests on opens with it', async () => {
    const { page, complaints } = await open(sampleFacts());
    await page.keyboard.press('/');
    await page.keyboard.type('openssh');
    await page.waitForFunction(() =>
      document.querySelector('output')?.textContent?.startsWith('1 of 2 hosts'),
    );
    expect(await page.locator('.card tbody tr').count()).toBe(1 + (await page.locator('.exposure').count()));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() =>
      document.querySelector('output')?.textContent?.startsWith('2 of 2 hosts'),
    );
    await page.locator('.findings summary', { hasText: 'stateless-filter' }).click();
    await page
      .locator('.findings li', { hasText: 'syn 25: admin-prohibited from 10.0.0.1' })
      .first()
      .waitFor();
    await page.locator('.findings .probe', { hasText: 'source-port 53' }).first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('the map of ports says by arrow keys what was said of a port', async () => {
    const { page, complaints } = await open(sampleFacts());
    const map = page.locator('canvas[role=img]');
    await map.focus();
    for (let port = 0; port < 22; port++) await map.press('ArrowRight');
    await page.locator('.said', { hasText: '22/tcp' }).waitFor();
    expect(await page.locator('.said').textContent()).toContain('open (syn: open (syn-ack); ack: unfiltered');
    await map.press('Enter');
    await page.waitForFunction(() =>
      document.querySelector('output')?.textContent?.startsWith('1 of 2 hosts'),
    );
    expect(complaints).toEqual([]);
  });

  it('has a dark side, and is readable on paper', async () => {
    const { page, complaints } = await open(sampleFacts());
    const colors = () =>
      page.evaluate(() => [
        getComputedStyle(document.body).color,
        getComputedStyle(document.body).backgroundColor,
      ]);
    const before = await colors();
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await colors()).toEqual([expect.not.stringMatching(before[0] ?? ''), expect.anything()]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.search').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('of changes both sides stand beside each other, hostile ones as text', async () => {
    let text = '';
    const out = (more: string) => {
      text += more;
    };
    const writer = changeWriters.html();
    writer.begin?.(out);
    for (const [place, name] of hostileTexts.entries()) {
      writer.change(
        {
          type: 'change',
          n: place + 1,
          host: `10.0.0.${place}`,
          name,
          protocol: 'tcp',
          port: 80,
          change: 'service',
          before: { product: name },
          after: { product: `new ${name}` },
          certain: place % 2 === 0,
          at: at(1),
        },
        out,
      );
    }
    writer.end?.(out);
    const { page, complaints } = await show(text);
    expect(await page.locator('td.after').count()).toBe(hostileTexts.length);
    await page.getByRole('checkbox').check();
    await page.waitForFunction(
      (half) => document.querySelectorAll('td.after').length === half,
      Math.ceil(hostileTexts.length / 2),
    );
    expect(complaints).toEqual([]);
  });

  it('a million ports of 65,536 hosts fit in 5 MB, are painted within a second and searched within 100 ms', async () => {
    const facts = function* (): Generator<Fact> {
      yield scanFact;
      let seed = 7;
      const random = (below: number) => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return seed % below;
      };
      for (let place = 0; place < 65_536; place++) {
        const host = `10.1.${place >> 8}.${place & 255}`;
        yield {
          type: 'host',
          n: 1,
          host,
          name: `host-${place}.lab`,
          state: 'up',
          reason: 'echo-reply',
          at: at(1),
        };
        for (let port = 20, i = 0; i < 15; i++) {
          port += 1 + random(400);
          const state = random(3) === 0 ? 'open' : random(2) === 0 ? 'closed' : 'filtered';
          const reason = state === 'open' ? 'syn-ack' : state === 'closed' ? 'reset' : 'no-response';
          yield portFact(port, state, reason, {
            host,
            ...(state === 'open' ? { service: `service-${port % 40}` } : {}),
            at: at(1),
          });
        }
        yield { type: 'host-done', host };
      }
      yield summaryFact;
    };
    const all = [...facts()];
    const bytes = render('html', all).length;
    const { page, complaints } = await open(all);
    const painted = await page.evaluate(
      () => performance.getEntriesByType('paint')[0]?.startTime ?? Infinity,
    );
    await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
    const searches: number[] = [];
    for (const word of ['service-7', 'port:443', 'host-4711', '10.1.200.', 'open service-9', '']) {
      searches.push(
        await page.evaluate(async (text) => {
          const field = document.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement;
          const output = document.querySelector('output') as HTMLOutputElement;
          const before = performance.now();
          const changed = new Promise((resolve) => {
            new MutationObserver(resolve).observe(output, {
              characterData: true,
              subtree: true,
              childList: true,
            });
          });
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          await changed;
          return performance.now() - before;
        }, word),
      );
    }
    console.log({ bytes, painted, searches: searches.map(Math.round) });
    expect(bytes).toBeLessThanOrEqual(5_000_000);
    expect(painted).toBeLessThanOrEqual(1000);
    expect(Math.max(...searches)).toBeLessThanOrEqual(100);
    expect(complaints).toEqual([]);
  });
});
