/**
 * Times of records (ISO 8601 in UTC) as numbers and back, by arithmetic alone: whoever compares records needs no clock.
 *
 * @module
 */

/** Milliseconds since 1970 of a time as records have it; what stands behind the milliseconds is cut off. */
export function timeOf(text: string): number {
  const at = (from: number, to: number) => Number(text.slice(from, to));
  const second = at(11, 13) * 3600 + at(14, 16) * 60 + at(17, 19);
  const fraction =
    text[19] === '.' ? Math.trunc(Number(`0${text.slice(19, 23).replace('Z', '')}`) * 1000) : 0;
  return daysOf(at(0, 4), at(5, 7), at(8, 10)) * dayMs + second * 1000 + fraction;
}

/** Reverses {@link timeOf}. */
export function timeText(timeMs: number): string {
  const days = Math.floor(timeMs / dayMs);
  const ms = timeMs - days * dayMs;
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const [year, month, day] = dateOf(days);
  const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  const fraction = String(Math.trunc(ms % 1000)).padStart(3, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}.${fraction}Z`;
}

/** Days since 1970 of a date of the Gregorian calendar. A year is counted from March, so that a leap day is its last. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * daysOfEra + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - to1970;
}

function dateOf(days: number): readonly [number, number, number] {
  const shifted = days + to1970;
  const era = Math.floor(shifted / daysOfEra);
  const ofEra = shifted - era * daysOfEra;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const yearOfEra = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch + (fromMarch < 10 ? 3 : -9);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

const dayMs = 86_400_000;
/** 400 years. */
const daysOfEra = 146_097;
/** From the first of March of the year 0 to the first of January 1970. */
const to1970 = 719_468;
