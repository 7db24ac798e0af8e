/** What web servers have answered to a request for `/`, each with where it comes from. @module */

import { base64, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const webSamples: readonly Sample[] = [
  // Debian 12's packages on loopback.
  // nginx 1.22.1.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 01 Dec 2026 04:45:28 GMT\r\nContent-Type: text/html\r\nContent-Length: 38\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nConnection: close\r\nETag: "6b0e50d0-26"\r\nAccept-Ranges: bytes\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    facts: { title: 'Hello lab', status: '200' },
    product: 'nginx',
    version: '1.22.1',
    cpe: ['cpe:/a:f5:nginx:1.22.1'],
  },
  // nginx, server_tokens off.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 301 Moved Permanently\r\nServer: nginx\r\nDate: Tue, 01 Dec 2026 04:45:28 GMT\r\nContent-Type: text/html\r\nContent-Length: 162\r\nConnection: close\r\nLocation: https://elsewhere.example/\r\n\r\n<html>\r\n<head><title>301 Moved Permanently</title></head>\r\n<body>\r\n<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
    ),
    facts: { redirect: 'https://elsewhere.example/' },
    product: 'nginx',
    cpe: ['cpe:/a:f5:nginx'],
  },
  // nginx, a port with TLS.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nDate: Tue, 01 Dec 2026 04:45:28 GMT\r\nContent-Type: text/html\r\nContent-Length: 255\r\nConnection: close\r\n\r\n<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
    ),
    facts: { title: '400 The plain HTTP request was sent to HTTPS port' },
    product: 'nginx',
    version: '1.22.1',
  },
  // apache2 2.4.71.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nDate: Tue, 01 Dec 2026 04:45:31 GMT\r\nServer: Apache/2.4.71 (Debian) OpenSSL/3.0.19\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, close\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nETag: "26-6618b30a4358e"\r\nAccept-Ranges: bytes\r\nContent-Length: 38\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'Apache httpd',
    version: '2.4.71',
    info: 'Debian',
    cpe: ['cpe:/a:apache:http_server:2.4.71'],
  },
  // lighttpd 1.4.69.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 38\r\nAccept-Ranges: bytes\r\nConnection: close\r\nDate: Tue, 01 Dec 2026 04:45:34 GMT\r\nServer: lighttpd/1.4.69\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'lighttpd',
    version: '1.4.69',
  },
  // caddy 2.6.2.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nServer: Caddy\r\nDate: Tue, 01 Dec 2026 04:45:37 GMT\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi',
    ),
    product: 'Caddy httpd',
  },
  // caddy, its administration: Go's own words.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nDate: Tue, 01 Dec 2026 04:45:35 GMT\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n',
    ),
    product: 'Golang net/http server',
  },
  // caddy, a port with TLS.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
    facts: { status: '400' },
  },
  // varnish 7.1.1 before nginx.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 01 Dec 2026 04:45:38 GMT\r\nContent-Type: text/html\r\nContent-Length: 38\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nETag: "6b0e50d0-26"\r\nX-Varnish: 2\r\nAge: 0\r\nVia: 1.1 varnish (Varnish/7.1)\r\nAccept-Ranges: bytes\r\nConnection: close\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    facts: { via: '1.1 varnish (Varnish/7.1)' },
    product: 'nginx',
    version: '1.22.1',
  },
  // varnish 7.1.1 alone.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 503 Backend fetch failed\r\nDate: Tue, 01 Dec 2026 04:45:40 GMT\r\nServer: Varnish\r\nContent-Type: text/html; charset=utf-8\r\nRetry-After: 5\r\nX-Varnish: 2\r\nAge: 0\r\nVia: 1.1 varnish (Varnish/7.1)\r\nContent-Length: 278\r\nConnection: close\r\n\r\n<!DOCTYPE html>\n<html>\n  <head>\n    <title>503 Backend fetch failed</title>\n  </head>\n  <body>\n    <h1>Error 503 Backend fetch failed</h1>\n    <p>Backend fetch failed</p>\n    <h3>Guru Meditation:</h3>\n    <p>XID: 3</p>\n    <hr>\n    <p>Varnish cache server</p>',
    ),
    product: 'Varnish http accelerator',
  },
  // squid 5.7.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 400 Bad Request\r\nServer: squid/5.7\r\nMime-Version: 1.0\r\nDate: Tue, 01 Dec 2026 04:45:41 GMT\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 3210\r\nX-Squid-Error: ERR_INVALID_URL 0\r\nVary: Accept-Language\r\nContent-Language: en\r\nX-Cache: MISS from vm\r\nX-Cache-Lookup: NONE from vm:9051\r\nVia: 1.1 vm (squid/5.7)\r\nConnection: close\r\n\r\n<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n<',
    ),
    name: 'http-proxy',
    product: 'Squid http proxy',
    version: '5.7',
  },
  // haproxy 2.6.12.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 107\r\ncache-control: no-cache\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n',
    ),
    product: 'HAProxy http proxy',
  },
  // haproxy 2.6.12.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 403 Forbidden\r\ncontent-length: 93\r\ncache-control: no-cache\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n',
    ),
    product: 'HAProxy http proxy',
  },
  // mini-httpd 1.30.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 Ok\r\nServer: mini_httpd/1.30 26Oct2018\r\nDate: Tue, 01 Dec 2026 04:45:46 GMT\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 38\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nConnection: close\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'mini_httpd',
    version: '1.30',
  },
  // micro-httpd.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.0 200 Ok\r\nServer: micro_httpd\r\nDate: Tue, 01 Dec 2026 04:45:47 GMT\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 38\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nConnection: close\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'micro_httpd',
  },
  // webfs 1.21.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: webfs/1.21\r\nConnection: Close\r\nAccept-Ranges: bytes\r\nContent-Type: text/html\r\nContent-Length: 472\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\nDate: Tue, 01 Dec 2026 04:45:49 GMT\r\n\r\n<head><title>127.0.0.1:9073/</title></head>\n<body bgcolor=white text=black link=darkblue vl',
    ),
    product: 'webfs',
    version: '1.21',
  },
  // h2o 2.2.5.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nDate: Tue, 01 Dec 2026 04:45:49 GMT\r\nConnection: close\r\nContent-Length: 38\r\nServer: h2o/2.2.5\r\ncontent-type: text/html\r\nlast-modified: Tue, 01 Dec 2026 04:45:04 GMT\r\netag: "6b0e50d0-26"\r\naccept-ranges: bytes\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'h2o',
    version: '2.2.5',
  },
  // icecast2 2.4.4.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.0 200 OK\r\nServer: Icecast 2.4.4\r\nConnection: Close\r\nDate: Tue, 01 Dec 2026 04:45:50 GMT\r\nContent-Type: text/xml; charset=UTF-8\r\nCache-Control: no-cache, no-store\r\nExpires: Mon, 26 Jul 1997 05:00:00 GMT\r\nPragma: no-cache\r\nContent-Length: 1147\r\n\r\n<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    ),
    product: 'Icecast streaming media server',
    version: '2.4.4',
  },
  // prometheus 2.42.0.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 302 Found\r\nContent-Type: text/html; charset=utf-8\r\nLocation: /classic/graph\r\nDate: Tue, 01 Dec 2026 04:45:59 GMT\r\nContent-Length: 37\r\nConnection: close\r\n\r\n<a href="/classic/graph">Found</a>.\n\n',
    ),
    facts: { application: 'Prometheus' },
    product: 'Prometheus',
  },
  // prometheus-node-exporter 1.5.0.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nDate: Tue, 01 Dec 2026 04:46:01 GMT\r\nContent-Length: 150\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n<html>\n\t\t\t<head><title>Node Exporter</title></head>\n\t\t\t<body>\n\t\t\t<h1>Node Exporter</h1>\n\t\t\t<p><a href="/metrics">Metrics</a></p>\n\t\t\t</body>\n\t\t\t</html>',
    ),
    facts: { title: 'Node Exporter' },
    product: 'Prometheus Node exporter',
  },
  // influxdb 1.6.7.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nX-Influxdb-Build: OSS\r\nX-Influxdb-Version: 1.6.7~rc0\r\nDate: Tue, 01 Dec 2026 04:46:02 GMT\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n',
    ),
    facts: { application: 'InfluxDB 1.6.7~rc0' },
    product: 'InfluxDB',
    version: '1.6.7~rc0',
    cpe: ['cpe:/a:influxdata:influxdb:1.6.7%7erc0'],
  },
  // gunicorn 20.1.0.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: gunicorn\r\nDate: Tue, 01 Dec 2026 04:46:04 GMT\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n12\r\n<title>app</title>\r\n0\r\n\r\n',
    ),
    facts: { title: 'app' },
    product: 'Gunicorn',
  },
  // uvicorn 0.17.6, fields in lower case.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\ndate: Tue, 01 Dec 2026 04:46:05 GMT\r\nserver: uvicorn\r\ncontent-type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n12\r\n<title>app</title>\r\n0\r\n\r\n',
    ),
    product: 'Uvicorn',
  },
  // python3-werkzeug 2.2.2.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.0 200 OK\r\nServer: Werkzeug/2.2.2 Python/3.11.2\r\nDate: Tue, 01 Dec 2026 04:46:05 GMT\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>app</title>',
    ),
    product: 'Werkzeug httpd',
    version: '2.2.2',
    info: 'Python 3.11.2',
  },
  // python3.11 -m http.server.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\nDate: Tue, 01 Dec 2026 04:46:07 GMT\r\nContent-type: text/html\r\nContent-Length: 38\r\nLast-Modified: Tue, 01 Dec 2026 04:45:04 GMT\r\n\r\n<html><title>Hello lab</title></html>\n',
    ),
    product: 'SimpleHTTPServer',
    version: '0.6',
    info: 'Python 3.11.2',
  },
  // cups-daemon 2.4.2.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Language: en\r\nContent-Length: 342\r\nContent-Type: text/html; charset=utf-8\r\nDate: Tue, 01 Dec 2026 04:46:09 GMT\r\nAccept-Encoding: gzip, deflate, identity\r\nServer: CUPS/2.4 IPP/2.1\r\nX-Frame-Options: DENY\r\nContent-Security-Policy: frame-ancestors \'none\'\r\n\r\n<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n<HTML>\n<HEAD>\n\t<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">\n\t<TITLE>N',
    ),
    name: 'ipp',
    product: 'CUPS',
    version: '2.4',
  },
  // nginx, `return 444`, which hangs up on a request for any name.
  {
    protocol: 'http-refused',
    bytes: latin1(
      'HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nDate: Tue, 01 Dec 2026 04:45:28 GMT\r\nContent-Type: text/html\r\nContent-Length: 157\r\nConnection: close\r\n\r\n<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
    ),
    name: 'http',
    product: 'nginx',
    version: '1.22.1',
  },
  // nginx 1.22.1, HTTP/2 in plain text.
  {
    protocol: 'http2',
    bytes: base64(
      'AAASBAAAAAAAAAMAAACAAAQAAQAAAAUA////AAAECAAAAAAAf/8AAAAAAAQBAAAAAAAAagEEAAAAAYh2iapjVeWAriEuH2GW32l+lABUvlIoIAnFAN3ACuNhUxaN/1+HSXylidNNH1wCMzhslt9pfpQAVL5SKCAJxQDVxpu4BpTFo38AgypHN4v+XIwFbBIBYTn8/wCJGQha0rWDqmKjhI/SSo8AACYAAQAAAAE8aHRtbD48dGl0bGU+SGVsbG8gbGFiPC90aXRsZT48L2h0bWw+Cg==',
    ),
    facts: { version: '2', status: '200', server: 'nginx/1.22.1' },
    name: 'http',
    product: 'nginx',
    version: '1.22.1',
  },
  // lighttpd 1.4.69.
  {
    protocol: 'http2',
    bytes: base64(
      'AAAeBAAAAAAAAAMAAAAIAAQAAQAAAAYAAP//AAgAAAABAAkAAAABAAAECAAAAAAAAAMAAQAAAAQBAAAAAAAAQgEEAAAAAYhfkB110GINJj1MHIkqVkJsKOlcgmXvUoSP0kqPYZbfaX6UAFS+UiggCcUA3cAK42ypi0b/doug006U1yMBXaXcfwAAJgAAAAAAATxodG1sPjx0aXRsZT5IZWxsbyBsYWI8L3RpdGxlPjwvaHRtbD4KAAAAAAEAAAAB',
    ),
    name: 'http',
    product: 'lighttpd',
    version: '1.4.69',
  },
  // h2o 2.2.5.
  {
    protocol: 'http2',
    bytes: base64(
      'AAAMBAAAAAAAAAMAAABkAAQBAAAAAAAABAEAAAAAAABbAQQAAAABiHaHnEdgS4l2/2GW32l+lABUvlIoIAnFAN3ACuNiUxaN/1+HSXylidNNH2yW32l+lABUvlIoIAnFANXGm7gGlMWjf2KL/lyMBWwSAWE5/P9ShI/SSo8PDQIzOAAAJgABAAAAATxodG1sPjx0aXRsZT5IZWxsbyBsYWI8L3RpdGxlPjwvaHRtbD4K',
    ),
    name: 'http',
    product: 'h2o',
    version: '2.2.5',
  },
  // haproxy 2.6.12, which names nobody.
  {
    protocol: 'http2',
    bytes: base64(
      'AAAMBAAAAAAAAAgAAAABAAMAAABkAAAABAEAAAAAAAAeAQQAAAABSAM0MDNcAjkzWAhuby1jYWNoZV8JdGV4dC9odG1sAABdAAEAAAABPGh0bWw+PGJvZHk+PGgxPjQwMyBGb3JiaWRkZW48L2gxPgpSZXF1ZXN0IGZvcmJpZGRlbiBieSBhZG1pbmlzdHJhdGl2ZSBydWxlcy4KPC9ib2R5PjwvaHRtbD4K',
    ),
    facts: { status: '403' },
    name: 'http',
  },
  // apache2 2.4.71.
  {
    protocol: 'http2',
    bytes: base64(
      'AAAGBAAAAAAAAAMAAABkAAAECAAAAAAAf/8AAAAAAAQBAAAAAAAAawEEAAAAAYhslt9pfpQAVL5SKCAJxQDVxpu4BpTFo38PE47+ROLOOBejZANplt4v81KEj9JKjw8NAjM4YZbfaX6UAFS+UiggCcUA3cAK426pi0b/dpyGsZJysCXaXdCp/V8sZh1f2pqrLVu3Z2GVwLhfAAAmAAEAAAABPGh0bWw+PHRpdGxlPkhlbGxvIGxhYjwvdGl0bGU+PC9odG1sPgo=',
    ),
    name: 'http',
    product: 'Apache httpd',
    version: '2.4.71',
    info: 'Debian',
  },
  // etcd 3.4.23: settings, and nothing more.
  {
    protocol: 'http2',
    bytes: base64('AAAMBAAAAAAAAAUAAEAAAAP/////AAAABAEAAAAAAAAEAwAAAAABAAAAAQ=='),
    name: 'http',
    facts: { version: '2' },
  },
  // etcd 3.4.23.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\nAccess-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nDate: Tue, 01 Dec 2026 04:45:52 GMT\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n',
    ),
    product: 'etcd',
  },
  // Apt-Cacher NG of Debian 12, asked for its root.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 406 Usage Information\r\nConnection: close\r\n\r\n<html><head><title>Not Found or APT Reconfiguration required</title></head></html>',
    ),
    product: 'Apt-Cacher NG httpd',
    cpe: ['cpe:/a:apt-cacher-ng_project:apt-cacher-ng'],
  },
  // HAProxy of Debian 12 that wants the line of a proxy first.
  {
    protocol: 'proxy-protocol',
    name: 'http',
    bytes: latin1('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
    facts: { status: '200', proxyProtocol: 'required' },
  },
  // aria2 1.36 of Debian 12.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nDate: Tue, 01 Dec 2026 11:01:28 GMT\r\nContent-Length: 0\r\nExpires: Tue, 01 Dec 2026 11:01:28 GMT\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n',
    ),
    product: 'aria2 downloader',
  },
];
