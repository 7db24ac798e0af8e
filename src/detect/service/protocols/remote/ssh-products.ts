/**
 * SSH servers by the software that their first line names.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';

const windows = { os: 'Windows' } as const;

/** Servers. */
export const sshProducts: readonly ProductRule[] = [
  {
    when: { software: /^OpenSSH_for_Windows_(\d[\w.]*)/ },
    product: 'OpenSSH for_Windows',
    version: '$1',
    os: 'Windows',
    cpe: 'a:openbsd:openssh',
  },
  {
    when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(Debian|Ubuntu|Raspbian)-(.+)$/ },
    product: 'OpenSSH',
    version: '$1',
    info: '$2 $3',
    os: 'Linux',
    cpe: 'a:openbsd:openssh',
  },
  {
    when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(FreeBSD|NetBSD)[-_](.+)$/ },
    product: 'OpenSSH',
    version: '$1',
    info: '$2 $3',
    os: '$2',
    cpe: 'a:openbsd:openssh',
  },
  {
    when: { software: /^OpenSSH_(\d[\w.]*)/, comment: /^(.+)$/ },
    product: 'OpenSSH',
    version: '$1',
    info: '$2',
    cpe: 'a:openbsd:openssh',
  },
  {
    when: { software: /^OpenSSH(?:_(\d[\w.]*))?/ },
    product: 'OpenSSH',
    version: '$1',
    cpe: 'a:openbsd:openssh',
  },
  {
    when: { software: /^dropbear(?:_(\d[\w.]*))?$/ },
    product: 'Dropbear sshd',
    version: '$1',
    cpe: 'a:matt_johnston:dropbear_ssh_server',
  },
  { when: { software: /^tinyssh_(\S+)/i }, product: 'TinySSH', version: '$1' },
  known(/^libssh[_-](\d[\w.]*)$/, 'libssh', { cpe: 'a:libssh:libssh' }),
  known(/^paramiko_(\d[\w.]*)$/, 'Paramiko Python sshd', { cpe: 'a:paramiko:paramiko' }),
  known(/^AsyncSSH_(\d[\w.]*)$/, 'AsyncSSH sshd', { cpe: 'a:asyncssh_project:asyncssh' }),
  known(/^Twisted(?:_(\d[\w.]*))?$/, 'Twisted Conch sshd', { cpe: 'a:twistedmatrix:twisted' }),
  known(/^russh_(\d[\w.]*)$/, 'russh sshd'),
  known(/^Erlang(?:\/(\d[\w.]*))?$/, 'Erlang/OTP sshd', { cpe: 'a:erlang:erlang%2fotp' }),
  known(/^Go$/, 'Golang x/crypto/ssh server'),
  known(/^(?:APACHE-SSHD|SSHD-CORE)-(\d[\w.]*)$/, 'Apache Mina sshd', { cpe: 'a:apache:sshd' }),
  known(/^GerritCodeReview_(\d[\w.]*)/, 'Gerrit Code Review sshd', { cpe: 'a:google:gerrit' }),
  known(/^GitLab-SSHD$/, 'GitLab sshd', { cpe: 'a:gitlab:gitlab' }),
  known(/^mod_sftp(?:\/(\d[\w.]*))?$/, 'ProFTPD mod_sftp', { cpe: 'a:proftpd:proftpd' }),
  known(/^AWS_SFTP_(\d[\w.]*)$/, 'AWS Transfer sftpd'),
  known(/^Serv-U_(\d[\w.]*)$/, 'SolarWinds Serv-U sshd', { cpe: 'a:solarwinds:serv-u' }),
  known(/^CerberusFTPServer_(\d[\w.]*)$/, 'Cerberus FTP Server sftpd', windows),
  known(/^CrushFTPSSHD/, 'CrushFTP sftpd', { cpe: 'a:crushftp:crushftp' }),
  {
    when: { software: /^\d[\w.]*$/, comment: /^FlowSsh: Bitvise SSH Server \(WinSSHD\) ?(\d[\w.]*)?/ },
    product: 'Bitvise SSH Server',
    version: '$1',
    cpe: 'a:bitvise:winsshd',
    ...windows,
  },
  {
    when: { software: /^\d[\w.]*$/, comment: /^sshlib: (?:WinSSHD|Bitvise SSH Server) ?(\d[\w.]*)?/ },
    product: 'Bitvise WinSSHD',
    version: '$1',
    cpe: 'a:bitvise:winsshd',
    ...windows,
  },
  {
    when: { software: /^WeOnlyDo(?:-wodFTPD)?$/, comment: /^(\d[\w.]*)/ },
    product: 'WeOnlyDo sshd',
    version: '$1',
    ...windows,
  },
  known(/^WeOnlyDo/, 'WeOnlyDo sshd', windows),
  known(/^Cisco-(\d[\w.]*)/, 'Cisco SSH', { os: 'IOS' }),
  known(/^ROSSSH/, 'MikroTik RouterOS sshd', { os: 'RouterOS', device: 'router' }),
  known(/^RomSShell_(\d[\w.]*)/, 'AllegroSoft RomSShell sshd', { cpe: 'a:allegrosoft:romsshell' }),
  known(/^Mocana(?:_|-)?(\d[\w.]*)?/, 'Mocana embedded sshd'),
  known(/^HUAWEI-(\d[\w.]*)/, 'Huawei VRP sshd', { os: 'VRP', device: 'router' }),
  known(/^Comware-(\d[\w.]*)/, 'HP Comware sshd', { os: 'Comware', device: 'switch' }),
  known(/^NetScreen$/, 'Juniper NetScreen sshd', { os: 'ScreenOS', device: 'firewall' }),
  known(/^lancom$/i, 'LANCOM sshd', { os: 'LCOS', device: 'router' }),
  known(/^Sun_SSH_(\d[\w.]*)$/, 'SunSSH', { os: 'Solaris', cpe: 'a:sun:sunssh' }),
  known(/^IPSSH-(\d[\w.]*)$/, 'Wind River IPSSH', { os: 'VxWorks' }),
  {
    when: { software: /^(?!SSH[_-])([A-Za-z][A-Za-z .+]*?)[_-]v?(\d[\w.]*)$/i },
    product: '$1',
    version: '$2',
  },
  // What is only a word may be one that hides another.
  {
    when: { software: /^(?!(?:x+|ssh|sshd|server|ssh_?server|unknown|none|hidden)$)([A-Za-z][\w.+ -]*)$/i },
    product: '$1',
  },
];

/** By the software; its first group is the version. */
function known(
  software: RegExp,
  product: string,
  told: Omit<ProductRule, 'when' | 'product'> = {},
): ProductRule {
  return { when: { software }, product, version: '$1', ...told };
}
