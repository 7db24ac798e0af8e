/**
 * Texts of elements in XML that a device tells of itself, as far as it is well-formed and no longer than it may be. No
 * document type is read, so that there are no entities but XML's own five, and nothing is ever fetched.
 *
 * @module
 */

import { SaxesParser } from 'saxes';

/** An element that holds text: its name without prefix, and the names of those around it, the outermost first. */
export interface TextElement {
  readonly name: string;
  readonly text: string;
  readonly within: readonly string[];
}

/** The elements with text in their order, up to the first fault, or to a document type. */
export function textElements(document: string, most = mostElements): readonly TextElement[] {
  const parser = new SaxesParser();
  const found: TextElement[] = [];
  const open: string[] = [];
  let text = '';
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  parser.on('error', end);
  parser.on('doctype', end);
  parser.on('opentagstart', ({ name }) => {
    if (isOver) return;
    if (open.length === mostDepth) isOver = true;
    open.push(localName(name));
    text = '';
  });
  const take = (more: string) => {
    if (!isOver && text.length < mostText) text += more.slice(0, mostText - text.length);
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    const name = open.pop();
    if (isOver || name === undefined) return;
    if (text.trim() !== '') found.push({ name, text: text.trim(), within: [...open] });
    if (found.length === most) isOver = true;
    text = '';
  });
  // In pieces: what comes after a fault need not be read.
  for (let at = 0; at < Math.min(document.length, mostCharacters) && !isOver; at += pieceCharacters)
    parser.write(document.slice(at, Math.min(at + pieceCharacters, mostCharacters)));
  return found;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const mostElements = 512;
const mostDepth = 64;
const mostText = 1024;
const mostCharacters = 1 << 20;
const pieceCharacters = 4096;
