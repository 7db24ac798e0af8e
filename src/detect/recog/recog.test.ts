import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Database } from './database.ts';
import { readFingerprints, XmlTrouble } from './fingerprints.ts';
import { Recog, type Recognised } from './recog.ts';

const document = readFileSync(join(import.meta.dirname, 'sample.xml'), 'utf8');
const sample = readFingerprints(document, 'sample');
const ssh = (software: string, more: Partial<Recognised> = {}): Recognised => ({
  name: 'ssh',
  cpe: [],
  confidence: 10,
  extra: { software },
  ...more,
});

describe('files of fingerprints', () => {
  test('are read with what they match, and their examples', () => {
    expect(sample.matches).toBe('ssh.banner');
    expect(sample.fingerprints.map(({ description }) => description)[0]).toBe("Harbour's shell & its build");
    expect(sample.fingerprints.flatMap(({ examples }) => examples.map(({ text }) => text))).toEqual([
      'harbourssh_4.2 [BEEF]',
      'HarbourSSH_5.0',
      'first\n\u00fflast',
      'nobody',
    ]);
  });

  test('go by their names where they do not say what they match', () => {
    expect(readFingerprints('<fingerprints/>', 'telnet_banners').matches).toBe('telnet_banners');
  });

  test.each([
    ['<fingerprints><fingerprint></fingerprints>', 1],
    ['<other/>', 1],
    ['\n<!DOCTYPE f [<!ENTITY a "b">]><fingerprints/>', 2],
    ['<fingerprints>\n<fingerprint pattern="&a;"/></fingerprints>', 2],
    ['', 1],
  ])('are refused with the line: %s', (text, line) => {
    expect(() => readFingerprints(text, 'x')).toThrow(XmlTrouble);
    try {
      readFingerprints(text, 'x');
    } catch (error) {
      expect((error as XmlTrouble).line).toBe(line);
    }
  });
});

describe('a database', () => {
  const database = new Database(sample.fingerprints);

  test('matches its own examples with their fields, and counts what it cannot compile', () => {
    expect(database.failures).toBe(1);
    for (const { description, examples } of sample.fingerprints)
      for (const { text, fields } of examples) {
        expect(database.match(text)).toMatchObject({ description, fields });
        expect(database.match(text)).toBe(database.match(text));
      }
    expect(database.match('Ahead')).toBeUndefined();
  });

  test('fills what is named in braces, with a dash for what is not known', () => {
    const { fields } = database.match('HarbourSSH_4.2') ?? {};
    expect(fields?.['service.cpe23']).toBe('cpe:/a:harbour:shell:4.2');
    expect(fields?.['os.cpe23']).toBe('cpe:/o:harbour:os:-');
  });

  test('takes linear time', () => {
    const nested = `${'<fingerprints><fingerprint pattern="^(a+)+$"/></fingerprints>'}`;
    const slow = new Database(readFingerprints(nested, 'x').fingerprints);
    expect(slow.match(`${'a'.repeat(4000)}!`)).toBeUndefined();
  });
});

describe('a service', () => {
  const recog = new Recog([sample]);

  test('is named where our rules say nothing, and it is said by whom', () => {
    expect(recog.recognise(ssh('HarbourSSH_4.2'))).toEqual({
      ...ssh('HarbourSSH_4.2'),
      product: 'Harbour Shell',
      version: '4.2',
      os: 'HarbourOS',
      device: 'Router',
      info: 'Quay 9',
      cpe: ['cpe:/a:harbour:shell:4.2', 'cpe:/o:harbour:os:-'],
      extra: { software: 'HarbourSSH_4.2', recog: ["Harbour's shell & its build"] },
    });
  });

  test('keeps what our rules say', () => {
    const known = { product: 'Ours', os: 'Linux', cpe: ['cpe:/a:ours:ours'] };
    expect(recog.recognise(ssh('HarbourSSH_4.2', known))).toMatchObject({ ...known, device: 'Router' });
    expect(recog.recognise(ssh('HarbourSSH_4.2', known)).version).toBeUndefined();
  });

  test.each([
    ssh('nobody'),
    ssh('somebody'),
    ssh('HarbourSSH_4.2', { name: 'ftp' }),
    ssh('x', { name: null }),
  ])('is left alone where nothing is told', (service) => {
    expect(recog.recognise(service)).toBe(service);
  });

  test('is less sure where a product is told from what is shown', () => {
    const title = readFingerprints(
      `<fingerprints matches="html_title"><fingerprint pattern="Quay"><description>Quay</description>
       <param pos="0" name="service.product" value="Quay"/></fingerprint></fingerprints>`,
      'html_title',
    );
    const page = { ...ssh(''), name: 'http', extra: { title: 'A Quay' } };
    expect(new Recog([title]).recognise(page)).toMatchObject({ product: 'Quay', confidence: 7 });
  });

  test('is known by the subject of its certificate, from the last part to the first', () => {
    const subjects = readFingerprints(
      `<fingerprints matches="x509.subject"><fingerprint pattern="^CN=.*,O=Quay, Inc$"><description>Q</description>
       <param pos="0" name="hw.device" value="Router"/></fingerprint></fingerprints>`,
      'x509_subjects',
    );
    const shown = { ...ssh(''), name: 'http', certificate: { subject: 'O=Quay, Inc, CN=q9' } };
    expect(new Recog([subjects]).recognise(shown)).toMatchObject({ device: 'Router' });
  });

  test('counts what is read of services alone', () => {
    const other = readFingerprints(
      '<fingerprints matches="dhcp_vendor_class"><fingerprint pattern="("/></fingerprints>',
      'x',
    );
    expect(new Recog([sample, other])).toMatchObject({ count: 4, failures: 1 });
  });
});
