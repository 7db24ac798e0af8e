/**
 * `node tools/make-words.mjs`: writes `src/dns/zones/tables/words.ts`, the labels that are tried below a zone, the
 * likeliest first. They are ours: words for what machines do, in tiers by how often hosts are called so, then what is made
 * of them by rules (numbers, stages, places). A test says when the table is not what this program writes.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const words = (text) => text.trim().split(/\s+/);

/** Nearly every domain has some of these. */
const first = words(`
www mail ftp webmail smtp pop imap ns1 ns2 ns autodiscover autoconfig mx mx1 mx2 cpanel whm webdisk api dev test
staging stage blog shop admin portal vpn remote m mobile cdn static img images media assets app apps beta demo
secure login auth sso accounts account id my support help docs wiki forum status git gitlab jenkins ci jira
confluence crm erp intranet extranet owa exchange lync sip meet voip pbx dns dns1 dns2 ntp proxy gw gateway fw
router firewall backup db sql mysql postgres redis mongo elastic search kibana grafana prometheus monitor
monitoring nagios zabbix log logs syslog files file share cloud nextcloud owncloud storage s3 download downloads
upload video stream chat news store pay payment payments billing invoice checkout cart web web1 web2 server
server1 host localhost home old new v1 v2 preview sandbox uat qa prod production live internal int ext dc dc1
ad ldap radius citrix rdp ts terminal remote2 hr jobs careers partner partners customer customers client clients
`);

/** What machines are called for what they run or do. */
const second = words(`
ns3 ns4 ns5 ns6 mx3 mx4 mx01 mx02 mx10 mail1 mail2 mail3 mail01 mail02 smtp1 smtp2 smtp3 smtpout smtp-out out
outbound inbound relay relay1 relay2 mta mta1 mta2 mailer mailgw mailgate mailhub mailserver email newsletter
lists list listserv bounce bounces sendgrid em e click track tracking links link go url short redirect
imap1 imap2 imaps pop3 pop3s pops mailbox mails post postfix roundcube horde squirrelmail zimbra mailman spam
antispam spamfilter filter mailfilter barracuda ironport proofpoint mimecast dkim
www1 www2 www3 www4 www-dev www-test www-stage ww w wap web3 web4 web01 web02 web03 webserver website sites site
origin origin-www edge cache cache1 cache2 varnish squid lb lb1 lb2 loadbalancer haproxy nginx apache tomcat iis
frontend front backend back api1 api2 api-dev api-test api-staging api-docs rest graphql soap ws wss websocket
rpc grpc gateway1 gateway2 apigw apim swagger developer developers devportal sdk open opendata data
oauth oauth2 oidc saml idp adfs sts iam identity keycloak cas shibboleth okta login1 signin signup register
registration password passwords pwd reset mfa otp 2fa vault secrets pki ca crl ocsp cert certs ssl tls
vpn1 vpn2 vpn3 sslvpn openvpn wireguard wg ipsec anyconnect globalprotect pulse juniper fortigate forti asa
pfsense opnsense sophos checkpoint paloalto palo f5 bigip waf ids ips siem splunk soc nac ise
bastion jump jumphost jumpbox ssh sftp ftps ftp1 ftp2 rsync tftp nfs smb cifs samba nas nas1 nas2 san ceph minio
gluster hadoop hdfs spark hive kafka zookeeper rabbitmq mq activemq amqp mqtt nats queue broker bus worker
workers cron batch job scheduler airflow nifi etl dwh bi tableau powerbi superset metabase looker qlik reports
report reporting analytics stats stat statistics metrics graph graphs graphite influx influxdb telegraf
alertmanager alerts sentry apm jaeger tracing uptime health ping probe netflow snmp cacti librenms observium
icinga checkmk munin ganglia netdata nms noc netbox ipam rack racktables inventory assets cmdb glpi itop
ticket tickets helpdesk servicedesk service services desk osticket otrs zendesk freshdesk redmine trac bugzilla
bugs bug issues issue tracker phabricator youtrack taiga trello kanban board projects project pm tasks task
gitea gogs bitbucket svn cvs hg repo repos repository code source src review gerrit build builds builder bamboo
teamcity drone runner runners artifacts artifactory nexus registry docker harbor hub packages pkg npm pypi maven
mirror mirrors apt yum deb rpm dist release releases update updates patch wsus sccm mdt pxe puppet chef salt
ansible awx terraform foreman cobbler rundeck spinnaker argocd argo flux helm rancher k8s kubernetes kube
openshift okd nomad consul etcd mesos swarm portainer traefik istio node node1 node2 node3 master master1 slave
worker1 worker2 cluster cluster1 esx esxi esx1 esxi1 vcenter vsphere vmware vm vm1 vm2 hyperv hv hv1 kvm proxmox pve pve1
xen openstack horizon nova keystone glance cinder ovirt vdi view horizonview workspace desktop thin
db1 db2 db3 db01 db02 database databases dbserver mysql1 mysql2 mariadb galera pgsql postgresql pg pgadmin
phpmyadmin pma mssql sql1 sql2 sqlserver oracle ora sap sapgui hana db2srv cassandra couchdb couchbase neo4j
clickhouse memcached memcache redis1 redis2 solr elasticsearch es es1 opensearch logstash sphinx
print printer printers printserver cups scan scanner fax copier plotter camera cameras cam cam1 cam2 cctv nvr
dvr video1 videos tv iptv streaming stream1 live1 rtmp hls vod player radio music audio podcast podcasts
sip1 sip2 sbc pbx1 asterisk freepbx 3cx voip1 phone phones tel telefon call calls callcenter conference conf
meeting meetings webinar zoom teams skype webex bbb jitsi turn stun xmpp jabber im messenger matrix element
mattermost rocketchat slack irc discourse community communities forums board1 social connect
cms wordpress wp drupal joomla typo3 magento shopify prestashop shopware moodle lms learn learning elearning
e-learning training academy campus student students teacher faculty alumni library lib catalog opac
crm1 salesforce sugarcrm vtiger hubspot marketing campaign campaigns promo promotions ads ad1 adserver adverts
affiliate affiliates survey surveys feedback forms form poll events event calendar cal kalender booking bookings
reservation reservations reserve tickets1 order orders ordering sales quote quotes offer offers deals pos
invoices finance financial accounting account payroll salary hrm people staff employee employees personnel
team intranet1 intra inside insider corp corporate office office1 office2 hq branch remoteoffice group
press media1 news1 blogs magazine journal publications pub public private secret hidden
about info contact hello welcome home1 main root core base hub center centre central global world
mobile1 m1 app1 app2 app3 apps1 appserver android ios iphone ipad tablet touch kiosk
iot device devices sensor sensors gateway3 scada plc hmi bms energy power ups pdu ipmi ilo idrac kvm1 oob mgmt
management manage manager console control controlpanel panel dashboard dash cp plesk directadmin ispconfig
webmin virtualmin vesta hosting hosting1 hostmaster reseller whmcs domains domain dnsadmin registrar whois
`);

