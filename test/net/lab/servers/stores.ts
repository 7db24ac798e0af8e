/** Databases, caches, queues and directories. @module */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, file, type Server } from './server.ts';

/** Databases, caches, queues and directories. */
export const storeServers: readonly Server[] = [
  {
    package: 'mariadb-server-core',
    needs: ['mariadb-server'],
    binary: '/usr/sbin/mariadbd',
    says: [{ port: 24_053, name: 'mysql', product: /^MariaDB/, tells: 'version' }],
    start: (dir) => [
      ...[
        'sh',
        '-c',
        'mariadb-install-db --no-defaults --user=root --datadir="$1/data" >/dev/null; exec /usr/sbin/mariadbd --no-defaults --user=root --datadir="$1/data" --port=24053 --bind-address=0.0.0.0 --socket="$1/socket" --pid-file="$1/pid" --skip-grant-tables --skip-networking=0 --skip-name-resolve',
      ],
      ...['sh', dir],
    ],
  },
  {
    package: 'postgresql-15',
    binary: '/usr/lib/postgresql/15/bin/postgres',
    says: [{ port: 24_054, name: 'postgresql', product: /^PostgreSQL/ }],
    folders: ['/run/postgresql'],
    start: (dir) => [
      ...[
        'sh',
        '-c',
        'mkdir "$1/data"; chown -R postgres "$1"; B=/usr/lib/postgresql/15/bin; setpriv --reuid=postgres --regid=postgres --clear-groups $B/initdb -D "$1/data" >/dev/null; exec setpriv --reuid=postgres --regid=postgres --clear-groups $B/postgres -D "$1/data" -p 24054 -h 0.0.0.0 -k "$1"',
      ],
      ...['sh', dir],
    ],
  },
  {
    package: 'redis-server',
    binary: '/usr/bin/redis-server',
    says: [{ port: 24_055, name: 'redis', product: /^Redis/, tells: 'version' }],
    start: (dir) => [
      ...['/usr/bin/redis-server', '--port', '24055', '--bind', '0.0.0.0', '--protected-mode', 'no'],
      ...['--save', '', '--dir', dir],
    ],
  },
  {
    package: 'memcached',
    binary: '/usr/bin/memcached',
    says: [{ port: 24_056, name: 'memcached', product: /^Memcached/, tells: 'version' }],
    start: () => ['/usr/bin/memcached', '-u', 'nobody', '-p', '24056', '-U', '0'],
  },
  {
    package: 'mosquitto',
    binary: '/usr/sbin/mosquitto',
    says: [{ port: 24_057, name: 'mqtt', product: /^Mosquitto/i, tells: 'version' }],
    start: (dir) => [
      '/usr/sbin/mosquitto',
      '-c',
      file(dir, 'conf', 'listener 24057\nallow_anonymous true\n'),
    ],
  },
  {
    package: 'rabbitmq-server',
    binary: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    says: [{ port: 24_058, name: 'amqp', product: /^RabbitMQ/, tells: 'version' }],
    start: () => ['/usr/lib/rabbitmq/bin/rabbitmq-server'],
    env: (dir) => ({
      HOME: dir,
      RABBITMQ_NODE_PORT: '24058',
      RABBITMQ_NODENAME: 'lab@localhost',
      RABBITMQ_MNESIA_BASE: dir,
      RABBITMQ_LOG_BASE: dir,
      RABBITMQ_DIST_PORT: '24072',
      RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'plugins'),
      ERL_EPMD_PORT: '24073',
    }),
  },
  {
    package: 'firebird3.0-server',
    binary: '/usr/sbin/firebird',
    says: [{ port: 24_029, name: 'firebird' }],
    folders: ['/run/firebird', '/var/lib/firebird/3.0'],
    start: () => ['/usr/sbin/firebird', '-p', '24029'],
  },
  {
    package: 'zookeeper',
    binary: '/usr/share/java/zookeeper.jar',
    says: [{ port: 24_032, name: 'zookeeper', product: /Zookeeper/i, tells: 'version' }],
    start: (dir) => {
      mkdirSync(join(dir, 'data'));
      const jars = [
        ...['/etc/zookeeper/conf', '/usr/share/java/zookeeper.jar', '/usr/share/java/slf4j-simple.jar'],
        ...['/usr/share/java/*', '/usr/share/java/zookeeper-jute.jar'],
      ];
      return [
        ...['/usr/bin/java', '-Xmx64m', '-Dzookeeper.admin.enableServer=false', '-cp', jars.join(':')],
        ...['org.apache.zookeeper.server.ZooKeeperServerMain', '24032', join(dir, 'data')],
      ];
    },
  },
  {
    package: 'beanstalkd',
    binary: '/usr/bin/beanstalkd',
    says: [{ port: 24_017, name: 'beanstalkd', product: /beanstalk/i, tells: 'version' }],
    start: () => ['/usr/bin/beanstalkd', '-l', '0.0.0.0', '-p', '24017'],
  },
  {
    package: 'gearman-job-server',
    binary: '/usr/sbin/gearmand',
    says: [{ port: 24_018, name: 'gearman', product: /gearman/i, tells: 'version' }],
    start: () => ['/usr/sbin/gearmand', '-L', '0.0.0.0', '-p', '24018', '--log-file=stderr', '-u', 'nobody'],
  },
  {
    package: 'slapd',
    binary: '/usr/sbin/slapd',
    says: [
      { port: 24_063, name: 'ldap', product: /^OpenLDAP/ },
      { port: 24_064, name: 'ldap', product: /^OpenLDAP/, tls: true },
    ],
    folders: ['/var/lib/ldap'],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      const text = `include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile ${dir}/pid\nTLSCertificateFile ${cert}\nTLSCertificateKeyFile ${key}\ndatabase mdb\nsuffix "dc=lab"\ndirectory /var/lib/ldap\nmaxsize 1048576\n`;
      return [
        '/usr/sbin/slapd',
        '-d',
        '0',
        '-f',
        file(dir, 'conf', text),
        '-h',
        'ldap://:24063 ldaps://:24064',
      ];
    },
  },
];
