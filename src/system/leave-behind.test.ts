import { fstatSync, openSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { hasLibc } from './ffi.ts';
import { leaveBehind } from './leave-behind.ts';

test.skipIf(!hasLibc)('a descriptor that is left behind is closed here', async () => {
  const fd = openSync('/dev/null', 'r');
  leaveBehind(fd);
  await vi.waitFor(() => expect(() => fstatSync(fd)).toThrow('EBADF'));
});
