/**
 * Histories of files: Git (its pack protocol, "Git Transport") and Subversion (its ra_svn protocol, section 2.1).
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, textOf } from '../../text.ts';

/** Git's own transport: it is asked for what is not there, and says so. */
export const git: Protocol = {
  name: 'git',
  transport: 'tcp',
  ports: [9418],
  request: {
    cost: 6,
    toStrangers: 'closes',
    hangsUp: 'reset',
    bytes: ({ host }) => packetLine(`git-upload-pack /portolan-asks\0host=${host}\0`),
  },
  parse: parseGit,
  isWhole: (bytes) => bytes.length >= 4 && bytes.length >= lengthOf(bytes),
  products: [],
};

/** Subversion's own: it greets with its versions and what it can. */
export const svn: Protocol = {
  name: 'svnserve',
  transport: 'tcp',
  ports: [3690],
  greeting: true,
  parse: parseSvn,
  isWhole: (bytes) => /\) \) $/.test(textOf(bytes)),
  products: [
    { when: { capabilities: /./ }, product: 'Subversion', cpe: 'a:apache:subversion', confidence: 7 },
  ],
};

/** A line behind its length in hexadecimal: why not, or a list of names. */
function parseGit(bytes: Uint8Array): Parsed | undefined {
  const text = textOf(bytes);
  const [, error] = /^[0-9a-f]{4}ERR ([^\n\0]{1,300})/.exec(text) ?? [];
  if (error !== undefined && lengthOf(bytes) === 8 + Buffer.byteLength(error) + trailing(text)) {
    return { facts: { error } };
  }
  const [, , capabilities = ''] =
    /^[0-9a-f]{4}([0-9a-f]{40}|[0-9a-f]{64}) [^\0\n]{1,200}\0([^\n]{0,300})/.exec(text) ?? [];
  if (capabilities === '') return undefined;
  const [, agent] = / agent=git\/(\S{1,40})/.exec(` ${capabilities}`) ?? [];
  return {
    facts: {
      capabilities: capabilities.trim().split(' ').slice(0, 24),
      ...(agent !== undefined && { agent }),
    },
  };
}

/** Whether the line ends in a line feed. */
function trailing(text: string): number {
  return text.endsWith('\n') ? 1 : 0;
}

function lengthOf(bytes: Uint8Array): number {
  const digits = textOf(bytes.subarray(0, 4));
  return /^[0-9a-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : Number.POSITIVE_INFINITY;
}

/** `( success ( 2 2 ( ) ( edit-pipeline svndiff1 … ) ) ) ` */
function parseSvn(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, '( success ( ') && !beginsWith(bytes, '( failure ( ')) return undefined;
  const text = textOf(bytes);
  const [, low = '', high = '', words = ''] =
    /^\( success \( (\d{1,3}) (\d{1,3}) \( [^()]{0,100}\) \( ([\w\- ]{0,300})\) \)/.exec(text) ?? [];
  if (low !== '') {
    const capabilities = words
      .trim()
      .split(' ')
      .filter((word) => word !== '');
    return {
      facts: {
        info: `protocol ${low === high ? low : `${low}-${high}`}`,
        capabilities: capabilities.join(' '),
      },
    };
  }
  // A failure: its number, its text behind its length.
  const [, failure] = /^\( failure \( \( \d{1,8} \d{1,4}:([^()]{1,200}?) \d{1,4}:/.exec(text) ?? [];
  return failure === undefined ? undefined : { facts: { failure } };
}

function packetLine(text: string): Uint8Array {
  return bytesOf(`${(4 + text.length).toString(16).padStart(4, '0')}${text}`);
}
