/**
 * All protocols, in the order in which answers are tried on them. To add one: its file, and its line here.
 *
 * @module
 */

import type { Protocol } from '../contract.ts';
import { amqp, mqtt } from './brokers.ts';
import { rtsp, sip } from './calls.ts';
import { rdp, vnc } from './desktops.ts';
import { dns } from './dns.ts';
import { ftp } from './ftp.ts';
import { http } from './http.ts';
import { ldap } from './ldap.ts';
import { imap, pop3, smtp } from './mail.ts';
import { mysql } from './mysql.ts';
import { nntp } from './nntp.ts';
import { postgresql } from './postgresql.ts';
import { rsync } from './rsync.ts';
import { chargen, daytime, echo, finger, time } from './simple.ts';
import { smb } from './smb.ts';
import { ssh } from './ssh.ts';
import { memcached, redis } from './stores.ts';
import { telnet } from './telnet.ts';

/** The protocols. */
export const protocols: readonly Protocol[] = [
  http,
  ssh,
  smtp,
  ftp,
  pop3,
  imap,
  nntp,
  telnet,
  mysql,
  vnc,
  rsync,
  redis,
  memcached,
  rtsp,
  sip,
  amqp,
  mqtt,
  postgresql,
  ldap,
  dns,
  smb,
  rdp,
  echo,
  chargen,
  finger,
  daytime,
  time,
];
