import { expect, test } from 'vitest';
import { script, style } from '../src/report/page/tables/app.ts';
import { pageParts } from './make-page.mjs';

test('the committed page is what its source is built to: else run node tools/make-page.mjs', async () => {
  const parts = await pageParts();
  expect(script === parts.script).toBe(true);
  expect(style === parts.style).toBe(true);
});
