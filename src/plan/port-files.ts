/**
 * Ports that stand in a file: `-p @FILE`.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { quoted } from './quoted.ts';
import { type EntrySource, readEntries } from './read-entries.ts';
import type { PortList, Request } from './request.ts';

/** The request with the content of its files of ports in their place. */
export async function withPortFiles(request: Request, source: EntrySource): Promise<Request> {
  const { ports, excludePorts } = request;
  return {
    ...request,
    ...(ports !== undefined && { ports: await readPorts(ports, source) }),
    ...(excludePorts !== undefined && { excludePorts: await readPorts(excludePorts, source) }),
  };
}

/** The file of a list that names one; `-` is standard input. */
export function portFileOf(ports: PortList | undefined): string | undefined {
  return typeof ports === 'string' && ports.startsWith('@') ? ports.slice(1) : undefined;
}

async function readPorts(ports: PortList, source: EntrySource): Promise<PortList> {
  const path = portFileOf(ports);
  if (path === undefined) return ports;
  const entries: string[] = [];
  await readEntries(path, 'ports', source, (entry) => entries.push(entry));
  // Lines may end with a comma, and begin with one.
  const parts = entries.flatMap((entry) => entry.split(',')).filter((part) => part !== '');
  if (parts.length > 0) return parts.join(',');
  const name = path === '-' ? 'standard input' : quoted(path);
  throw badRequest(`Cannot read ports from ${name}: it holds none; wanted such as 22,80-90`);
}
