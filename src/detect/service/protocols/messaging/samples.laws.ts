/** What servers of these protocols have said, each with where it comes from. @module */

import { bytesFrom, u32, zeros } from '../../byte-writer.ts';
import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const messagingSamples: readonly Sample[] = [
  // nats-server of Debian 12.
  {
    protocol: 'nats',
    bytes: latin1(
      'INFO {"server_id":"NCUKT2A27D2T3TNGEJSA2BK43XGMKXSDG55UP5CMBDFAQPP4DPEG6RCM","server_name":"NCUKT2A27D2T3TNGEJSA2BK43XGMKXSDG55UP5CMBDFAQPP4DPEG6RCM","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","port":4222,"headers":true,"max_payload":1048576,"client_id":4,"client_ip":"127.0.0.1"} \r\n',
    ),
    facts: { go: 'go1.19.8' },
    product: 'NATS',
    version: '2.9.10',
    cpe: ['cpe:/a:linuxfoundation:nats-server:2.9.10'],
  },
  // By its documentation.
  {
    protocol: 'nats',
    bytes: latin1(
      'INFO {"server_id":"NA","server_name":"east","version":"2.10.4","cluster":"c1","jetstream":true,"auth_required":true,"tls_required":true}\r\n',
    ),
    facts: {
      serverName: 'east',
      cluster: 'c1',
      jetstream: 'enabled',
      authentication: 'required',
      tls: 'required',
    },
    product: 'NATS',
    version: '2.10.4',
  },
  // RabbitMQ 3.10 and ActiveMQ by their sources' words, STOMP 1.2 for the frames.
  {
    protocol: 'stomp',
    bytes: latin1(
      'ERROR\nmessage:Illegal command\ncontent-type:text/plain\nversion:1.0,1.1,1.2\ncontent-length:41\n\nYou must log in using CONNECT first\n\0\n',
    ),
    facts: { message: 'Illegal command', versions: ['1.0', '1.1', '1.2'] },
  },
  {
    protocol: 'stomp',
    bytes: latin1(
      'ERROR\ncontent-type:text/plain\nmessage:Unknown STOMP action: PORTOLAN\n\norg.apache.activemq.transport.stomp.ProtocolException: Unknown STOMP action: PORTOLAN\r\n\0',
    ),
    product: 'Apache ActiveMQ',
    cpe: ['cpe:/a:apache:activemq'],
  },
  {
    protocol: 'stomp',
    bytes: latin1('CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-1\nheart-beat:0,0\nversion:1.2\n\n\0'),
    product: 'RabbitMQ',
    version: '3.10.8',
  },
  // Prosody of Debian 12: a name that it serves, one that it does not, a request of the web.
  {
    protocol: 'xmpp-client',
    bytes: latin1(
      "<?xml version='1.0'?><stream:stream version='1.0' xml:lang='en' xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' from='localhost' id='f298a884-5f99-41bd-98b4-f5217c0b5f08'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ),
    facts: { domain: 'localhost', startTls: 'required' },
  },
  {
    protocol: 'xmpp-client',
    bytes: latin1(
      "<?xml version='1.0'?><stream:stream version='1.0' xml:lang='en' xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' from='x.y' id='6f7f4af8-7e84-46d0-af16-4a983fb0ad89'><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This server does not serve x.y</text></stream:error></stream:stream>",
    ),
    facts: { error: 'host-unknown' },
  },
  {
    protocol: 'xmpp-client',
    bytes: latin1(
      "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' id='' xml:lang='en'><stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    ),
    facts: { error: 'not-well-formed' },
  },
  // By RFC 6120, 9.1 and XEP-0115.
  {
    protocol: 'xmpp-client',
    bytes: latin1(
      "<?xml version='1.0'?><stream:stream id='1' version='1.0' xml:lang='en' xmlns:stream='http://etherx.jabber.org/streams' from='chat.lab' xmlns='jabber:client'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://www.process-one.net/en/ejabberd/' ver='x'/></stream:features>",
    ),
    facts: { mechanisms: ['PLAIN', 'SCRAM-SHA-1'], startTls: 'offered' },
    product: 'ejabberd',
    cpe: ['cpe:/a:process-one:ejabberd'],
  },
  {
    protocol: 'xmpp-server',
    bytes: latin1(
      "<?xml version='1.0'?><stream:stream version='1.0' xmlns='jabber:server' to='' xml:lang='en' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' from='localhost' id='1b87bbc7-59b1-4930-8849-6a8f4348fd02'><stream:features><dialback xmlns='urn:xmpp:features:dialback'/><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    ),
    facts: { domain: 'localhost', startTls: 'required' },
  },
  // ngIRCd of Debian 12: asked, and asked as a web server; others by modern.ircdocs.horse.
  {
    protocol: 'irc',
    bytes: latin1(':irc.lab.example 451 * :Connection not registered\r\n'),
    facts: { hostname: 'irc.lab.example' },
  },
  {
    protocol: 'irc',
    bytes: latin1('ERROR :"Oops, HTTP request received? This is IRC!"\r\n'),
    product: 'ngircd',
    cpe: ['cpe:/a:barton:ngircd'],
  },
  {
    protocol: 'irc',
    bytes: latin1(
      ':irc.lab.example NOTICE * :*** Looking up your hostname...\r\n:irc.lab.example 351 * InspIRCd-3. irc.lab.example :\r\n',
    ),
    facts: { hostname: 'irc.lab.example' },
    product: 'InspIRCd',
    version: '3',
  },
  { protocol: 'irc', bytes: latin1('NOTICE AUTH :*** Checking Ident\r\n') },
  // By 23/ZMTP: the signature alone, as it greets, then all that a REP socket of libzmq says.
  { protocol: 'zmtp', bytes: latin1('\xff\0\0\0\0\0\0\0\x01\x7f') },
  {
    protocol: 'zmtp',
    bytes: bytesFrom(
      latin1('\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01NULL'),
      zeros(16 + 1 + 31),
      [4, 26],
      [5, ...latin1('READY')],
      [11, ...latin1('Socket-Type'), ...u32(3), ...latin1('REP')],
    ),
    facts: { mechanism: 'NULL', socketType: 'REP' },
    info: 'protocol version 3.1',
  },
  // gearmand and beanstalkd of Debian 12, each in its own words and asked as a web server.
  {
    protocol: 'gearman',
    bytes: latin1('OK 1.1.20+ds\nERR UNKNOWN_COMMAND Unknown+server+commandportolan\r\n'),
    product: 'Gearman Job Server',
    version: '1.1.20',
    cpe: ['cpe:/a:gearman:gearman:1.1.20'],
  },
  {
    protocol: 'gearman',
    bytes: latin1(
      'ERR UNKNOWN_COMMAND Unknown+server+commandGET\r\nERR UNKNOWN_COMMAND Unknown+server+commandHost:\r\n',
    ),
  },
  {
    protocol: 'beanstalkd',
    bytes: latin1(
      'OK 957\r\n---\ncurrent-jobs-urgent: 0\ncurrent-jobs-ready: 0\npid: 29779\nversion: "1.12"\nuptime: 18\nid: be7c281905afdcfc\nhostname: vm\nos: #1 SMP\nplatform: x86_64\n\r\n',
    ),
    facts: { hostname: 'vm', platform: 'x86_64' },
    product: 'beanstalkd',
    version: '1.12',
  },
  { protocol: 'beanstalkd', bytes: latin1('UNKNOWN_COMMAND\r\nUNKNOWN_COMMAND\r\n') },
  // SMPP 3.4, 4.11.2 and 4.3.
  {
    protocol: 'smpp',
    bytes: bytesFrom(u32(16), u32(0x8000_0015), u32(0), u32(0x706f)),
    facts: { status: 'ok' },
  },
  {
    protocol: 'smpp',
    bytes: bytesFrom(u32(24), u32(0x8000_0002), u32(0), u32(0x706f), 'harbour\0'),
    facts: { system: 'harbour' },
  },
  {
    protocol: 'smpp',
    bytes: bytesFrom(u32(16), u32(0x8000_0000), u32(3), u32(0x706f)),
    facts: { status: '0x3' },
  },
  // libcoap of Debian 12, cut short.
  {
    protocol: 'coap',
    transport: 'udp',
    bytes: hex(
      '64457274706f7274c128ff3c2f3e3b7469746c653d2247656e6572616c20496e666f223b63743d302c3c2f74696d653e3b69663d22636c6f636b223b72743d227469636b73223b7469746c653d22496e7465726e616c20436c6f636b223b63743d303b6f6273',
    ),
    facts: { answer: '2.05 content', title: 'General Info', resources: ['/', '/time'] },
  },
  // What a broker of AMQP 1.0 says to whoever speaks another one (OASIS AMQP 1.0, part 2, 2.2).
  { protocol: 'amqp', bytes: latin1('AMQP\0\x01\0\0'), facts: { protocol: '1.0.0' } },
  { protocol: 'amqp', bytes: latin1('AMQP\x03\x01\0\0'), facts: { protocol: '1.0.0' } },
  // BitlBee 3.6 of Debian 12.
  {
    protocol: 'irc',
    bytes: latin1(':10.0.0.5 NOTICE * :BitlBee-IRCd initialized, please go on\r\n'),
    product: 'BitlBee IRCd',
  },
];
