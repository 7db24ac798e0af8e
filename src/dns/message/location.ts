/** Where something is (LOC, RFC 1876), in presentation form. @module */

import { BrokenData, type DataReader } from './data-reader.ts';

/** Latitude, longitude, altitude, and the sizes in metres. */
export function location(data: DataReader): string {
  if (data.u8() !== 0) throw new BrokenData();
  const [size, horizontal, vertical] = [data.u8(), data.u8(), data.u8()];
  const latitude = degrees(data.u32(), 'N', 'S', 90);
  const longitude = degrees(data.u32(), 'E', 'W', 180);
  const altitude = (data.u32() - 10_000_000) / 100;
  const sizes = [size, horizontal, vertical].map(metres).join(' ');
  return `${latitude} ${longitude} ${altitude.toFixed(2)}m ${sizes}`;
}

/** Thousandths of a second of arc, from 2^31 on. */
function degrees(value: number, above: string, below: string, most: number): string {
  const offset = value - 2 ** 31;
  const thousandths = Math.abs(offset);
  if (thousandths > most * 3_600_000) throw new BrokenData();
  const minutes = Math.floor(thousandths / 60_000);
  const seconds = (thousandths % 60_000) / 1000;
  return `${Math.floor(minutes / 60)} ${minutes % 60} ${seconds.toFixed(3)} ${offset < 0 ? below : above}`;
}

/** A mantissa and a power of ten of centimetres. */
function metres(octet: number): string {
  const [mantissa, power] = [octet >> 4, octet & 15];
  if (mantissa > 9 || power > 9) throw new BrokenData();
  const centimetres = mantissa * 10 ** power;
  return power >= 2 ? `${centimetres / 100}m` : `${(centimetres / 100).toFixed(2)}m`;
}
