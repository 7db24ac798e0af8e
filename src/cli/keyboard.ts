/**
 * Single keys from the terminal, without waiting for the return key. Only where this process is the
 * terminal's foreground job: changing the terminal from the background stops a process (SIGTTOU).
 *
 * @module
 */

import { readFileSync } from 'node:fs';

/** Calls back for each key until the returned function is called, which gives the terminal back as it was. */
export function watchKeyboard(onKey: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY || !isForeground()) return () => undefined;
  const enter = () => isForeground() && stdin.setRawMode(true);
  const leave = () => {
    stdin.setRawMode(false);
  };
  const onData = (bytes: Buffer) => {
    // Raw mode hands us the keys that otherwise make signals; what they mean stays the same.
    if (bytes.includes(controlC)) process.kill(process.pid, 'SIGINT');
    else if (bytes.includes(controlBackslash)) {
      leave();
      process.kill(process.pid, 'SIGQUIT');
    } else if (bytes.includes(controlZ)) {
      leave();
      process.kill(process.pid, 'SIGTSTP');
    } else onKey();
  };
  enter();
  stdin.on('data', onData);
  // The scan's end ends the process, not the keyboard's.
  stdin.unref();
  process.on('exit', leave);
  process.on('SIGCONT', enter);
  return () => {
    process.off('exit', leave);
    process.off('SIGCONT', enter);
    stdin.off('data', onData);
    stdin.pause();
    leave();
  };
}

/** Whether this process group holds the terminal (proc(5): fields 5 and 8 of stat, after the name in brackets). */
function isForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    return false;
  }
}

const controlC = 3;
const controlZ = 26;
const controlBackslash = 28;