/** Where and for whom machines stand. */
const places = words(`
us eu uk de fr nl es it pl cz at ch be se no dk fi ie pt gr hu ro bg hr si sk ee lv lt ua ru tr il ae sa in cn jp
kr hk tw sg my th vn id ph au nz ca mx br ar cl co pe za ng ke eg
east west north south us-east us-west eu-west eu-central ap-south ap-southeast ap-northeast us-east-1 us-west-2
eu-west-1 eu-central-1 emea apac latam na amer asia europe america africa
london paris berlin munich frankfurt hamburg vienna zurich geneva milan rome madrid barcelona lisbon dublin
amsterdam brussels stockholm oslo copenhagen helsinki warsaw prague budapest bucharest sofia athens istanbul
moscow kiev dubai mumbai delhi bangalore singapore tokyo osaka seoul beijing shanghai sydney melbourne auckland
toronto montreal vancouver newyork nyc boston chicago dallas houston atlanta miami denver seattle sanfrancisco
sf la losangeles sanjose washington mexico bogota lima santiago buenosaires saopaulo rio johannesburg capetown
nairobi cairo lon lhr ams fra par mad mil waw sin tyo hkg syd ord dfw iad sjc lax sea jfk ewr atl mia yyz gru
site1 site2 dc2 dc3 dc01 dc02 rz rz1 colo pop1 pop2 az1 az2 zone1 zone2 region1 lab lab1 labs datacenter campus1
dmz lan wan wifi wlan guest guests hotspot captive mpls sdwan peering bgp ix transit core1 core2 sw sw1 sw2
switch switch1 ap ap1 router1 router2 rtr rtr1 gw1 gw2 fw1 fw2 firewall1 edge1 edge2 border dist1 access
`);

