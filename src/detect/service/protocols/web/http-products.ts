/**
 * Web servers by what they say of themselves.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';

/** By the Server field first: its first product is the server's own (RFC 9110, 10.2.4). */
export const httpProducts: readonly ProductRule[] = [
  server(/^nginx(?:\/([\w.]+))?(?: \(([^()]*)\))?/, 'nginx', 'a:f5:nginx', '$2'),
  server(/^openresty(?:\/([\w.]+))?/, 'OpenResty web app server', 'a:openresty:openresty'),
  server(/^Apache(?:\/([\w.]+))?(?: \(([^()]*)\))?/, 'Apache httpd', 'a:apache:http_server', '$2'),
  server(/^Apache-Coyote\/([\w.]+)/, 'Apache Tomcat/Coyote JSP engine', 'a:apache:coyote_http_connector'),
  server(/^lighttpd(?:\/([\w.-]+))?/, 'lighttpd', 'a:lighttpd:lighttpd'),
  {
    ...server(/^Microsoft-IIS\/([\d.]+)/, 'Microsoft IIS httpd', 'a:microsoft:internet_information_services'),
    os: 'Windows',
  },
  {
    ...server(/^Microsoft-HTTPAPI\/([\d.]+)/, 'Microsoft HTTPAPI httpd'),
    os: 'Windows',
  },
  server(/^Caddy(?:\/([\w.]+))?/, 'Caddy httpd', 'a:caddyserver:caddy'),
  server(/^squid(?:\/([\w.-]+))?/i, 'Squid http proxy', 'a:squid-cache:squid'),
  server(/^CUPS(?:\/([\w.]+))?/, 'CUPS', 'a:apple:cups'),
  server(/^Jetty\(([\w.-]+)\)/, 'Jetty', 'a:eclipse:jetty'),
  server(/^gunicorn(?:\/([\w.]+))?/, 'Gunicorn', 'a:gunicorn:gunicorn'),
  server(/^uvicorn/, 'Uvicorn'),
  server(
    /^Werkzeug\/([\w.]+)(?: Python\/([\w.]+))?/,
    'Werkzeug httpd',
    'a:palletsprojects:werkzeug',
    'Python $2',
  ),
  server(/^SimpleHTTP\/([\d.]+)(?: Python\/([\w.]+))?/, 'SimpleHTTPServer', undefined, 'Python $2'),
  server(/^BaseHTTP\/([\d.]+)(?: Python\/([\w.]+))?/, 'BaseHTTPServer', undefined, 'Python $2'),
  server(/^TornadoServer\/([\w.]+)/, 'Tornado httpd', 'a:tornadoweb:tornado'),
  server(/^WEBrick\/([\w.]+)/, 'WEBrick httpd', 'a:ruby-lang:webrick'),
  server(/^mini_httpd\/([\w.]+)/, 'mini_httpd', 'a:acme:mini_httpd'),
  server(/^thttpd\/([\w.]+)/, 'thttpd', 'a:acme:thttpd'),
  server(/^Icecast ([\w.-]+)/, 'Icecast streaming media server', 'a:xiph:icecast'),
  server(/^Varnish/, 'Varnish http accelerator', 'a:varnish-software:varnish_cache'),
  server(/^GoAhead-Webs/, 'GoAhead WebServer', 'a:embedthis:goahead'),
  server(/^MiniServ\/([\w.]+)/, 'MiniServ', 'a:webmin:webmin'),
  server(/^h2o(?:\/([\w.-]+))?/, 'h2o', 'a:dena:h2o'),
  server(/^envoy$/, 'Envoy', 'a:envoyproxy:envoy'),
  // Whatever else names itself as a product with a version does so as RFC 9110, 10.1.5 has it.
  server(/^([A-Za-z][\w!#$%&'*+.^`|~-]{1,63})\/(\d[\w.+~-]{0,31})(?: |$)/, '$1', undefined, undefined, '$2'),
  server(/^([A-Za-z][\w .-]{1,63})$/, '$1', undefined, undefined, '$2'),
  { when: { poweredBy: /^Express$/ }, product: 'Node.js Express framework', cpe: 'a:openjsf:express' },
];

function server(
  expression: RegExp,
  product: string,
  cpe?: string,
  info?: string,
  version = '$1',
): ProductRule {
  return {
    when: { server: expression },
    product,
    version,
    ...(cpe !== undefined && { cpe }),
    ...(info !== undefined && { info }),
  };
}
