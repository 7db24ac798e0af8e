/** Servers of mail, files, shells and chats. @module */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunSync } from '../process.ts';
import { certificate, file, type Server } from './server.ts';

/** Servers that people log in to. */
export const loginServers: readonly Server[] = [
  {
    package: 'openssh-server',
    binary: '/usr/sbin/sshd',
    says: [{ port: 24_040, name: 'ssh', product: /^OpenSSH$/, tells: 'version' }],
    folders: ['/run/sshd'],
    start: (dir) => {
      const key = join(dir, 'host_key');
      mustRunSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
      return [
        ...['/bin/sh', '-c', 'chmod 755 /run/sshd; exec "$@"', 'sh'],
        ...['/usr/sbin/sshd', '-D', '-f', '/dev/null', '-p', '24040', '-h', key, '-o', `PidFile=${dir}/pid`],
      ];
    },
  },
  {
    package: 'dropbear-bin',
    binary: '/usr/sbin/dropbear',
    says: [{ port: 24_001, name: 'ssh', product: /^Dropbear/, tells: 'version' }],
    start: (dir) => {
      mustRunSync(['dropbearkey', '-t', 'ed25519', '-f', join(dir, 'host_key')]);
      return [
        ...['/usr/sbin/dropbear', '-F', '-E', '-p', '24001', '-P', join(dir, 'pid')],
        ...['-r', join(dir, 'host_key')],
      ];
    },
  },
  {
    package: 'tinysshd',
    needs: ['socat'],
    binary: '/usr/sbin/tinysshd',
    says: [{ port: 24_006, name: 'ssh', product: /^TinySSH/i, tells: 'version' }],
    start: (dir) => {
      mustRunSync(['tinysshd-makekey', '-q', join(dir, 'keys')]);
      return ['socat', 'TCP-LISTEN:24006,fork,reuseaddr', `EXEC:/usr/sbin/tinysshd -q ${dir}/keys`];
    },
  },
  {
    package: 'vsftpd',
    binary: '/usr/sbin/vsftpd',
    says: [{ port: 24_045, name: 'ftp', product: /^vsftpd$/, tells: 'version' }],
    folders: ['/run/vsftpd'],
    start: (dir) => [
      '/usr/sbin/vsftpd',
      file(
        dir,
        'conf',
        `listen=YES\nlisten_port=24045\nbackground=NO\nanonymous_enable=YES\nseccomp_sandbox=NO\nanon_root=/usr/share\nsecure_chroot_dir=/run/vsftpd\n`,
      ),
    ],
  },
  {
    package: 'proftpd-core',
    binary: '/usr/sbin/proftpd',
    unpacks: ['proftpd-core', 'libpcre2-posix3', 'libhiredis0.14', 'libmemcached11', 'libmemcachedutil2'],
    says: [{ port: 24_046, name: 'ftp', product: /^ProFTPD/ }],
    folders: ['/run/proftpd', '/var/log/proftpd', '/var/lib/proftpd'],
    start: (dir) => [
      ...['/usr/sbin/proftpd', '--nodaemon', '-c'],
      file(
        dir,
        'conf',
        `ServerType standalone\nServerName lab\nPort 24046\nUser nobody\nGroup nogroup\nUseIPv6 off\nPidFile ${dir}/pid\nScoreboardFile none\nDelayEngine off\n`,
      ),
    ],
  },
  {
    package: 'pure-ftpd',
    binary: '/usr/sbin/pure-ftpd',
    unpacks: ['pure-ftpd', 'libsodium23'],
    says: [{ port: 24_047, name: 'ftp', product: /^Pure-FTPd/ }],
    start: (dir) => ['/usr/sbin/pure-ftpd', '-S', '24047', '-E', '-H', '-g', join(dir, 'pid')],
    env: (dir) => ({ FTP_ANON_DIR: dir }),
  },
  {
    package: 'rsync',
    binary: '/usr/bin/rsync',
    says: [{ port: 24_067, name: 'rsync' }],
    start: (dir) => [
      ...['/usr/bin/rsync', '--daemon', '--no-detach'],
      `--config=${file(dir, 'conf', `port = 24067\nuse chroot = no\n[files]\npath = ${dir}\n`)}`,
    ],
  },
  {
    package: 'subversion',
    binary: '/usr/bin/svnserve',
    says: [{ port: 24_031, name: 'svnserve' }],
    start: (dir) => ['/usr/bin/svnserve', '-d', '--foreground', '--listen-port', '24031', '-r', dir],
  },
  {
    package: 'postfix',
    binary: '/usr/sbin/postfix',
    says: [{ port: 24_048, name: 'smtp', product: /^Postfix smtpd$/ }],
    folders: ['/var/lib/postfix', '/var/spool/postfix'],
    start: (dir) => {
      mkdirSync(join(dir, 'etc'));
      file(
        join(dir, 'etc'),
        'main.cf',
        `compatibility_level = 3.6\nqueue_directory = /var/spool/postfix\ndata_directory = /var/lib/postfix\ncommand_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\nsetgid_group = postdrop\nmyhostname = mail.lab\nmaillog_file = ${dir}/log\nmaillog_file_prefixes = /\nsmtpd_tls_security_level = may\nsmtpd_tls_cert_file = ${certificate(dir).cert}\nsmtpd_tls_key_file = ${certificate(dir).key}\n`,
      );
      const services = [
        '24048 inet n - n - - smtpd',
        'pickup unix n - n 60 1 pickup',
        'cleanup unix n - n - 0 cleanup',
        'qmgr unix n - n 300 1 qmgr',
        'tlsmgr unix - - n 1000? 1 tlsmgr',
        'rewrite unix - - n - - trivial-rewrite',
        'proxymap unix - - n - - proxymap',
        'anvil unix - - n - 1 anvil',
        'postlog unix-dgram n - n - 1 postlogd',
      ];
      file(join(dir, 'etc'), 'master.cf', `${services.join('\n')}\n`);
      const ready = `mkdir -p /var/spool/postfix/pid; chown postfix /var/lib/postfix; chmod 755 /var/lib/postfix /var/spool/postfix`;
      return ['sh', '-c', `${ready}; exec /usr/sbin/postfix -c ${dir}/etc start-fg`];
    },
  },
  {
    package: 'exim4-daemon-light',
    binary: '/usr/sbin/exim4',
    unpacks: ['exim4-daemon-light', 'exim4-base'],
    says: [{ port: 24_049, name: 'smtp', product: /^Exim/, tells: 'version' }],
    folders: ['/var/spool/exim4', '/var/log/exim4'],
    start: (dir) => [
      ...['sh', '-c'],
      // It looks for the user of its package before it reads which one is meant.
      'cp /etc/passwd "$1/passwd"; echo "Debian-exim:x:995:65534::/var/spool/exim4:/bin/false" >> "$1/passwd"; mount --bind "$1/passwd" /etc/passwd; cp /etc/group "$1/group"; echo "Debian-exim:x:995:" >> "$1/group"; mount --bind "$1/group" /etc/group; exec /usr/sbin/exim4 -bdf -oX 24049 -oP "$1/pid" -C "$2"',
      ...['sh', dir],
      file(
        dir,
        'conf',
        `primary_hostname = mail.lab\nexim_user = mail\nexim_group = mail\nspool_directory = /var/spool/exim4\nlog_file_path = ${dir}/%slog\nacl_smtp_rcpt = deny_all\nbegin acl\ndeny_all:\n deny\n`,
      ),
    ],
  },
  {
    package: 'opensmtpd',
    binary: '/usr/sbin/smtpd',
    unpacks: ['opensmtpd'],
    says: [{ port: 24_007, name: 'smtp', product: /^OpenSMTPD/ }],
    folders: ['/var/spool/smtpd', '/var/lib/opensmtpd/empty'],
    start: (dir) => [
      ...['sh', '-c'],
      // It wants users of its own and a chroot that belongs to root.
      'cp /etc/passwd "$1/passwd"; printf "opensmtpd:x:997:65534::/var/lib/opensmtpd/empty:/bin/false\\nopensmtpq:x:996:65534::/:/bin/false\\n" >> "$1/passwd"; cp /etc/group "$1/group"; echo "opensmtpq:x:996:" >> "$1/group"; mount --bind "$1/passwd" /etc/passwd; mount --bind "$1/group" /etc/group; chmod 711 /var/spool/smtpd; chmod 755 /var/lib/opensmtpd/empty; exec /usr/sbin/smtpd -d -f "$2"',
      ...['sh', dir],
      file(
        dir,
        'conf',
        'listen on 0.0.0.0 port 24007 hostname mail.lab\naction "a" mbox\nmatch from local for local action "a"\n',
      ),
    ],
  },
  {
    package: 'dovecot-core',
    needs: ['dovecot-imapd', 'dovecot-pop3d'],
    binary: '/usr/sbin/dovecot',
    says: [
      { port: 24_050, name: 'imap', product: /^Dovecot imapd/ },
      { port: 24_051, name: 'pop3', product: /^Dovecot pop3d/ },
      { port: 24_052, name: 'imap', product: /^Dovecot imapd/, tls: true },
    ],
    folders: ['/run/dovecot', '/var/lib/dovecot'],
    start: (dir) => {
      const { cert, key } = certificate(dir);
      const text = `protocols = imap pop3\nbase_dir = /run/dovecot\nlog_path = ${dir}/log\nssl = yes\nssl_cert = <${cert}\nssl_key = <${key}\nmail_location = maildir:${dir}/mail
service imap-login {\n inet_listener imap {\n port = 24050\n }\n inet_listener imaps {\n port = 24052\n ssl = yes\n }\n}
service pop3-login {\n inet_listener pop3 {\n port = 24051\n }\n inet_listener pop3s {\n port = 0\n }\n}
passdb {\n driver = static\n args = nopassword=n\n}\nuserdb {\n driver = static\n args = uid=nobody gid=nogroup home=${dir}\n}\n`;
      return ['/usr/sbin/dovecot', '-F', '-c', file(dir, 'conf', text)];
    },
  },
  {
    package: 'prosody',
    binary: '/usr/bin/prosody',
    says: [
      { port: 24_020, name: 'xmpp-client' },
      { port: 24_021, name: 'xmpp-server' },
    ],
    start: (dir) => [
      ...['/usr/bin/prosody', '-F', '--config'],
      file(
        dir,
        'conf.lua',
        `run_as_root = true\ndata_path = "${dir}"\npidfile = "${dir}/pid"\nlog = "*console"\nmodules_enabled = { "roster", "saslauth", "tls", "disco" }\nc2s_ports = { 24020 }\ns2s_ports = { 24021 }\nc2s_direct_tls_ports = {}\nlegacy_ssl_ports = {}\nhttp_ports = {}\nhttps_ports = {}\nVirtualHost "services.lab"\n`,
      ),
    ],
  },
  {
    package: 'ngircd',
    binary: '/usr/sbin/ngircd',
    says: [{ port: 24_019, name: 'irc' }],
    start: (dir) => [
      ...['/usr/sbin/ngircd', '-n', '-f'],
      file(
        dir,
        'conf',
        '[Global]\nName = irc.services.lab\nInfo = Lab\nPorts = 24019\nServerUID = nobody\nServerGID = nogroup\n[Options]\nIdent = no\nDNS = no\nPAM = no\n',
      ),
    ],
  },
];
