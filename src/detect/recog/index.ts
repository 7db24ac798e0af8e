/**
 * Fingerprints that the user gives: the door of this folder, which a scan loads only when it is given some.
 *
 * @module
 */

export { readFingerprints, XmlTrouble } from './fingerprints.ts';
export { Recog } from './recog.ts';
