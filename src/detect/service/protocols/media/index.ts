/**
 * Calls, sound and pictures. In the order of trying; to add one: its file, and its line here.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { rtsp, sip, sipDatagrams } from './calls.ts';
import { asterisk, freeswitch, iax, mgcp } from './exchanges.ts';
import { bedrock, bzflag, minecraft, quake3, valve } from './games.ts';
import { h323, mpd, rtmp } from './streams.ts';
import { stun, stunDatagrams } from './stun.ts';
import { mumble, mumblePing, teamSpeak, teamSpeakQuery } from './voice-chat.ts';

/** Over TCP. */
export const mediaProtocols: readonly Protocol[] = [
  rtsp,
  sip,
  stun,
  asterisk,
  freeswitch,
  mumble,
  teamSpeakQuery,
  mpd,
  rtmp,
  h323,
  minecraft,
  bzflag,
];

/** Over UDP. */
export const mediaDatagrams: readonly DatagramProtocol[] = [
  stunDatagrams,
  sipDatagrams,
  iax,
  mgcp,
  mumblePing,
  teamSpeak,
  valve,
  quake3,
  bedrock,
];
