/**
 * Plain pieces of XML, read where they lie: elements, attributes between double quotation marks, printable ASCII. A large file
 * is made of these, and most of its tags stand in it many times: each is taken apart once. Whatever else XML allows is left to
 * the careful parser.
 *
 * @module
 */

/** Attributes of an element. */
export type Attributes = Readonly<Record<string, string>>;

/** An element's beginning. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  /** What a reader made of its attributes: elements that stand in a file many times are read once. */
  meaning: unknown;
}

/** What hears of elements; `false`: it cannot use what it was given. */
export type OnElement = (element: XmlElement, path: readonly string[]) => boolean;

/** Reads blocks: elements with all that is in them. */
export class XmlBlocks {
  /** How many lines end in the block that was read last. */
  lines = 0;
  readonly #path: string[] = [];
  readonly #tags: (Tag | undefined)[] = new Array<Tag | undefined>(slots).fill(undefined);
  /** The bytes of the tags that are known. */
  readonly #kept = new Uint8Array(keptBytes);
  readonly #keptView = new DataView(this.#kept.buffer);
  #keptLength = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);

  /**
   * Reads the element that fills `start` to `end`, which lies within `outer`. False: it has to be read carefully; what was told
   * of it is void then.
   */
  read(bytes: Uint8Array, start: number, end: number, outer: string, onElement: OnElement): boolean {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const path = this.#path;
    path.length = 1;
    path[0] = outer;
    this.lines = 0;
    for (let at = start; ; ) {
      const tag = bytes[at] === lessThan ? this.#tagAt(at, end) : undefined;
      if (tag === undefined) return false;
      at += tag.length;
      if (!tag.isEnd) {
        path.push(tag.name);
        if (path.length > mostDepth || !onElement(tag, path)) return false;
      }
      if ((tag.isEnd || tag.isEmpty) && path.pop() !== tag.name) return false;
      if (path.length === 1) return at === end;
      at = this.#text(bytes, at, end);
      if (at < 0) return false;
    }
  }

