import { defineTechnique } from './technique.ts';

/**
 * No technique for users: an echo request to a host that has answered one before, which shows what the way to it loses.
 * An error in its stead shows nothing.
 */
export const pathEcho = defineTechnique({
  name: 'path-echo',
  flag: '',
  summary: 'Shows what the way to a host loses',
  about: 'host',
  probe: { transport: 'icmp', message: 'echo' },
  sends: 'packets',
  replies: [{ when: { kind: 'echo-reply' }, state: 'open', reason: 'echo-reply' }],
  silence: 'filtered',
});
