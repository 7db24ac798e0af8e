/**
 * What is asked of a web server besides its first page: the picture by which others index it, the page that it sends to on
 * the same host, and whether it speaks HTTP/2.
 *
 * @module
 */

import type { Asked, Facts, Further, Parsed } from '../../contract.ts';
import { murmur3 } from '../../digest.ts';
import { furtherHttp2 } from './http2.ts';
import { readMessage } from './message.ts';
import { get } from './request.ts';

/** All of it. `parse` reads a page. */
export function furtherOf(
  facts: Facts,
  asked: Asked,
  parse: (bytes: Uint8Array) => Parsed | undefined,
): readonly Further[] {
  const path = pathOnSameHost(`${facts['redirect'] ?? ''}`, asked);
  const followed: Further = {
    name: 'redirect',
    cost: 8,
    bytes: ({ host, port }) => get(path ?? '/', host, port),
    isWhole: (heard) => readMessage(heard)?.isWhole === true,
    read: (heard) => {
      const { title, application } = parse(heard)?.facts ?? {};
      return { ...(title && { redirectTitle: title }), ...(application && { application }) };
    },
  };
  return [...(path === undefined ? [] : [followed]), favicon, ...furtherHttp2];
}

/**
 * The hash of `/favicon.ico` that search engines of devices keep (`http.favicon.hash`): MurmurHash3 of its base64 in lines,
 * so that it can be looked up there; a digest of our own could not.
 */
const favicon: Further = {
  name: 'favicon',
  cost: 8,
  bytes: ({ host, port }) => get('/favicon.ico', host, port),
  mostBytes: 1 << 15,
  isWhole: (heard) => readMessage(heard)?.isWhole === true,
  read: (heard) => {
    const { status, headers, body, isWhole } = readMessage(heard) ?? {};
    if (status !== '200' || body === undefined || body.length === 0) return undefined;
    // What is cut off has another hash, and a page that says so is no picture.
    if (headers?.get('content-type')?.startsWith('text/') === true) return undefined;
    const isCut = isWhole !== true && (headers?.has('content-length') === true || heard.length >= 1 << 15);
    return isCut ? undefined : { favicon: `${faviconHash(body)}` };
  },
};

/** As Python's `base64.encodebytes` has it, whose lines the first of those engines hashed. */
export function faviconHash(picture: Uint8Array): number {
  const lines = Buffer.from(picture)
    .toString('base64')
    .replaceAll(/.{1,76}/g, '$&\n');
  return murmur3(Buffer.from(lines));
}

/** Where a redirect leads, if to the same host and port; not where going might do something. */
function pathOnSameHost(redirect: string, { host, port }: Asked): string | undefined {
  const [, scheme, authority, path = '/'] =
    /^(?:(https?):\/\/([^/]{1,120}))?(\/[!-~]{0,200})?$/.exec(redirect) ?? [];
  const usual = scheme === 'https' ? 443 : 80;
  const isSame =
    authority === undefined || authority === `${host}:${port}` || (authority === host && port === usual);
  if (redirect === '' || !isSame || path === '/' || path.startsWith('//')) return undefined;
  return /log-?out|sign-?out|log-?off|reboot|restart|shutdown|reset|delete|remove/i.test(path)
    ? undefined
    : path;
}
