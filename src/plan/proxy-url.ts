/** The URLs of proxies. @module */

/** Whether a text is a URL of a proxy that connections can be made through. */
export function isProxy(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && protocols.includes(url.protocol) && url.hostname !== '';
}

const protocols = ['socks4:', 'socks5:', 'http:'];
