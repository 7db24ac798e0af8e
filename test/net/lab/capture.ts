/**
 * Packets on an interface of a lab, recorded to a file.
 *
 * @module
 */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import type { Namespace } from './namespace.ts';
import { until } from './process.ts';

/** A running capture. */
export interface Capture {
  /** Ends the capture with every packet written, and returns the pcap file's path. */
  stop(): Promise<string>;
}

/** Starts tcpdump in a namespace. `filter` is in tcpdump's language; everything when it is empty. */
export async function capture(lab: Lab, namespace: Namespace, device: string, filter = ''): Promise<Capture> {
  const file = join(lab.folder, `capture-${++count}.pcap`);
  // Without --immediate-mode the kernel may hold packets back for a second; -U writes one by one; -Z root keeps tcpdump from becoming a user who cannot write here.
  const argv = [
    'tcpdump',
    '-i',
    device,
    '-n',
    '--immediate-mode',
    '-U',
    '-s',
    '0',
    '-B',
    '65536',
    '-Z',
    'root',
    '-w',
    file,
  ];
  const child = namespace.spawn(filter === '' ? argv : [...argv, filter]);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await until(`tcpdump on ${device}`, () => {
    if (child.exitCode !== null) throw new Error(`tcpdump on ${device} ended: ${said}`);
    return /listening on/.test(said) && existsSync(file) && statSync(file).size >= pcapHeaderBytes;
  });
  /** Of its newest counters: packets received by the filter, that it has not captured. */
  const behind = () => {
    const counts = [...said.matchAll(/(\d+) packets? captured.*?(\d+) packets? received by filter/gs)].at(-1);
    child.kill('SIGUSR1');
    return counts === undefined ? undefined : Number(counts[2]) - Number(counts[1]);
  };
  // What came before it had set its filter counts as received and is never captured.
  let early: number | undefined;
  await until(`counters of tcpdump on ${device}`, () => {
    early = behind();
    return early !== undefined;
  });
  return {
    async stop() {
      said = '';
      // Packets the kernel holds are lost when tcpdump ends: ask for its counters until it has caught up.
      await until('tcpdump to catch up', () => (behind() ?? Number.POSITIVE_INFINITY) <= (early ?? 0));
      child.kill('SIGINT');
      await closed;
      return file;
    },
  };
}

let count = 0;

const pcapHeaderBytes = 24;
