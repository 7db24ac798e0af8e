/** What web servers, applications and devices say by their documents and by the RFCs. */

import { latin1, type Sample } from '../../sample.laws.ts';

/** Answers of the web that nobody here has heard. */
export const describedWebSamples: readonly Sample[] = [
  // no fields at all.
  { protocol: 'http', bytes: latin1('HTTP/1.1 400 Bad Request\r\n\r\n') },
  // line feeds alone.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.0 401 Unauthorized\nWWW-Authenticate: Basic realm="Secret place"\nServer: Thing/2.4-beta x\n\n',
    ),
    facts: { realm: 'Secret place' },
    product: 'Thing',
    version: '2.4-beta',
  },
  // HTTP/0.9.
  {
    protocol: 'http',
    bytes: latin1('<html><head><title>old\n page</title></head></html>'),
    facts: { version: '0.9', title: 'old page' },
  },
  // a name that is none.
  { protocol: 'http', bytes: latin1('HTTP/1.1 200 OK\r\nServer: Web Server\r\n\r\n') },
  // an interim answer first (RFC 9110, 15.2).
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n'),
    facts: { status: '200' },
    product: 'nginx',
  },
  // something before it.
  {
    protocol: 'http',
    bytes: latin1('ready\r\nHTTP/1.1 200 OK\r\nServer: nginx/1.25.3\r\n\r\n'),
    product: 'nginx',
    version: '1.25.3',
  },
  // Elasticsearch's reference, "Info API".
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\n  "name" : "instance-0000000000",\n  "cluster_name" : "my_test_cluster",\n  "cluster_uuid" : "5QaxoN0pRZuOmWSxstBBwQ",\n  "version" : {\n    "number" : "8.3.1",\n    "build_flavor" : "default"\n  },\n  "tagline" : "You Know, for Search"\n}\n',
    ),
    facts: { application: 'Elasticsearch 8.3.1' },
    product: 'Elasticsearch',
    version: '8.3.1',
    cpe: ['cpe:/a:elastic:elasticsearch:8.3.1'],
  },
  // OpenSearch's documentation.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\n\r\n{"name":"n","version":{"distribution":"opensearch","number":"2.11.0"},"tagline":"The OpenSearch Project: https://opensearch.org/"}',
    ),
    product: 'OpenSearch',
    version: '2.11.0',
  },
  // CouchDB's reference, "/".
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: CouchDB/3.3.2 (Erlang OTP/24)\r\n\r\n{"couchdb":"Welcome","version":"3.3.2","vendor":{"name":"The Apache Software Foundation"}}',
    ),
    product: 'CouchDB httpd',
    version: '3.3.2',
    info: 'Erlang OTP/24',
  },
  // Kubernetes' documentation, anonymous requests.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 403 Forbidden\r\nAudit-Id: 1\r\nContent-Type: application/json\r\n\r\n{\n  "kind": "Status",\n  "apiVersion": "v1",\n  "metadata": {},\n  "status": "Failure",\n  "message": "forbidden: User \\"system:anonymous\\" cannot get path \\"/\\"",\n  "reason": "Forbidden",\n  "code": 403\n}',
    ),
    product: 'Kubernetes API server',
  },
  // Docker's API reference.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 404 Not Found\r\nApi-Version: 1.43\r\nContent-Type: application/json\r\nDocker-Experimental: false\r\nOstype: linux\r\nServer: Docker/24.0.5 (linux)\r\n\r\n{"message":"page not found"}\n',
    ),
    product: 'Docker',
    version: '24.0.5',
    info: 'API',
  },
  // Grafana's redirect to its login.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 302 Found\r\nCache-Control: no-store\r\nLocation: /login\r\nSet-Cookie: redirect_to=%2F; Path=/; HttpOnly; SameSite=Lax\r\n\r\n<a href="/login">Found</a>.\n\n',
    ),
    facts: { cookies: ['redirect_to'], redirect: '/login' },
    product: 'Grafana',
  },
  // Jenkins' documentation, remote access.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 403 Forbidden\r\nX-Jenkins: 2.426.1\r\nServer: Jetty(10.0.18)\r\n\r\n'),
    facts: { application: 'Jenkins 2.426.1' },
    product: 'Jetty',
    version: '10.0.18',
  },
  // Gitea before 1.21.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nSet-Cookie: i_like_gitea=x; Path=/\r\nSet-Cookie: _csrf=y\r\n\r\n<title>Gitea</title>Powered by Gitea Version: 1.20.5',
    ),
    facts: { cookies: ['i_like_gitea', '_csrf'] },
    product: 'Gitea',
    version: '1.20.5',
  },
  // RabbitMQ management.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 200 OK\r\nserver: Cowboy\r\n\r\n<title>RabbitMQ Management</title>'),
    product: 'RabbitMQ',
    info: 'management',
  },
  // WordPress behind a server that hides its version.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: Apache\r\nLink: <https://x.example/wp-json/>; rel="https://api.w.org/"\r\n\r\n<meta name="generator" content="WordPress 6.4.2" />',
    ),
    facts: { generator: 'WordPress 6.4.2', application: 'WordPress 6.4.2' },
    product: 'Apache httpd',
  },
  // MikroTik RouterOS, webfig.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\n\r\n<title>RouterOS router configuration page</title><h1>RouterOS v6.49.10</h1>',
    ),
    product: 'MikroTik router config httpd',
    version: '6.49.10',
    os: 'RouterOS',
  },
  // UPnP Device Architecture, 1.1.2.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 200 OK\r\nSERVER: Linux/4.9.0 UPnP/1.0 MiniUPnPd/2.1\r\n\r\n'),
    product: 'MiniUPnPd',
    version: '2.1',
    info: 'UPnP; Linux 4.9.0',
  },
  // AVM FRITZ!Box.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 200 OK\r\n\r\n<title>FRITZ!Box</title>'),
    product: 'AVM FRITZ!Box http config',
  },
  // SHOUTcast 1.9.
  {
    protocol: 'http',
    bytes: latin1(
      'ICY 200 OK\r\nicy-notice1:<BR>This stream requires Winamp<BR>\r\nicy-notice2:SHOUTcast Distributed Network Audio Server/Linux v1.9.8<BR>\r\n\r\n',
    ),
    name: 'shoutcast',
    product: 'SHOUTcast',
    version: '1.9.8',
  },
  // RFC 9110, 15.5.8.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n',
    ),
    name: 'http-proxy',
  },
  // HP printers.
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nServer: HP HTTP Server; HP LaserJet MFP M426fdw - F6W15A; Serial Number: X\r\n\r\n',
    ),
    product: 'HP LaserJet MFP M426fdw http config',
  },
  // nginx before a server whose field it lets through besides its own.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nServer: Apache\r\n\r\n'),
    product: 'nginx',
    version: '1.22.1',
    cpe: ['cpe:/a:f5:nginx:1.22.1'],
  },
  // Netdata 1.37, websockify 0.10, Syncthing 1.19 and the proxy of i2pd 2.45, all of Debian 12.
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 404 Not Found\r\nServer: Netdata Embedded HTTP Server v1.37.1\r\n\r\n'),
    product: 'Netdata',
    version: '1.37.1',
  },
  {
    protocol: 'http',
    bytes: latin1('HTTP/1.1 405 Method Not Allowed\r\nServer: WebSockify Python/3.11.2\r\n\r\n'),
    product: 'WebSockify',
    info: 'Python 3.11.2',
  },
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: CSRF-Token-GIO42=2Wbw7iJFCcmKDjWW6toz5CGxVXvFmQSS\r\nX-Syncthing-Version: v1.19.2-ds1\r\n\r\n',
    ),
    product: 'Syncthing',
    version: '1.19.2-ds1',
  },
  {
    protocol: 'http',
    bytes: latin1(
      'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n<html><head><title>I2Pd HTTP proxy</title></head></html>',
    ),
    name: 'http-proxy',
    product: 'i2pd',
  },
];