/** Departments, trades and plain words, also of other languages. */
const third = words(`
legal compliance audit risk security infosec cert csirt abuse privacy gdpr it itsupport sysadmin ops devops sre
engineering research science rnd development design ux creative brand branding product products procurement
purchasing supplier suppliers vendor vendors logistics shipping warehouse wms fleet transport delivery returns
production factory plant manufacturing mes quality facility facilities reception parking security visitor
investor investors ir ceo cfo cto exec management strategy consulting services solutions enterprise
business b2b b2c retail wholesale dealer dealers reseller distributor agent agents broker bank banking
ebanking netbanking online onlinebanking card cards loan loans insurance claims policy wealth trading trade
exchange fx crypto wallet ledger blockchain pay1 secure1 secure2 3ds gateway4 merchant merchants
health clinic hospital patient patients pacs lab2 pharmacy medical doctor emr his
school university uni college edu exam exams grades timetable portal1 portal2 myportal
gov city council citizen eservices egov tax court police fire maps map gis geo geoserver tiles wms1 wfs
weather travel hotel hotels flights cars rent property realestate auction market marketplace
games game gaming play server2 server3 server4 minecraft mc teamspeak ts3 discord bot bots
photo photos gallery pics pictures image img1 img2 images1 images2 static1 static2 cdn1 cdn2 assets2 css js fonts
thumbs thumb avatar avatars content contents cms1 feed feeds rss xml json sitemap robots
archive archives archiv backup1 backup2 backups bak bck restore veeam bacula borg dr drp failover standby
replica secondary primary spare temp tmp test1 test2 test3 testing tests dev1 dev2 dev3 develop develop1
stage1 stage2 stg stg1 staging1 staging2 preprod pre-prod preproduction prelive pre acceptance acc accept
integration integ int1 perf load loadtest stress canary alpha nightly rc hotfix feature trunk edge3 next
demo1 demo2 poc pilot trial example sample playground sandbox1 sandbox2 training1 workshop
legacy oldsite old1 oldmail oldwww classic v3 v4 deprecated retired
my1 me user users member members profile profiles people customer clients1 vip premium pro plus free
start go get try join share1 shared sync drive box dropbox docs1 document documents dms sharepoint sp alfresco
onlyoffice collabora office365 o365 outlook enterpriseenrollment enterpriseregistration msoid lyncdiscover
sipexternal dialin access selector autodiscover mdm intune airwatch jamf emm
imaging xerox ricoh hp dell cisco unifi ubnt mikrotik aruba meraki ruckus juniper huawei synology qnap freenas
truenas readynas openfiler pihole adguard bind unbound resolver resolver1 resolver2 recursive cachedns dnscache
time time1 time2 ntp1 ntp2 clock gps dhcp dhcp1 dhcp2 tacacs radius1 radius2 aaa wins kdc kerberos ipa freeipa
ldap1 ldap2 ldaps openldap directory dir ad2 dc4 gc pdc bdc domaincontroller
webdav dav caldav carddav contacts addressbook groupware groupwise notes domino lotus sogo kolab egroupware
webapp webapps webservice webservices service1 service2 micro svc api3 api4 api-gateway api-prod api-uat api-qa
bff engine render export import sync push notify notification notifications sms smsgw messaging message
mailing mailchimp mautic piwik matomo ga gtm tag tags pixel collect collector events telemetry ingest beacon
ai ml model models jupyter notebook notebooks gpu hpc grid compute compute1 slurm mlflow kubeflow rstudio
shiny dash datahub datalake lake warehouse mart olap cube qlikview sas spss matlab license licence licensing
lic flexlm keys key keyserver hkp kms wsus1 av antivirus eset kaspersky sophos mcafee epo defender edr crowd
scan nessus openvas qualys burp pentest red blue honeypot
buchhaltung vertrieb verwaltung technik entwicklung dokumente dateien bilder bestellung kunden kunde shop
termine karriere presse hilfe konto anmeldung schule bibliothek rathaus stadt praxis
boutique client espace espaceclient commande compte recherche actualites formation emploi intranet2 messagerie
webmail1 webmail2 correo tienda clientes soporte ayuda empleo noticias cursos biblioteca alumnos
loja cliente suporte ajuda correio sistema sistemas nfe ead posta negozio clienti supporto
sklep poczta pomoc klient praca dokumenty winkel klanten hulp werken butik kund hjalp nyheter
`);

