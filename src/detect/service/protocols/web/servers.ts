/**
 * Web servers by what they say of themselves: the first product of the Server field is the server's own (RFC 9110,
 * 10.2.4); of several fields the first. A field that names none, because it was hidden, gives none.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';
import { by, byShape, server } from './rule.ts';

const windows = { os: 'Windows' } as const;
/** What Privoxy answers to a request that is not made to a proxy; it does not name itself. */
export const privoxyRefusal = /^Invalid header received from client\.\r?\n?$/;

/** Servers that are products of their own, whatever stands behind them. */
export const servers: readonly ProductRule[] = [
  server(/^nginx(?:\/([\w.]+))?(?: \(([^()]*)\))?(?:,? |$)/, 'nginx', 'a:f5:nginx', { info: '$2' }),
  server(/^openresty(?:\/([\w.]+))?/, 'OpenResty web app server', 'a:openresty:openresty'),
  server(/^Tengine(?:\/([\w.]+))?/, 'Tengine httpd', 'a:alibaba:tengine'),
  server(/^Angie(?:\/([\w.]+))?/, 'Angie'),
  server(/^Apache-Coyote\/([\w.]+)/, 'Apache Tomcat/Coyote JSP engine', 'a:apache:coyote_http_connector'),
  server(/^Apache Tomcat(?:\/([\w.]+))?/, 'Apache Tomcat', 'a:apache:tomcat'),
  server(/^Apache(?:\/([\w.]+))?(?: \(([^()]*)\))?(?:,? |$)/, 'Apache httpd', 'a:apache:http_server', {
    info: '$2',
  }),
  server(/^IBM_HTTP_Server(?:\/([\w.]+))?/, 'IBM httpd', 'a:ibm:http_server'),
  server(/^Oracle-HTTP-Server(?:-\w+)?(?:\/([\w.]+))?/, 'Oracle HTTP Server', 'a:oracle:http_server'),
  server(/^lighttpd(?:\/([\w.-]+))?/, 'lighttpd', 'a:lighttpd:lighttpd'),
  server(
    /^Microsoft-IIS\/([\d.]+)/,
    'Microsoft IIS httpd',
    'a:microsoft:internet_information_services',
    windows,
  ),
  server(/^Microsoft-HTTPAPI\/([\d.]+)/, 'Microsoft HTTPAPI httpd', undefined, windows),
  server(/^LiteSpeed(?:\/([\d.]+))?/, 'LiteSpeed httpd', 'a:litespeedtech:litespeed_web_server'),
  server(/^Caddy(?:\/v?([\w.]+))?/, 'Caddy httpd', 'a:caddyserver:caddy'),
  server(/^squid(?:\/([\w.-]+))?/i, 'Squid http proxy', 'a:squid-cache:squid'),
  server(/^CUPS(?:\/([\w.]+))?/, 'CUPS', 'a:apple:cups'),
  server(/^ATS(?:\/([\d.]+))?$/, 'Apache Traffic Server', 'a:apache:traffic_server'),
  server(/^tinyproxy(?:\/([\w.]+))?/, 'tinyproxy', 'a:tinyproxy_project:tinyproxy'),
  byShape({ body: privoxyRefusal }, 'Privoxy http proxy', { cpe: 'a:privoxy:privoxy' }),
  byShape({ title: /^Not Found or APT Reconfiguration required$/ }, 'Apt-Cacher NG httpd', {
    cpe: 'a:apt-cacher-ng_project:apt-cacher-ng',
  }),
  server(/^ZNC (\d[\d.]*)/, 'ZNC IRC bouncer', 'a:znc:znc'),
  server(/^nghttpd nghttp2\/(\d[\w.]*)/, 'nghttpd', 'a:nghttp2:nghttp2'),
  server(/^mitmproxy ([\w.]+)/, 'mitmproxy', 'a:mitmproxy:mitmproxy'),
  server(/^Jetty\(([\w.-]+)\)/, 'Jetty', 'a:eclipse:jetty'),
  server(/^WildFly\/([\w.]+)/, 'WildFly', 'a:redhat:wildfly'),
  server(/^JBoss-EAP\/([\w.]+)/, 'JBoss Enterprise Application Platform'),
  server(/^GlassFish Server Open Source Edition *([\w.]+)/, 'Oracle GlassFish', 'a:oracle:glassfish_server'),
  server(/^Payara Server *([\w.]+)/, 'Payara Server', 'a:payara:payara_server'),
  server(/^WebLogic(?: Server)? ([\d.]+)/, 'Oracle WebLogic Server', 'a:oracle:weblogic_server'),
  server(/^Resin\/([\w.]+)/, 'Caucho Resin', 'a:caucho:resin'),
  server(/^Zope\/\(?([\w.]+)/, 'Zope httpd', 'a:zope:zope'),
  server(/^WEBrick\/([\w.]+)/, 'WEBrick httpd', 'a:ruby-lang:webrick'),
  server(/^(?:puma|Puma) ([\w.]+)/, 'Puma httpd', 'a:puma:puma'),
  server(/^thin ([\w.]+)/, 'Thin httpd'),
  server(/^Phusion Passenger(?:\(R\))? ([\w.]+)/, 'Phusion Passenger', 'a:phusion:passenger'),
  server(/^mini_httpd\/([\w.]+)/, 'mini_httpd', 'a:acme:mini_httpd'),
  server(/^micro_httpd(?:\/([\w.]+))?$/, 'micro_httpd', 'a:acme:micro_httpd'),
  server(/^thttpd(?:\/([\w.]+))?/, 'thttpd', 'a:acme:thttpd'),
  server(/^sthttpd\/([\w.]+)/, 'sthttpd'),
  server(/^Boa(?:\/([\w.]+))?/, 'Boa HTTPd', 'a:boa:boa_webserver'),
  server(/^GoAhead(?:-Webs|-http)?(?:\/([\w.]+))?/, 'GoAhead WebServer', 'a:embedthis:goahead'),
  server(/^(?:Embedthis|Mbedthis)-(?:Appweb|http)(?:\/([\w.]+))?/i, 'Appweb', 'a:embedthis:appweb'),
  server(/^Monkey(?:\/([\w.]+))?/, 'Monkey httpd', 'a:monkey-project:monkey'),
  server(/^Mongoose(?:\/([\w.]+))?/, 'Mongoose httpd', 'a:cesanta:mongoose'),
  server(/^CivetWeb(?: v?\/?([\w.]+))?/i, 'CivetWeb', 'a:civetweb_project:civetweb'),
  server(/^Hiawatha(?: v([\w.]+))?/, 'Hiawatha httpd', 'a:hiawatha-webserver:hiawatha'),
  server(/^cherokee(?:\/([\w.]+))?/i, 'Cherokee httpd', 'a:cherokee-project:cherokee'),
  server(/^Yaws(?:\/([\w.]+))?/, 'Yaws httpd'),
  server(/^darkhttpd\/([\w.]+)/, 'darkhttpd'),
  server(/^webfs\/([\w.]+)/, 'webfs', 'a:gerd_knorr:webfs'),
  server(/^OpenBSD httpd/, 'OpenBSD httpd', undefined, { os: 'OpenBSD' }),
  server(/^bozohttpd\/([\w.]+)/, 'bozohttpd', 'a:eterna:bozohttpd'),
  server(/^h2o(?:\/([\w.-]+))?/, 'h2o', 'a:dena:h2o'),
  server(/^ecstatic-([\w.]+)/, 'Ecstatic httpd'),
  server(/^(?:Allegro-Software-)?RomPager\/([\w.]+)/, 'Allegro RomPager', 'a:allegrosoft:rompager'),
  server(/^Virata-EmWeb\/R?([\w]+)/, 'Virata-EmWeb'),
  server(/^lwIP\/([\w.]+)/, 'lwIP httpd', 'a:lwip_project:lwip'),
  server(/^uc-httpd ([\w.]+)/, 'uc-httpd', undefined, { device: 'webcam' }),
  server(/^axhttpd\/([\w.]+)/, 'axhttpd'),
  server(/^Icecast(?: ([\w.-]+))?/, 'Icecast streaming media server', 'a:xiph:icecast'),
  server(/^Varnish/, 'Varnish http accelerator', 'a:varnish-software:varnish_cache'),
  server(/^(?:istio-)?envoy$/, 'Envoy', 'a:envoyproxy:envoy'),
  server(/^HAProxy(?:\/([\w.]+))?/i, 'HAProxy http proxy', 'a:haproxy:haproxy'),
  server(/^MiniServ(?:\/([\w.]+))?/, 'MiniServ', 'a:webmin:webmin', { info: 'Webmin httpd' }),
  server(/^Docker\/([\w.-]+)(?: \((\w+)\))?/, 'Docker', 'a:docker:docker', { info: 'API', os: '$2' }),
  server(/^Libpod\/([\w.-]+)/, 'Podman', 'a:podman_project:podman', { info: 'API' }),
  server(/^CouchDB\/([\w.-]+)(?: \((Erlang OTP\/[\w.]+)\))?/, 'CouchDB httpd', 'a:apache:couchdb', {
    info: '$2',
  }),
  server(/^MinIO(?:\/([\w.:-]+))?/, 'MinIO', 'a:minio:minio'),
  server(/^Splunkd/, 'Splunkd httpd', 'a:splunk:splunk'),
  server(/^Nexus\/([\w.-]+)/, 'Sonatype Nexus Repository', 'a:sonatype:nexus_repository_manager'),
  server(/^Artifactory\/([\w.-]+)/, 'JFrog Artifactory', 'a:jfrog:artifactory'),
  server(/^Synapse\/([\w.]+)/, 'Synapse', 'a:matrix:synapse', { info: 'Matrix homeserver' }),
  server(
    /^pve-api-daemon\/([\w.]+)/,
    'Proxmox Virtual Environment REST API',
    'a:proxmox:virtual_environment',
  ),
  server(/^Transmission/, 'Transmission BitTorrent management httpd', 'a:transmissionbt:transmission'),
  server(/^qBittorrent(?: v([\w.]+))?/, 'qBittorrent web UI', 'a:qbittorrent:qbittorrent'),
  server(/^Tasmota\/([\w.]+)(?:\(\w+\))?(?: \(([\w-]+)\))?/, 'Tasmota', undefined, { info: '$2' }),
  server(/^OPNsense/, 'OPNsense', 'a:opnsense:opnsense', { device: 'firewall' }),
  server(/^HP-iLO-Server\/([\w.]+)/, 'HP Integrated Lights-Out web interface', 'h:hp:integrated_lights-out', {
    device: 'remote management',
  }),
  server(/^cisco-IOS/i, 'Cisco IOS http config', undefined, { os: 'IOS', device: 'router' }),
  server(/^SonicWALL/, 'SonicWALL firewall http config', undefined, { device: 'firewall' }),
  server(/^Check Point SVN foundation/, 'Check Point SVN foundation httpd', undefined, {
    device: 'firewall',
  }),
  server(/^BIG-?IP$/i, 'F5 BIG-IP load balancer httpd', undefined, { device: 'load balancer' }),
  server(/^HP HTTP Server; ((?:HP )?[^;-]{1,60}?) - /, '$1 http config', undefined, {
    version: '',
    device: 'printer',
  }),
  server(/^HP-ChaiSOE\/([\w.]+)/, 'HP-ChaiSOE httpd', undefined, { device: 'printer' }),
  server(/^debut\/([\w.]+)/, 'Debut embedded httpd', undefined, { info: 'Brother', device: 'printer' }),
  server(/^EPSON-HTTP\/([\w.]+)/, 'Epson printer httpd', undefined, { device: 'printer' }),
  server(/^KM-MFP-http\/V?([\w.]+)/, 'Kyocera printer httpd', undefined, { device: 'printer' }),
  server(/^(?:CANON|Canon) (?:HTTP|Http) Server(?: ([\w.]+))?/, 'Canon printer web interface', undefined, {
    device: 'printer',
  }),
  server(/^Xerox_MicroServer\/Xerox(\d)/, 'Xerox printer httpd', undefined, {
    version: '',
    device: 'printer',
  }),
  server(/^Lexmark_Web_Server/, 'Lexmark printer httpd', undefined, { device: 'printer' }),
  server(/^(?:Hikvision|DNVRS|DVRDVS|App)-[Ww]ebs\/?$/, 'Hikvision camera httpd', undefined, {
    device: 'webcam',
  }),
  // What describes itself by UPnP names its system first, then UPnP, then itself (UPnP Device Architecture, 1.1.2).
  server(
    /^([^/,]{1,40})(?:\/([\w.+~-]{1,40}))?,? +UPnP\/\d\.\d,? +([^/]{1,60})\/v?([\w.+~-]{1,40})/i,
    '$3',
    undefined,
    { version: '$4', info: 'UPnP; $1 $2' },
  ),
  // Between server and client: what it forwards names the server behind it.
  byShape(
    {
      body: /^<html><body><h1>\d{3} [A-Za-z -]{1,40}<\/h1>\n(?:Your browser (?:sent an invalid request|didn't send a complete request in time)|Request forbidden by administrative rules|No server is available to handle this request|The server (?:didn't respond in time|returned an invalid or incomplete response))\.\n/,
    },
    'HAProxy http proxy',
    { cpe: 'a:haproxy:haproxy' },
  ),
];

/** What programs are built with, and what names itself in the usual form; whoever knows the program says more. */
export const frameworks: readonly ProductRule[] = [
  server(/^gunicorn(?:\/([\w.]+))?/, 'Gunicorn', 'a:gunicorn:gunicorn'),
  server(/^uvicorn/, 'Uvicorn', 'a:encode:uvicorn', { version: '' }),
  server(/^hypercorn-h\d/, 'Hypercorn', undefined, { version: '' }),
  server(/^daphne/i, 'Daphne', undefined, { version: '' }),
  server(/^waitress/, 'Waitress', 'a:agendaless:waitress', { version: '' }),
  server(/^Werkzeug\/([\w.]+)(?: Python\/([\w.]+))?/, 'Werkzeug httpd', 'a:palletsprojects:werkzeug', {
    info: 'Python $2',
  }),
  server(/^SimpleHTTP\/([\d.]+)(?: Python\/([\w.]+))?/, 'SimpleHTTPServer', undefined, {
    info: 'Python $2',
  }),
  server(/^BaseHTTP\/([\d.]+)(?: Python\/([\w.]+))?/, 'BaseHTTPServer', undefined, { info: 'Python $2' }),
  server(/^WSGIServer\/([\d.]+)(?: C?Python\/([\w.]+))?/, 'WSGIServer', undefined, { info: 'Python $2' }),
  server(/^Python\/([\w.]+) aiohttp\/([\w.]+)/, 'aiohttp', 'a:aio-libs_project:aiohttp', {
    version: '$2',
    info: 'Python $1',
  }),
  server(/^TornadoServer\/([\w.]+)/, 'Tornado httpd', 'a:tornadoweb:tornado'),
  server(/^TwistedWeb\/([\w.]+)/, 'TwistedWeb httpd', 'a:twistedmatrix:twisted'),
  server(/^(?:CherryPy|Cheroot)\/([\w.]+)/, 'CherryPy wsgiserver', 'a:cherrypy:cherrypy'),
  server(/^MochiWeb\/([\w.]+)/, 'MochiWeb Erlang HTTP library'),
  server(/^Cowboy$/i, 'Cowboy httpd', 'a:ninenines:cowboy', { version: '' }),
  server(/^Kestrel/, 'Microsoft Kestrel httpd', 'a:microsoft:kestrel', { version: '' }),
  server(/^akka-http\/([\w.]+)/, 'akka-http'),
  server(/^Restlet-Framework\/([\w.]+)/, 'Restlet Framework'),
  by('poweredBy', /^Undertow\/?([\w.]*)/, 'Undertow', { version: '$1', cpe: 'a:redhat:undertow' }),
  server(/^Netdata Embedded HTTP Server(?: v?(\d[\w.]*))?/, 'Netdata', 'a:netdata:netdata'),
  server(/^WebSockify Python\/([\w.]+)/, 'WebSockify', 'a:novnc:websockify', {
    version: '',
    info: 'Python $1',
  }),
  // Whatever else names itself as a product with a version does so as RFC 9110, 10.1.5 has it; a version that others
  // have as well (of the language, of a gateway) is none of its own.
  server(
    /^(?!(?:PHP|OpenSSL|Python|Linux|Unix|HTTP|HTTPS|TLS|UPnP|mod_\w+)\/)([A-Za-z][\w!#$%&'*+.^`|~-]{1,63})\/v?(\d[\w.+~-]{0,31})(?:[ ,;]|$)/i,
    '$1',
    undefined,
    { version: '$2' },
  ),
  server(
    /^(?!(?:(?:web|http|https|www|application|unknown|hidden|none|null|undefined|private|secure|protected|internal|the|server|httpd)[ _-]?){1,3}$)([A-Za-z][\w .-]{1,63})$/i,
    '$1',
    undefined,
    { version: '' },
  ),
  by('poweredBy', /^Express$/, 'Node.js Express framework', { cpe: 'a:openjsf:express' }),
  by('poweredBy', /^Next\.js ?([\d.]*)/, 'Next.js', { version: '$1', cpe: 'a:vercel:next.js' }),
  byShape(
    { body: /^404 page not found\n$/, 'content-type': /^text\/plain; charset=utf-8$/ },
    'Golang net/http server',
    {
      cpe: 'a:golang:go',
    },
  ),
  // Neither length nor kind of a page, but until when it holds, and nothing else.
  byShape(
    { status: /^404$/, fields: /^date content-length expires cache-control(?: connection)?$/ },
    'aria2 downloader',
    { cpe: 'a:aria2_project:aria2' },
  ),
];
