/** Servers of the web, and what stands before them. @module */

import { join } from 'node:path';
import { certificate, file, type Server } from './server.ts';

/** Servers of the web. */
export const webServers: readonly Server[] = [
  {
    package: 'caddy',
    binary: '/usr/bin/caddy',
    says: [
      { port: 24_002, name: 'http', product: /^Caddy/ },
      { port: 24_004, name: 'http', product: /^Caddy/, tls: true },
    ],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      const text = `{\n admin off\n auto_https off\n}\n:24002 {\n respond "hello"\n}\n:24004 {\n tls ${cert} ${key}\n respond "hello"\n}\n`;
      return ['/usr/bin/caddy', 'run', '--adapter', 'caddyfile', '--config', file(dir, 'Caddyfile', text)];
    },
    env: (dir) => ({ HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir }),
  },
  {
    package: 'varnish',
    binary: '/usr/sbin/varnishd',
    says: [{ port: 24_005, name: 'http', product: /Varnish/ }],
    folders: ['/var/lib/varnish'],
    start: (dir) => [
      ...['/usr/sbin/varnishd', '-F', '-j', 'none', '-a', ':24005', '-b', '127.0.0.1:1', '-n', dir],
      ...['-s', 'malloc,16m'],
    ],
  },
  {
    package: 'nginx',
    binary: '/usr/sbin/nginx',
    says: [
      { port: 24_041, name: 'http', product: /^nginx$/, tells: 'version' },
      { port: 24_042, name: 'http', product: /^nginx$/, tls: true },
    ],
    folders: ['/var/log/nginx', '/var/lib/nginx'],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      const text = `pid ${dir}/pid; error_log ${dir}/errors; events {} http { access_log off;
        server { listen 24041; location / { return 200 "<title>A page</title>"; } }
        server { listen 24042 ssl; server_tokens off; ssl_certificate ${cert}; ssl_certificate_key ${key};
          location / { return 200 "<title>A page</title>"; } } }`;
      return ['/usr/sbin/nginx', '-c', file(dir, 'conf', text), '-g', 'daemon off;'];
    },
  },
  {
    package: 'apache2-bin',
    binary: '/usr/sbin/apache2',
    says: [{ port: 24_043, name: 'http', product: /^Apache httpd$/, tells: 'version' }],
    start: (dir) => {
      const modules = ['mpm_event', 'authz_core', 'dir']
        .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
        .join('\n');
      const text = `${modules}\nServerName services.lab\nListen 24043\nPidFile ${dir}/pid\nErrorLog ${dir}/errors\nDocumentRoot ${dir}\nDefaultRuntimeDir ${dir}\n`;
      return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', file(dir, 'conf', text)];
    },
  },
  {
    package: 'lighttpd',
    binary: '/usr/sbin/lighttpd',
    says: [{ port: 24_044, name: 'http', product: /^lighttpd$/, tells: 'version' }],
    start: (dir) => [
      ...['/usr/sbin/lighttpd', '-D', '-f'],
      file(dir, 'conf', `server.document-root = "${dir}"\nserver.port = 24044\n`),
    ],
  },
  {
    package: 'uwsgi-core',
    needs: ['uwsgi-plugin-python3'],
    binary: '/usr/bin/uwsgi-core',
    says: [{ port: 24_039, name: 'http' }],
    start: (dir) => [
      ...['/usr/bin/uwsgi-core', '--plugin', 'python3', '--http-socket', ':24039', '--wsgi-file'],
      file(
        dir,
        'app.py',
        "def application(env, start):\n  start('200 OK', [('Content-Type', 'text/plain')])\n  return [b'hello']\n",
      ),
    ],
  },
  {
    package: 'haproxy',
    binary: '/usr/sbin/haproxy',
    says: [{ port: 24_068, name: 'http' }],
    start: (dir) => [
      ...['/usr/sbin/haproxy', '-db', '-f'],
      file(
        dir,
        'conf',
        'defaults\n mode http\n timeout client 10s\n timeout connect 1s\n timeout server 5s\nfrontend web\n bind :24068\n http-request return status 200 content-type text/plain string hello\n',
      ),
    ],
  },
  {
    package: 'squid',
    binary: '/usr/sbin/squid',
    says: [{ port: 24_069, name: 'http-proxy', product: /^Squid/, tells: 'version' }],
    folders: ['/var/log/squid', '/var/spool/squid'],
    start: (dir) => [
      ...['/usr/sbin/squid', '-N', '-f'],
      file(
        dir,
        'conf',
        `http_port 24069\npid_filename ${dir}/pid\ncache_log ${dir}/log\naccess_log none\ncache deny all\ncoredump_dir ${dir}\nhttp_access deny all\n`,
      ),
    ],
  },
  {
    package: 'cups-daemon',
    binary: '/usr/sbin/cupsd',
    says: [{ port: 24_066, name: 'ipp', product: /^CUPS/, tells: 'version' }],
    folders: ['/var/spool/cups', '/var/cache/cups', '/run/cups', '/var/log/cups'],
    start: (dir) => [
      ...['/usr/sbin/cupsd', '-f', '-c'],
      file(
        dir,
        'cupsd.conf',
        'Listen 0.0.0.0:24066\nServerTokens Full\nWebInterface Yes\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n',
      ),
      '-s',
      file(
        dir,
        'files.conf',
        `SystemGroup root\nAccessLog ${dir}/access\nErrorLog ${dir}/error\nServerRoot ${dir}\n`,
      ),
    ],
  },
  {
    package: 'icecast2',
    binary: '/usr/bin/icecast2',
    says: [{ port: 24_023, name: 'http', product: /^Icecast/, tells: 'version' }],
    start: (dir) => [
      ...['/usr/bin/icecast2', '-c'],
      file(
        dir,
        'icecast.xml',
        `<icecast><limits><clients>9</clients><sources>2</sources></limits><authentication><source-password>x</source-password><relay-password>x</relay-password><admin-user>a</admin-user><admin-password>x</admin-password></authentication><hostname>services.lab</hostname><listen-socket><port>24023</port></listen-socket><fileserve>1</fileserve><paths><basedir>/usr/share/icecast2</basedir><logdir>${dir}</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths><logging><accesslog>access</accesslog><errorlog>error</errorlog></logging><security><chroot>0</chroot><changeowner><user>nobody</user><group>nogroup</group></changeowner></security></icecast>`,
      ),
    ],
  },
  {
    package: 'etcd-server',
    binary: '/usr/bin/etcd',
    says: [{ port: 24_012, name: 'http', product: /^etcd/ }],
    start: (dir) => [
      ...['/usr/bin/etcd', '--data-dir', join(dir, 'data'), '--listen-client-urls', 'http://0.0.0.0:24012'],
      ...[
        '--advertise-client-urls',
        'http://127.0.0.1:24012',
        '--listen-peer-urls',
        'http://127.0.0.1:24013',
      ],
      ...[
        '--initial-advertise-peer-urls',
        'http://127.0.0.1:24013',
        '--initial-cluster',
        'default=http://127.0.0.1:24013',
      ],
    ],
  },
  {
    package: 'prometheus',
    binary: '/usr/bin/prometheus',
    says: [{ port: 24_014, name: 'http', product: /Prometheus/ }],
    start: (dir) => [
      ...['/usr/bin/prometheus', '--web.listen-address=:24014', `--storage.tsdb.path=${dir}/data`],
      `--config.file=${file(dir, 'conf.yml', 'global:\n  scrape_interval: 1h\n')}`,
    ],
  },
  {
    package: 'influxdb',
    binary: '/usr/bin/influxd',
    says: [{ port: 24_015, name: 'http', product: /^InfluxDB/, tells: 'version' }],
    start: (dir) => [
      ...['/usr/bin/influxd', '-config'],
      file(
        dir,
        'conf',
        `reporting-disabled = true\nbind-address = "127.0.0.1:24016"\n[meta]\ndir = "${dir}/meta"\n[data]\ndir = "${dir}/data"\nwal-dir = "${dir}/wal"\n[http]\nbind-address = ":24015"\n`,
      ),
    ],
  },
  {
    package: 'stunnel4',
    binary: '/usr/bin/stunnel4',
    says: [{ port: 24_036, name: 'http', product: /^Caddy/, tls: true }],
    start: (dir) => [
      '/usr/bin/stunnel4',
      file(
        dir,
        'conf',
        `foreground = yes\npid =\n[web]\naccept = 24036\nconnect = 127.0.0.1:24002\ncert = ${certificate(dir).both}\n`,
      ),
    ],
  },
  {
    package: 'hitch',
    binary: '/usr/sbin/hitch',
    says: [{ port: 24_037, name: 'http', product: /^Caddy/, tls: true }],
    start: (dir) => [
      ...['/usr/sbin/hitch', '--user=nobody', '--frontend=[*]:24037', '--backend=[127.0.0.1]:24002'],
      ...['--alpn-protos=http/1.1', '--tls', certificate(dir).both],
    ],
  },
  {
    package: 'sslh',
    binary: '/usr/sbin/sslh-select',
    // The first that answers: it waits for a word before it chooses, and takes silence for SSH.
    says: [{ port: 24_038, name: 'http', product: /^Caddy/ }],
    start: () => [
      ...['/usr/sbin/sslh-select', '-f', '-u', 'nobody', '-p', '0.0.0.0:24038', '--ssh', '127.0.0.1:24040'],
      ...['--tls', '127.0.0.1:24004', '--http', '127.0.0.1:24002'],
    ],
  },
];
