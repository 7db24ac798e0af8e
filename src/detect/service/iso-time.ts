/**
 * Times that servers tell, as ISO 8601 in UTC. Computed here: nothing in this folder has a clock.
 *
 * @module
 */

/** Seconds since 1970 as text; undefined before that, and beyond the year 9999. */
export function isoTime(seconds: number): string | undefined {
  const whole = Math.floor(seconds);
  if (!(whole >= 0 && whole < secondsTo10000)) return undefined;
  const days = Math.floor(whole / secondsPerDay);
  const rest = whole - days * secondsPerDay;
  const [year, month, day] = dateOf(days);
  return dateTimeText(year, month, day, Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60);
}

/** A date and a time of a day as text; undefined where there are none such. */
export function dateTimeText(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): string | undefined {
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  // A minute may have a second more.
  if (!isDay || hour > 23 || minute > 59 || second > 60) return undefined;
  const two = (number: number) => `${number}`.padStart(2, '0');
  const time = [hour, minute, Math.min(second, 59)].map(two).join(':');
  return `${`${year}`.padStart(4, '0')}-${two(month)}-${two(day)}T${time}.000Z`;
}

/** The date of a day counted from 1970: eras of 400 years, years that begin with March. */
function dateOf(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + daysTo1970;
  const era = Math.floor(shifted / daysPerEra);
  const ofEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return [yearOfEra + 400 * era + (month <= 2 ? 1 : 0), month, day];
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** From 1900, where the protocols of time begin to count (RFC 868, RFC 5905). */
export const secondsTo1970 = 2_208_988_800;
const secondsPerDay = 86_400;
const secondsTo10000 = 253_402_300_800;
const daysPerEra = 146_097;
/** From the first of March of the year 0. */
const daysTo1970 = 719_468;
