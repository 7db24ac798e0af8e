/** From what was typed behind `listen` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import type { ArrivalWriterName } from '../report/arrivals/index.ts';
import type { ListenRequest } from '../scan/listen/listen.ts';
import { fileNameAt } from './file-name.ts';
import type { View } from './flags/flag.ts';
import { listenLanguage } from './flags/listen.ts';
import { parse } from './parse.ts';
import { refuseSharedPlaces } from './places.ts';

/** What `listen` is to do. */
export type ListenCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'listen';
      /** `--key`, as it was given. */
      readonly key?: string;
      readonly request: Omit<ListenRequest, 'key'>;
      readonly outputs: readonly { readonly format: ArrivalWriterName; readonly path: string }[];
      readonly view: View;
    };

/** Reads the arguments of `listen` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readListenCall(argv: readonly string[], now: Date = new Date()): ListenCall {
  const { wants, words, request, packet, key, listen, outputs: given, view } = parse(argv, listenLanguage);
  if (wants === 'help' || wants === 'version') return { wants };
  if (words.length > 0)
    throw badRequest(
      `listen hears on this machine and takes no target, found ${words.map(quoted).join(', ')}`,
    );
  const { ports } = request;
  if (typeof ports === 'string' && ports.startsWith('@'))
    throw badRequest(`-p ${quoted(ports)}: wanted the ports themselves, listen reads no file of them`);
  const outputs = given.map(({ format, path }) => ({
    format: format as ArrivalWriterName,
    path: fileNameAt(path, now),
  }));
  const taken = refuseSharedPlaces(outputs.map(({ format, path }) => ({ path, what: format })));
  return {
    wants: 'listen',
    ...(key !== undefined && { key }),
    request: {
      ...(ports !== undefined && { ports }),
      ...(packet.interface !== undefined && { interface: packet.interface }),
      ...listen,
    },
    outputs: taken.has('-') ? outputs : [...outputs, { format: 'ndjson', path: '-' }],
    view,
  };
}
