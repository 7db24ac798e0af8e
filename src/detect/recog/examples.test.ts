/**
 * recog's own examples: each matches the fingerprint that it stands in, before any other, with the fields that it names.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Database } from './database.ts';
import { readFingerprints } from './fingerprints.ts';

/** Where whoever develops Portolan may have a checkout; it is not part of it. */
const folder = process.env['PORTOLAN_RECOG'] ?? join(import.meta.dirname, '../../../../shared/recog');
const files = existsSync(folder)
  ? readdirSync(join(folder, 'xml')).filter((name) => name.endsWith('.xml'))
  : [];

describe.skipIf(files.length === 0)(
  `recog's examples${files.length > 0 ? '' : ` (not there: ${folder})`}`,
  () => {
    test('all but one in two hundred are read as they say, and nothing cannot be compiled', () => {
      const wrong: string[] = [];
      let count = 0;
      for (const file of files) {
        const { fingerprints } = readFingerprints(readFileSync(join(folder, 'xml', file), 'utf8'), file);
        const database = new Database(fingerprints);
        expect(database.failures, file).toBe(0);
        for (const { description, examples } of fingerprints)
          for (const { text, fields } of examples) {
            count++;
            const match = database.match(text);
            const isRight =
              match?.description === description &&
              Object.entries(fields).every(([name, value]) => match.fields[name] === value);
            if (!isRight)
              wrong.push(`${file} ${text.slice(0, 60)}: ${JSON.stringify(match)} ${JSON.stringify(fields)}`);
          }
      }
      expect(count).toBeGreaterThan(7000);
      expect(wrong.length / count, wrong.join('\n')).toBeLessThanOrEqual(0.005);
    });
  },
);
