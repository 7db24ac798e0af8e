/**
 * Zabbix ("Header and data length" and "Passive checks" in its manual): an agent is asked for its version, a server or
 * proxy is sent a list of values with none in it.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le32 } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, textOf } from '../../text.ts';

/** What runs on each host. It answers those whom it was told to answer, and hangs up on others. */
export const zabbixAgent: Protocol = {
  name: 'zabbix-agent',
  transport: 'tcp',
  ports: [10050],
  request: {
    cost: 6,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 1,
    bytes: () => message('agent.version'),
  },
  parse: (bytes) => parse(bytes, false),
  isWhole,
  products: [
    {
      when: { version: /^(\d[\w.]*)/ },
      product: 'Zabbix agent',
      version: '$1',
      cpe: 'a:zabbix:zabbix_agent',
    },
    { when: {}, product: 'Zabbix agent' },
  ],
};

/** What agents report to. */
export const zabbixTrapper: Protocol = {
  name: 'zabbix-trapper',
  transport: 'tcp',
  ports: [10051],
  request: { cost: 8, toStrangers: 'closes', bytes: () => message('{"request":"sender data","data":[]}') },
  parse: (bytes) => parse(bytes, true),
  isWhole,
  products: [{ when: {}, product: 'Zabbix server or proxy', cpe: 'a:zabbix:zabbix' }],
};

function parse(bytes: Uint8Array, isTrapper: boolean): Parsed | undefined {
  const text = contentOf(bytes);
  if (text === undefined || /^\{"response":"/.test(text) !== isTrapper) return undefined;
  return { facts: isTrapper ? trapperFacts(text) : agentFacts(text) };
}

function trapperFacts(text: string): Facts {
  const version = /"version":"(\d[\w.]{0,20})"/.exec(text)?.[1];
  return version === undefined ? {} : { version };
}

function agentFacts(text: string): Facts {
  return /^\d[\w.]{0,20}$/.test(text) ? { version: text } : {};
}

/** What stands behind the header, as long as it says; compressed or large ones are not read. */
function contentOf(bytes: Uint8Array): string | undefined {
  const reader = new ByteReader(bytes);
  const isZabbix = beginsWith(bytes, 'ZBXD');
  reader.take(4);
  const flags = reader.u8();
  const length = reader.u32le();
  reader.u32le();
  return isZabbix && flags === 1 && !reader.isShort && length > 0 && length === reader.left
    ? textOf(reader.take(length))
    : undefined;
}

function isWhole(bytes: Uint8Array): boolean {
  return contentOf(bytes) !== undefined;
}

function message(text: string): Uint8Array {
  return bytesFrom('ZBXD', 1, le32(text.length), le32(0), bytesOf(text));
}
