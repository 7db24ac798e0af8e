/**
 * Certificates for tests, signed by themselves and made anew in each run, so that no key is kept (RFC 5280, 4.1).
 *
 * @module
 */

import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and its certificate. */
export interface TestCertificate {
  /** PEM, as node:tls takes it. */
  readonly key: string;
  readonly cert: string;
  readonly der: Uint8Array;
}

/** Makes one for a name; `paddingBytes` of it say nothing. */
export function makeCertificate(name: string, paddingBytes = 0): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const who = der(0x30, der(0x31, der(0x30, commonName, der(0x0c, Buffer.from(name)))));
  const padding = der(
    0xa3,
    der(0x30, der(0x30, unknownExtension, der(0x04, der(0x04, new Uint8Array(paddingBytes))))),
  );
  const body = der(
    0x30,
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(1)),
    ecdsaWithSha256,
    who,
    der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('21200101000000Z'))),
    who,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(paddingBytes > 0 ? [padding] : []),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, ecdsaWithSha256, der(0x03, Uint8Array.of(0), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${Buffer.from(whole).toString('base64')}\n-----END CERTIFICATE-----\n`,
    der: whole,
  };
}

/** Tag, length, value. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(parts);
  const { length } = value;
  const bytes =
    length < 128
      ? []
      : length < 65_536
        ? [length >> 8, length & 255]
        : [length >> 16, (length >> 8) & 255, length & 255];
  const head = length < 128 ? [tag, length] : [tag, 0x80 | bytes.length, ...bytes];
  return Buffer.concat([Uint8Array.from(head), value]);
}

/** ecdsa-with-SHA256, and the attribute and extension that are needed here. */
const ecdsaWithSha256 = der(0x30, der(0x06, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)));
const commonName = der(0x06, Uint8Array.of(0x55, 0x04, 0x03));
/** Under the arc for examples, 2.999. */
const unknownExtension = der(0x06, Uint8Array.of(0x88, 0x37, 0x01));