  /** Where text ends that needs no second look; -1: it does. */
  #text(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === lessThan) return at;
      if (byte === newline) this.lines++;
      else if (kinds[byte] !== plain) return -1;
    }
    return -1;
  }

  /** The tag at `start`: one that is known, or what comes of its text. */
  #tagAt(start: number, end: number): Tag | undefined {
    const [bytes, view] = [this.#bytes, this.#view];
    let at = start;
    let hash = 0;
    // Four bytes at once, as long as none of them ends the tag.
    for (; at + 4 <= end; at += 4) {
      const word = view.getUint32(at);
      const marked = word ^ fourGreater;
      if (((marked - 0x0101_0101) & ~marked & 0x8080_8080) !== 0) break;
      hash = Math.imul(hash ^ word, multiplier);
      hash ^= hash >>> 15;
    }
    for (; bytes[at] !== greaterThan; at++) {
      if (at >= end) return undefined;
      hash = Math.imul(hash ^ (bytes[at] as number), multiplier);
    }
    const length = at + 1 - start;
    const slot = (hash ^ (hash >>> 16)) & (slots - 1);
    const known = this.#tags[slot];
    if (known !== undefined && known.length === length && this.#isAt(known, start)) return known;
    return this.#learn(slot, start, length);
  }

  #isAt({ keptAt, length }: Tag, start: number): boolean {
    const [view, kept] = [this.#view, this.#keptView];
    let i = 0;
    for (; i + 4 <= length; i += 4)
      if (view.getUint32(start + i) !== kept.getUint32(keptAt + i)) return false;
    for (; i < length; i++) if (this.#bytes[start + i] !== this.#kept[keptAt + i]) return false;
    return true;
  }

  #learn(slot: number, start: number, length: number): Tag | undefined {
    if (length > mostTagBytes) return undefined;
    if (this.#keptLength + length > keptBytes) {
      this.#tags.fill(undefined);
      this.#keptLength = 0;
    }
    const bytes = this.#bytes.subarray(start, start + length);
    for (let i = 1; i < length; i++) if (kinds[bytes[i] as number] === odd) return undefined;
    const tag = tagOf(latin1.decode(bytes), this.#keptLength);
    this.#kept.set(bytes, this.#keptLength);
    this.#keptLength += length;
    this.#tags[slot] = tag;
    return tag;
  }
}

/** A tag from `<` to `>`. */
interface Tag extends XmlElement {
  /** How long it is, and where its bytes are kept. */
  readonly length: number;
  readonly keptAt: number;
  /** `</name>` */
  readonly isEnd: boolean;
  /** `<name/>` */
  readonly isEmpty: boolean;
}

/** undefined: it is none of the plain ones. */
function tagOf(text: string, keptAt: number): Tag | undefined {
  const isEnd = text.charCodeAt(1) === slash;
  const isEmpty = text.charCodeAt(text.length - 2) === slash;
  const last = text.length - (isEmpty ? 2 : 1);
  const space = text.indexOf(' ');
  const name = text.slice(isEnd ? 2 : 1, space < 0 ? last : space);
  if ((isEnd && (isEmpty || space >= 0)) || !isName(name)) return undefined;
  const attributes: Record<string, string> = {};
  for (let at = space; at >= 0 && at < last; ) {
    const equals = text.indexOf('="', at);
    const quote = text.indexOf('"', equals + 2);
    if (text.charCodeAt(at) !== blank || equals < 0 || quote < 0) return undefined;
    const key = text.slice(at + 1, equals);
    if (!isName(key) || Object.hasOwn(attributes, key)) return undefined;
    const value = unescaped(text.slice(equals + 2, quote));
    if (value === undefined) return undefined;
    attributes[key] = value;
    at = quote + 1;
  }
  return { name, attributes, meaning: undefined, length: text.length, keptAt, isEnd, isEmpty };
}

/** Names of elements and attributes; those that scripts make up are the careful parser's. */
function isName(text: string): boolean {
  if (names.has(text)) return true;
  if (names.size >= mostNames || !/^[a-z][a-z\d_.-]{0,63}$/i.test(text)) return false;
  names.add(text);
  return true;
}

/** The text without the five entities that XML has; undefined: there are others. */
function unescaped(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isPlain = true;
  const plainText = text.replaceAll(/&([^;&]{0,8});?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? (entities[name] ?? characterOf(name)) : undefined;
    isPlain &&= character !== undefined;
    return character ?? '';
  });
  return isPlain ? plainText : undefined;
}

/** A reference by number, of those that every text may hold. */
function characterOf(name: string): string | undefined {
  const match = /^#(?:x([\da-f]{1,4})|(\d{1,5}))$/i.exec(name);
  if (match === null || name.startsWith('#X')) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  const isText = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code < 0xd800);
  return isText ? String.fromCharCode(code) : undefined;
}

const entities: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
});
const names = new Set<string>();
const mostNames = 1000;
const slots = 8192;
const keptBytes = 2 ** 20;
const mostTagBytes = 2 ** 16;
const mostDepth = 256;
const latin1 = new TextDecoder('latin1');
const newline = 0x0a;
const blank = 0x20;
const slash = 0x2f;
const lessThan = 0x3c;
const greaterThan = 0x3e;
const fourGreater = 0x3e3e_3e3e;
/** Odd, its bits well mixed: of no other worth. */
const multiplier = 0x9e37_79b1;
/** What a byte may be part of: `plain` of text and tags, `inTags` of tags alone, `odd` of neither. */
const [odd, plain, inTags] = [0, 1, 2];
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte < 0x20 || byte > 0x7e || character === '<') return odd;
  // An ampersand has to be looked at, and so has the end of a section that was not begun.
  return character === '&' || character === ']' ? inTags : plain;
});
