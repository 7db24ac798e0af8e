import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ouis } from '../src/plan/tables/ouis.ts';
import { services } from '../src/plan/tables/services.ts';
import { vendorOf } from '../src/plan/vendors.ts';
import { servicesText, vendorsText } from './make-tables.mjs';

const require = createRequire(import.meta.url);

// The packed bytes differ between versions of brotli, so what they hold is compared.
test('the committed tables are those of the registries: else run node tools/make-tables.mjs', () => {
  expect(services === servicesText()).toBe(true);
  expect(brotliDecompressSync(Buffer.from(ouis, 'base64')).toString() === vendorsText()).toBe(true);
});

test('every registered prefix leads to its vendor', () => {
  const registry = JSON.parse(readFileSync(require.resolve('oui-data'), 'utf8'));
  const wrong = [];
  for (const [prefix, text] of Object.entries(registry)) {
    const digits = prefix.padEnd(12, '0');
    const mac = Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
    const name = text.split('\n')[0].trim().replace(/\s+/g, ' ');
    // Blocks of the registry itself are given out in smaller parts.
    if (['', 'Private', 'IEEE Registration Authority'].includes(name)) continue;
    // The bit of made-up addresses: a few registrations of the 1980s.
    if ((mac[0] & 2) !== 0) continue;
    const longer = ['0', '000'].some((more) => registry[`${prefix}${more}`] !== undefined);
    if (!longer && vendorOf(mac) !== name) wrong.push(prefix);
  }
  expect(wrong).toEqual([]);
});