/** Names that people give to machines. */
const people = words(`
alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo
sierra tango uniform victor whiskey xray yankee zulu
mercury venus earth mars jupiter saturn uranus neptune pluto moon sun luna sol titan europa io ganymede callisto
orion sirius vega rigel andromeda phoenix pegasus hydra draco lyra cygnus aquila polaris nova comet galaxy
zeus hera apollo athena artemis hermes ares hades poseidon demeter dionysus hephaestus atlas prometheus kronos
gaia helios iris nike odin thor loki freya heimdall baldur tyr asgard midgard valhalla
gandalf frodo bilbo sauron saruman aragorn legolas gimli boromir elrond galadriel mordor gondor rohan shire
yoda vader luke leia obiwan hal skynet neo morpheus trinity matrix oracle smith enterprise voyager defiant
spock kirk picard data worf riker homer bart marge lisa maggie asterix obelix idefix tintin snoopy
red blue green yellow orange purple black white silver gold bronze copper iron steel carbon helium hydrogen
oxygen neon argon krypton xenon radon
eagle falcon hawk raven owl tiger lion leopard panther wolf bear fox shark whale dolphin orca cobra python viper
dragon unicorn griffin kraken elephant rhino buffalo zebra
`);

const stages = words('dev test staging stage stg prod uat qa demo beta int preprod');
/** What has stages, and numbers. */
const staged = words(`
api app www web admin portal auth login db backend frontend shop cms crm erp mail vpn git ci wiki docs static
cdn search pay mobile m sso my id data files media img blog status dashboard service services worker gateway
`);
const numbered = words(`
web app db api mail mx ns dns smtp vpn node server host vm srv www lb cache proxy gw fw esx dc ad sql mysql pg redis
es kafka master worker k8s nas san backup test dev cam ap sw sip pbx voip static img cdn media s
`);

/** All labels in order. */
export function makeWords() {
  const made = [
    ...first,
    ...second,
    ...[...'abcdefghijklmnopqrstuvwxyz'],
    ...numbered.flatMap((word) => [1, 2, 3].map((number) => `${word}${number}`)),
    ...staged
      .slice(0, 20)
      .flatMap((word) => stages.slice(0, 5).flatMap((stage) => [`${word}-${stage}`, `${stage}-${word}`])),
    ...numbered.flatMap((word) => [1, 2, 3].map((number) => `${word}0${number}`)),
    ...third,
    ...places,
    ...numbered.flatMap((word) => [4, 5, 6, 7, 8].map((number) => `${word}${number}`)),
    ...staged.flatMap((word) => stages.flatMap((stage) => [`${word}-${stage}`, `${stage}-${word}`])),
    ...people,
    ...numbered.flatMap((word) => [1, 2].map((number) => `${word}-${number}`)),
    ...[...Array(10).keys()].map(String),
    ...words(
      'aa ab ac ai ap as cc cs da dd ee ff fs gg gt hd hp is it js kb lg lp ma mb mm ms mt nc nn np oa os pc pp ps pt qq rd rm rs sa sc sd se si sm sn so ss st tc tk tt ui um up uv va vc vs wa wc we wm wp ws xx',
    ),
    ...words('us eu uk de').flatMap((place) =>
      staged.slice(0, 12).flatMap((word) => [`${place}-${word}`, `${word}-${place}`]),
    ),
    ...numbered.slice(0, 20).flatMap((word) => [9, 10, 11, 12, 20, 100].map((number) => `${word}${number}`)),
    ...numbered.slice(0, 20).flatMap((word) => [4, 5, 6, 7, 8, 9].map((number) => `${word}0${number}`)),
    ...staged.flatMap((word) => ['dev', 'test', 'qa', 'uat'].map((stage) => `${word}${stage}`)),
    ...staged.flatMap((word) => ['old', 'new', 'v1', 'v2', 'internal', 'ext'].map((end) => `${word}-${end}`)),
  ];
  return [...new Set(made)];
}

/** The file of the table. */
export function makeTable() {
  const lines = [];
  let line = '';
  for (const word of makeWords()) {
    if (line.length + word.length + 1 > 108) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  lines.push(line);
  return `/** Labels that are tried below a zone, the likeliest first. Written by tools/make-words.mjs. @module */

/** Each once. */
export const commonLabels: readonly string[] = \`
${lines.join('\n')}
\`
  .trim()
  .split(/\\s+/);
`;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const table = new URL('../src/dns/zones/tables/words.ts', import.meta.url);
  writeFileSync(table, makeTable());
  process.stdout.write(`${makeWords().length} labels\n`);
}
