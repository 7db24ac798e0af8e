/**
 * IRC (RFC 1459, modern.ircdocs.horse): servers talk before anybody has said who he is, and tell whoever asks for
 * something that he has to. Nobody registers here: 001 and what follows is for those who do.
 *
 * @module
 */

import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { bytesOf, linesOf } from '../../text.ts';

/** Chat in lines. */
export const irc: Protocol = {
  name: 'irc',
  transport: 'tcp',
  ports: [6660, 6665, 6666, 6667, 6668, 6669, 7000],
  tlsPorts: [6697],
  greeting: true,
  request: { cost: 8, staysAtHello: true, bytes: () => bytesOf('VERSION\r\nQUIT\r\n') },
  parse,
  isWhole: (bytes) => linesOf(bytes).some((line) => /^(?::\S+ (?:351|451) |ERROR :)/.test(line)),
  products: [
    {
      when: {
        version:
          /^(InspIRCd|ngircd|UnrealIRCd|Unreal|charybdis|solanum|hybrid|bahamut|plexus|ergo)[-_ ]?v?(\d[\w.~+-]*)?/i,
      },
      product: '$1',
      version: '$2',
    },
    {
      when: { says: /^BitlBee-IRCd initialized\b/ },
      product: 'BitlBee IRCd',
      cpe: 'a:bitlbee:bitlbee',
    },
    {
      when: { says: /^Oops, HTTP request received\? This is IRC!$/ },
      product: 'ngircd',
      cpe: 'a:barton:ngircd',
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes, 24);
  const facts: Record<string, string> = {};
  let isSaid = false;
  for (const line of lines) {
    const [, source, word = '', rest = ''] =
      /^(?::([\w.:*-]{1,64}) )?(NOTICE|ERROR|451|421|351) (.{1,400})$/.exec(line) ?? [];
    // After those come the lines of who has registered, or no IRC at all.
    if (word === '') break;
    const isNotice = word === 'NOTICE' && /^(?:AUTH|Auth|\*) :/.test(rest);
    const isNumber = source !== undefined && /^\d{3}$/.test(word);
    const isFarewell =
      word === 'ERROR' && /^:"?(?:Closing [Ll]ink|Oops, HTTP request|Your host is trying)/.test(rest);
    isSaid ||= isNotice || isNumber || isFarewell;
    if (source?.includes('.') === true) facts['hostname'] ??= source;
    if (word === '351') facts['version'] ??= (/^\S+ (\S{1,80})/.exec(rest)?.[1] ?? '').replace(/\.+$/, '');
    if (isNotice || isFarewell)
      facts['says'] ??= rest
        .slice(rest.indexOf(':') + 1)
        .replaceAll('"', '')
        .trim();
  }
  const { version, ...others } = facts;
  const told: Facts = { ...others, ...(version !== undefined && version !== '' && { version }) };
  return isSaid
    ? { facts: told, ...(facts['hostname'] === undefined && { isAside: true as const }) }
    : undefined;
}
