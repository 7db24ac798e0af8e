/**
 * NetBIOS over TCP: the names that a node has (RFC 1002, 4.2.18), by which Windows and Samba are known.
 *
 * @module
 */

import { macText } from '../../../../wire/address-text.ts';
import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';
import { recordTypes } from './dns-message.ts';

/** Names of a node, and its hardware address. */
export const netbiosNames: DatagramProtocol = {
  name: 'netbios-ns',
  transport: 'udp',
  ports: [137],
  request: { cost: 8, bytes: questionOf('netbios-ns') },
  parse,
  products: [
    // It has no hardware address to tell: others tell theirs.
    {
      when: { mac: /^00:00:00:00:00:00$/ },
      product: 'Samba nmbd netbios-ns',
      cpe: 'a:samba:samba',
      confidence: 7,
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  reader.u16();
  const flags = reader.u16();
  const [questions, answers] = [reader.u16(), reader.u16()];
  reader.u32();
  const isResponse = (flags & 0xf80f) === 0x8000 && questions === 0 && answers === 1;
  const nameBytes = reader.take(34);
  const [type, kind] = [reader.u16(), reader.u16()];
  reader.u32();
  reader.u16();
  if (!isResponse || nameBytes[0] !== 32 || type !== recordTypes.nbstat || kind !== internet)
    return undefined;
  const count = reader.u8();
  const names: NodeName[] = [];
  for (let i = 0; i < Math.min(count, mostNames); i++) {
    const name = textOf(reader.take(15)).trimEnd();
    const suffix = reader.u8();
    const isGroup = (reader.u16() & 0x8000) !== 0;
    if (reader.isShort) return undefined;
    names.push({ name, suffix, isGroup });
  }
  const unit = reader.take(6);
  const find = (suffix: number, isGroup: boolean) =>
    names.find((one) => one.suffix === suffix && one.isGroup === isGroup)?.name;
  const [hostname, workgroup] = [find(0, false), find(0, true)];
  return {
    facts: {
      ...(hostname !== undefined && { hostname }),
      ...(workgroup !== undefined && { info: `workgroup: ${workgroup}`, workgroup }),
      names: names.map(
        ({ name, suffix, isGroup }) =>
          `${name}<${suffix.toString(16).padStart(2, '0')}>${isGroup ? ' group' : ''}`,
      ),
      ...(unit.length === 6 && { mac: macText(unit) }),
    },
  };
}

interface NodeName {
  readonly name: string;
  /** What the name stands for: 0 the workstation or its group, 0x20 the server of files. */
  readonly suffix: number;
  readonly isGroup: boolean;
}

const internet = 1;
const mostNames = 32;
