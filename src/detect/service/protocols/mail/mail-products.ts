/**
 * Mail servers by their greetings.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';

/** Mail transport. */
export const smtpProducts: readonly ProductRule[] = [
  { when: { greeting: /\bESMTP Exim (\d[\w.]*)/ }, product: 'Exim smtpd', version: '$1', cpe: 'a:exim:exim' },
  {
    when: { greeting: /\bESMTP Postfix(?: \((Debian|Ubuntu|Raspbian)[^)]*\))/ },
    product: 'Postfix smtpd',
    info: '$1',
    os: 'Linux',
    cpe: 'a:postfix:postfix',
  },
  { when: { greeting: /\bESMTP Postfix\b/ }, product: 'Postfix smtpd', cpe: 'a:postfix:postfix' },
  {
    when: { greeting: /\bESMTP Sendmail (\d[\w.]*)/ },
    product: 'Sendmail',
    version: '$1',
    cpe: 'a:sendmail:sendmail',
  },
  { when: { greeting: /\bESMTP OpenSMTPD\b/ }, product: 'OpenSMTPD', cpe: 'a:openbsd:opensmtpd' },
  {
    when: { greeting: /Microsoft ESMTP MAIL Service, Version: ([\d.]+)/ },
    product: 'Microsoft ESMTP',
    version: '$1',
    os: 'Windows',
  },
  {
    when: { greeting: /Microsoft ESMTP MAIL Service ready/ },
    product: 'Microsoft Exchange smtpd',
    os: 'Windows',
    cpe: 'a:microsoft:exchange_server',
  },
  { when: { greeting: /\bHaraka\/?(\d[\w.]*)?/ }, product: 'Haraka smtpd', version: '$1' },
  {
    when: { greeting: /\bPython SMTP (?:proxy version )?(\d[\w.]*)/ },
    product: 'Python aiosmtpd',
    version: '$1',
  },
];

/** Mailboxes by POP3. */
export const popProducts: readonly ProductRule[] = [
  {
    when: { greeting: /^Dovecot \((Debian|Ubuntu|Raspbian)\) ready/ },
    product: 'Dovecot pop3d',
    info: '$1',
    os: 'Linux',
    cpe: 'a:dovecot:dovecot',
  },
  { when: { greeting: /^Dovecot\b/ }, product: 'Dovecot pop3d', cpe: 'a:dovecot:dovecot' },
  {
    when: { implementation: /^Cyrus POP3 server v?(\d[\w.]*)/ },
    product: 'Cyrus pop3d',
    version: '$1',
    cpe: 'a:cyrus:imap',
  },
  {
    when: { greeting: /Cyrus POP3 v?(\d[\w.]*)/ },
    product: 'Cyrus pop3d',
    version: '$1',
    cpe: 'a:cyrus:imap',
  },
  { when: { greeting: /^Hello there\.(?: <[^>]*>)?$/ }, product: 'Courier pop3d', confidence: 7 },
  { when: { implementation: /^([A-Za-z][\w -]*?)[- ]v?(\d[\w.]*)/ }, product: '$1', version: '$2' },
];

/** Mailboxes by IMAP. */
export const imapProducts: readonly ProductRule[] = [
  {
    when: { greeting: /^Dovecot \((Debian|Ubuntu|Raspbian)\) ready/ },
    product: 'Dovecot imapd',
    info: '$1',
    os: 'Linux',
    cpe: 'a:dovecot:dovecot',
  },
  { when: { greeting: /^Dovecot\b/ }, product: 'Dovecot imapd', cpe: 'a:dovecot:dovecot' },
  { when: { software: /^Dovecot$/ }, product: 'Dovecot imapd', cpe: 'a:dovecot:dovecot' },
  {
    when: { greeting: /Cyrus IMAP(?:4)? v?(\d[\w.]*)/ },
    product: 'Cyrus imapd',
    version: '$1',
    cpe: 'a:cyrus:imap',
  },
  {
    when: { software: /^Cyrus/, softwareVersion: /^v?(\d[\w.]*)/ },
    product: 'Cyrus imapd',
    version: '$1',
    cpe: 'a:cyrus:imap',
  },
  { when: { greeting: /^Courier-IMAP ready/ }, product: 'Courier Imapd' },
  {
    when: { software: /^([A-Za-z][\w .-]{0,40})$/, softwareVersion: /^(\d[\w.]*)/ },
    product: '$1',
    version: '$2',
  },
  { when: { software: /^([A-Za-z][\w .-]{0,40})$/ }, product: '$1' },
];
