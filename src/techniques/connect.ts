import { errorIsFiltered } from './rows.ts';
import { defineTechnique } from './technique.ts';

/** Full connection through the kernel. The kernel does not say whether a reset or a port-unreachable refused it. */
export const connect = defineTechnique({
  name: 'connect',
  flag: 'sT',
  summary: 'Completes the handshake through the operating system; needs no privilege',
  about: 'tcp',
  probe: { transport: 'socket' },
  sends: 'sockets',
  opensByHandshake: true,
  xmlName: 'connect',
  replies: [
    { when: { kind: 'connected' }, state: 'open', reason: 'connected' },
    { when: { kind: 'refused' }, state: 'closed', reason: 'refused' },
    errorIsFiltered,
  ],
  silence: 'filtered',
});
