/**
 * Names of files to write with the time in them: `scan-%F.xml`.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';

/** The name with its % words replaced, by this machine's clock; nmap's words, which put nothing but digits and hyphens in. */
export function fileNameAt(name: string, now: Date): string {
  return name.replace(/%(.?)/gsu, (word, letter: string) => {
    const part = words[letter]?.(now);
    if (part !== undefined) return part;
    throw badRequest(
      `${quoted(name)}: ${quoted(word)} stands for nothing; wanted one of ${Object.keys(words)
        .map((one) => `%${one}`)
        .join(' ')} in the name of a file to write (%% is a %)`,
    );
  });
}

const two = (value: number) => String(value).padStart(2, '0');
const hours = (time: Date) => two(time.getHours());
const minutes = (time: Date) => two(time.getMinutes());
const seconds = (time: Date) => two(time.getSeconds());
const month = (time: Date) => two(time.getMonth() + 1);
const day = (time: Date) => two(time.getDate());
const shortYear = (time: Date) => two(time.getFullYear() % 100);
const year = (time: Date) => String(time.getFullYear());

/** Colons and slashes have meanings in file names, so `%T`, `%R` and `%D` go without. */
const words: Readonly<Record<string, (time: Date) => string>> = {
  H: hours,
  M: minutes,
  S: seconds,
  m: month,
  d: day,
  y: shortYear,
  Y: year,
  T: (time) => `${hours(time)}${minutes(time)}${seconds(time)}`,
  R: (time) => `${hours(time)}${minutes(time)}`,
  D: (time) => `${month(time)}${day(time)}${shortYear(time)}`,
  F: (time) => `${year(time)}-${month(time)}-${day(time)}`,
  '%': () => '%',
};
