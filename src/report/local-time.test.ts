import { afterEach, expect, test } from 'vitest';
import { render, sampleFacts } from './writer.laws.ts';

const zone = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = zone;
});

test.each([
  ['Asia/Kolkata', 'Sat Nov 21 15:30:00 2026 +0530'],
  ['America/St_Johns', 'Sat Nov 21 06:30:00 2026 -0330'],
  ['Pacific/Kiritimati', 'Sun Nov 22 00:00:00 2026 +1400'],
  ['UTC', 'Sat Nov 21 10:00:00 2026 +0000'],
])(
  'reports for reading tell the time of %s with its distance from UTC; the record stays UTC',
  (name, time) => {
    process.env['TZ'] = name;
    expect(render('normal', sampleFacts())).toContain(`started ${time} as:`);
    expect(render('xml', sampleFacts())).toContain(`startstr="${time}"`);
    expect(render('xml', sampleFacts())).toMatch(/timestr="[A-Z][a-z]{2} [^"]* 2026 [+-]\d{4}"/);
    expect(render('grepable', sampleFacts())).toContain(`initiated ${time} as:`);
    expect(render('html', sampleFacts())).toContain(`started ${time}`);
    expect(render('ndjson', sampleFacts())).toContain('"startedAt":"2026-11-21T10:00:00.000Z"');
  },
);
