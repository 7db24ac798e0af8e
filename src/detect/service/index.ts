/**
 * What listens on a port: the door of this folder, which a scan loads only when it is asked for services.
 *
 * @module
 */

export { expectedAt, expectedDatagrams, isTlsPort } from './candidates.ts';
export { readCertificate } from './certificate.ts';
export { inquireDatagrams } from './datagram-inquiry.ts';
export { inquire } from './inquiry.ts';
