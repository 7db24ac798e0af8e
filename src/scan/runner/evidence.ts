/**
 * The evidence file: every packet of a run as pcapng, written by one thread, whoever sent or heard it. It is whole
 * after every write.
 *
 * @module
 */

import { closeSync, constants, fstatSync, ftruncateSync, readSync } from 'node:fs';
import { badRequest, PortolanError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { quoted } from '../../plan/quoted.ts';
import { openWritable, writeTrouble } from '../../plan/write-trouble.ts';
import { writeAll } from '../../system/write-all.ts';
import { viewOf } from '../../wire/bytes.ts';
import { blockType, interfaceAt, sectionHeader } from '../../wire/pcapng.ts';

/** One file of packets from several sources. */
export class Evidence {
  readonly #path: string;
  readonly #descriptor: number;
  /** Interfaces of the file by their description. */
  readonly #ids = new Map<string, number>();
  /** For each source the file's numbers of the interfaces it has described. */
  readonly #sources: number[][] = [];

  readonly #goesOn: boolean;
  #isBegun = false;
  #isClosed = false;

  private constructor(path: string, descriptor: number, goesOn: boolean) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#goesOn = goesOn;
  }

  /** Begins a file; `-` is standard output. A scan that goes on adds a section to the file it finds. */
  static open(path: string, goesOn: boolean): Evidence {
    return new Evidence(path, path === '-' ? 1 : openFile(path, goesOn), goesOn);
  }

  /** Takes blocks of a recorder: a description of an interface, or packets of those that were described. */
  take(source: number, blocks: Uint8Array): void {
    const view = viewOf(blocks);
    this.#sources[source] ??= [];
    const known = this.#sources[source];
    if (view.getUint32(0, true) === blockType.interface) {
      known.push(this.#idOf(blocks));
      return;
    }
    for (let at = 0; at < blocks.length; at += view.getUint32(at + 4, true)) {
      const id = known[view.getUint32(at + interfaceAt, true)];
      if (id === undefined) throw new Error('a packet of an interface that was not described');
      view.setUint32(at + interfaceAt, id, true);
    }
    this.#write(blocks);
  }

  /** Closes the file; one without any packet is a file all the same. */
  close(): void {
    if (this.#isClosed) return;
    try {
      this.#begin();
    } finally {
      this.abandon();
    }
  }

  /** Closes the file as it is: what it held stays where nothing was written. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#path !== '-') closeSync(this.#descriptor);
  }

  #idOf(description: Uint8Array): number {
    const key = Buffer.from(description).toString('latin1');
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
      this.#write(description);
    }
    return id;
  }

  /** What the file held is lost only when there is something in its place: a scan that is refused costs nothing. */
  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#try(() => {
      if (!this.#goesOn && fstatSync(this.#descriptor).isFile()) ftruncateSync(this.#descriptor);
      writeAll(this.#descriptor, sectionHeader(`Portolan ${version}`));
    });
  }

  #write(blocks: Uint8Array): void {
    this.#begin();
    this.#try(() => writeAll(this.#descriptor, blocks));
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      // Whoever has read enough of standard output has left.
      if ((error as NodeJS.ErrnoException).code === 'EPIPE' && this.#path === '-') throw error;
      const where = this.#path === '-' ? 'standard output' : quoted(this.#path);
      throw new PortolanError(
        'write-failed',
        `Cannot go on writing the evidence to ${where}: ${writeTrouble(error)}`,
      );
    }
  }
}

function openFile(path: string, goesOn: boolean): number {
  const { O_RDWR, O_WRONLY, O_APPEND } = constants;
  const descriptor = openWritable(path, goesOn ? O_RDWR | O_APPEND : O_WRONLY);
  if (goesOn && fstatSync(descriptor).isFile()) cutTorn(path, descriptor);
  return descriptor;
}

/** Cuts off a block that a killed run could not finish: nothing behind it could be read. */
function cutTorn(path: string, descriptor: number): void {
  const { size } = fstatSync(descriptor);
  const window = Buffer.alloc(windowBytes);
  let [from, filled, at] = [0, 0, 0];
  while (at + 12 <= size) {
    if (at + 8 > from + filled) {
      from = at;
      filled = readSync(descriptor, window, 0, window.length, from);
    }
    const [type, length] = [window.readUInt32LE(at - from), window.readUInt32LE(at - from + 4)];
    if (at === 0 && type !== blockType.section) {
      closeSync(descriptor);
      throw badRequest(`${quoted(path)} is no evidence of a scan: found no pcapng file, wanted one to go on`);
    }
    if (length < 12 || length % 4 !== 0 || at + length > size) break;
    at += length;
  }
  ftruncateSync(descriptor, at);
}

const windowBytes = 1 << 20;
