/** Labels that are tried below a zone, the likeliest first. Written by tools/make-words.mjs. @module */

/** Each once. */
export const commonLabels: readonly string[] = `
www mail ftp webmail smtp pop imap ns1 ns2 ns autodiscover autoconfig mx mx1 mx2 cpanel whm webdisk api dev
test staging stage blog shop admin portal vpn remote m mobile cdn static img images media assets app apps
beta demo secure login auth sso accounts account id my support help docs wiki forum status git gitlab
jenkins ci jira confluence crm erp intranet extranet owa exchange lync sip meet voip pbx dns dns1 dns2 ntp
proxy gw gateway fw router firewall backup db sql mysql postgres redis mongo elastic search kibana grafana
prometheus monitor monitoring nagios zabbix log logs syslog files file share cloud nextcloud owncloud
storage s3 download downloads upload video stream chat news store pay payment payments billing invoice
checkout cart web web1 web2 server server1 host localhost home old new v1 v2 preview sandbox uat qa prod
production live internal int ext dc dc1 ad ldap radius citrix rdp ts terminal remote2 hr jobs careers
partner partners customer customers client clients ns3 ns4 ns5 ns6 mx3 mx4 mx01 mx02 mx10 mail1 mail2 mail3
mail01 mail02 smtp1 smtp2 smtp3 smtpout smtp-out out outbound inbound relay relay1 relay2 mta mta1 mta2
mailer mailgw mailgate mailhub mailserver email newsletter lists list listserv bounce bounces sendgrid em e
click track tracking links link go url short redirect imap1 imap2 imaps pop3 pop3s pops mailbox mails post
postfix roundcube horde squirrelmail zimbra mailman spam antispam spamfilter filter mailfilter barracuda
ironport proofpoint mimecast dkim www1 www2 www3 www4 www-dev www-test www-stage ww w wap web3 web4 web01
web02 web03 webserver website sites site origin origin-www edge cache cache1 cache2 varnish squid lb lb1 lb2
loadbalancer haproxy nginx apache tomcat iis frontend front backend back api1 api2 api-dev api-test
api-staging api-docs rest graphql soap ws wss websocket rpc grpc gateway1 gateway2 apigw apim swagger
developer developers devportal sdk open opendata data oauth oauth2 oidc saml idp adfs sts iam identity
keycloak cas shibboleth okta login1 signin signup register registration password passwords pwd reset mfa otp
2fa vault secrets pki ca crl ocsp cert certs ssl tls vpn1 vpn2 vpn3 sslvpn openvpn wireguard wg ipsec
anyconnect globalprotect pulse juniper fortigate forti asa pfsense opnsense sophos checkpoint paloalto palo
f5 bigip waf ids ips siem splunk soc nac ise bastion jump jumphost jumpbox ssh sftp ftps ftp1 ftp2 rsync
tftp nfs smb cifs samba nas nas1 nas2 san ceph minio gluster hadoop hdfs spark hive kafka zookeeper rabbitmq
mq activemq amqp mqtt nats queue broker bus worker workers cron batch job scheduler airflow nifi etl dwh bi
tableau powerbi superset metabase looker qlik reports report reporting analytics stats stat statistics
metrics graph graphs graphite influx influxdb telegraf alertmanager alerts sentry apm jaeger tracing uptime
health ping probe netflow snmp cacti librenms observium icinga checkmk munin ganglia netdata nms noc netbox
ipam rack racktables inventory cmdb glpi itop ticket tickets helpdesk servicedesk service services desk
osticket otrs zendesk freshdesk redmine trac bugzilla bugs bug issues issue tracker phabricator youtrack
taiga trello kanban board projects project pm tasks task gitea gogs bitbucket svn cvs hg repo repos
repository code source src review gerrit build builds builder bamboo teamcity drone runner runners artifacts
artifactory nexus registry docker harbor hub packages pkg npm pypi maven mirror mirrors apt yum deb rpm dist
release releases update updates patch wsus sccm mdt pxe puppet chef salt ansible awx terraform foreman
cobbler rundeck spinnaker argocd argo flux helm rancher k8s kubernetes kube openshift okd nomad consul etcd
mesos swarm portainer traefik istio node node1 node2 node3 master master1 slave worker1 worker2 cluster
cluster1 esx esxi esx1 esxi1 vcenter vsphere vmware vm vm1 vm2 hyperv hv hv1 kvm proxmox pve pve1 xen
openstack horizon nova keystone glance cinder ovirt vdi view horizonview workspace desktop thin db1 db2 db3
db01 db02 database databases dbserver mysql1 mysql2 mariadb galera pgsql postgresql pg pgadmin phpmyadmin
pma mssql sql1 sql2 sqlserver oracle ora sap sapgui hana db2srv cassandra couchdb couchbase neo4j clickhouse
memcached memcache redis1 redis2 solr elasticsearch es es1 opensearch logstash sphinx print printer printers
printserver cups scan scanner fax copier plotter camera cameras cam cam1 cam2 cctv nvr dvr video1 videos tv
iptv streaming stream1 live1 rtmp hls vod player radio music audio podcast podcasts sip1 sip2 sbc pbx1
asterisk freepbx 3cx voip1 phone phones tel telefon call calls callcenter conference conf meeting meetings
webinar zoom teams skype webex bbb jitsi turn stun xmpp jabber im messenger matrix element mattermost
rocketchat slack irc discourse community communities forums board1 social connect cms wordpress wp drupal
joomla typo3 magento shopify prestashop shopware moodle lms learn learning elearning e-learning training
academy campus student students teacher faculty alumni library lib catalog opac crm1 salesforce sugarcrm
vtiger hubspot marketing campaign campaigns promo promotions ads ad1 adserver adverts affiliate affiliates
survey surveys feedback forms form poll events event calendar cal kalender booking bookings reservation
reservations reserve tickets1 order orders ordering sales quote quotes offer offers deals pos invoices
finance financial accounting payroll salary hrm people staff employee employees personnel team intranet1
intra inside insider corp corporate office office1 office2 hq branch remoteoffice group press media1 news1
blogs magazine journal publications pub public private secret hidden about info contact hello welcome home1
main root core base center centre central global world mobile1 m1 app1 app2 app3 apps1 appserver android ios
iphone ipad tablet touch kiosk iot device devices sensor sensors gateway3 scada plc hmi bms energy power ups
pdu ipmi ilo idrac kvm1 oob mgmt management manage manager console control controlpanel panel dashboard dash
cp plesk directadmin ispconfig webmin virtualmin vesta hosting hosting1 hostmaster reseller whmcs domains
domain dnsadmin registrar whois a b c d f g h i j k l n o p q r s t u v x y z api3 dns3 server2 server3
host1 host2 host3 vm3 srv1 srv2 srv3 lb3 cache3 proxy1 proxy2 proxy3 gw1 gw2 gw3 fw1 fw2 fw3 esx2 esx3 dc2
dc3 ad2 ad3 sql3 mysql3 pg1 pg2 pg3 redis3 es2 es3 kafka1 kafka2 kafka3 master2 master3 worker3 k8s1 k8s2
k8s3 nas3 san1 san2 san3 backup1 backup2 backup3 test1 test2 test3 dev1 dev2 dev3 cam3 ap1 ap2 ap3 sw1 sw2
sw3 sip3 pbx2 pbx3 voip2 voip3 static1 static2 static3 img1 img2 img3 cdn1 cdn2 cdn3 media2 media3 s1 s2
dev-api test-api staging-api api-stage stage-api api-stg stg-api app-dev dev-app app-test test-app
app-staging staging-app app-stage stage-app app-stg stg-app dev-www test-www www-staging staging-www
stage-www www-stg stg-www web-dev dev-web web-test test-web web-staging staging-web web-stage stage-web
web-stg stg-web admin-dev dev-admin admin-test test-admin admin-staging staging-admin admin-stage
stage-admin admin-stg stg-admin portal-dev dev-portal portal-test test-portal portal-staging staging-portal
portal-stage stage-portal portal-stg stg-portal auth-dev dev-auth auth-test test-auth auth-staging
staging-auth auth-stage stage-auth auth-stg stg-auth login-dev dev-login login-test test-login login-staging
staging-login login-stage stage-login login-stg stg-login db-dev dev-db db-test test-db db-staging
staging-db db-stage stage-db db-stg stg-db backend-dev dev-backend backend-test test-backend backend-staging
staging-backend backend-stage stage-backend backend-stg stg-backend frontend-dev dev-frontend frontend-test
test-frontend frontend-staging staging-frontend frontend-stage stage-frontend frontend-stg stg-frontend
shop-dev dev-shop shop-test test-shop shop-staging staging-shop shop-stage stage-shop shop-stg stg-shop
cms-dev dev-cms cms-test test-cms cms-staging staging-cms cms-stage stage-cms cms-stg stg-cms crm-dev
dev-crm crm-test test-crm crm-staging staging-crm crm-stage stage-crm crm-stg stg-crm erp-dev dev-erp
erp-test test-erp erp-staging staging-erp erp-stage stage-erp erp-stg stg-erp mail-dev dev-mail mail-test
test-mail mail-staging staging-mail mail-stage stage-mail mail-stg stg-mail vpn-dev dev-vpn vpn-test
test-vpn vpn-staging staging-vpn vpn-stage stage-vpn vpn-stg stg-vpn git-dev dev-git git-test test-git
git-staging staging-git git-stage stage-git git-stg stg-git ci-dev dev-ci ci-test test-ci ci-staging
staging-ci ci-stage stage-ci ci-stg stg-ci wiki-dev dev-wiki wiki-test test-wiki wiki-staging staging-wiki
wiki-stage stage-wiki wiki-stg stg-wiki app01 app02 app03 db03 api01 api02 api03 mail03 mx03 ns01 ns02 ns03
dns01 dns02 dns03 smtp01 smtp02 smtp03 vpn01 vpn02 vpn03 node01 node02 node03 server01 server02 server03
host01 host02 host03 vm01 vm02 vm03 srv01 srv02 srv03 www01 www02 www03 lb01 lb02 lb03 cache01 cache02
cache03 proxy01 proxy02 proxy03 gw01 gw02 gw03 fw01 fw02 fw03 esx01 esx02 esx03 dc01 dc02 dc03 ad01 ad02
ad03 sql01 sql02 sql03 mysql01 mysql02 mysql03 pg01 pg02 pg03 redis01 redis02 redis03 es01 es02 es03 kafka01
kafka02 kafka03 master01 master02 master03 worker01 worker02 worker03 k8s01 k8s02 k8s03 nas01 nas02 nas03
san01 san02 san03 backup01 backup02 backup03 test01 test02 test03 dev01 dev02 dev03 cam01 cam02 cam03 ap01
ap02 ap03 sw01 sw02 sw03 sip01 sip02 sip03 pbx01 pbx02 pbx03 voip01 voip02 voip03 static01 static02 static03
img01 img02 img03 cdn01 cdn02 cdn03 media01 media02 media03 s01 s02 s03 legal compliance audit risk security
infosec csirt abuse privacy gdpr it itsupport sysadmin ops devops sre engineering research science rnd
development design ux creative brand branding product products procurement purchasing supplier suppliers
vendor vendors logistics shipping warehouse wms fleet transport delivery returns factory plant manufacturing
mes quality facility facilities reception parking visitor investor investors ir ceo cfo cto exec strategy
consulting solutions enterprise business b2b b2c retail wholesale dealer dealers distributor agent agents
bank banking ebanking netbanking online onlinebanking card cards loan loans insurance claims policy wealth
trading trade fx crypto wallet ledger blockchain pay1 secure1 secure2 3ds gateway4 merchant merchants clinic
hospital patient patients pacs lab2 pharmacy medical doctor emr his school university uni college edu exam
exams grades timetable portal1 portal2 myportal gov city council citizen eservices egov tax court police
fire maps map gis geo geoserver tiles wms1 wfs weather travel hotel hotels flights cars rent property
realestate auction market marketplace games game gaming play server4 minecraft mc teamspeak ts3 discord bot
bots photo photos gallery pics pictures image images1 images2 assets2 css js fonts thumbs thumb avatar
avatars content contents cms1 feed feeds rss xml json sitemap robots archive archives archiv backups bak bck
restore veeam bacula borg dr drp failover standby replica secondary primary spare temp tmp testing tests
develop develop1 stage1 stage2 stg stg1 staging1 staging2 preprod pre-prod preproduction prelive pre
acceptance acc accept integration integ int1 perf load loadtest stress canary alpha nightly rc hotfix
feature trunk edge3 next demo1 demo2 poc pilot trial example sample playground sandbox1 sandbox2 training1
workshop legacy oldsite old1 oldmail oldwww classic v3 v4 deprecated retired my1 me user users member
members profile profiles clients1 vip premium pro plus free start get try join share1 shared sync drive box
dropbox docs1 document documents dms sharepoint sp alfresco onlyoffice collabora office365 o365 outlook
enterpriseenrollment enterpriseregistration msoid lyncdiscover sipexternal dialin access selector mdm intune
airwatch jamf emm imaging xerox ricoh hp dell cisco unifi ubnt mikrotik aruba meraki ruckus huawei synology
qnap freenas truenas readynas openfiler pihole adguard bind unbound resolver resolver1 resolver2 recursive
cachedns dnscache time time1 time2 ntp1 ntp2 clock gps dhcp dhcp1 dhcp2 tacacs radius1 radius2 aaa wins kdc
kerberos ipa freeipa ldap1 ldap2 ldaps openldap directory dir dc4 gc pdc bdc domaincontroller webdav dav
caldav carddav contacts addressbook groupware groupwise notes domino lotus sogo kolab egroupware webapp
webapps webservice webservices service1 service2 micro svc api4 api-gateway api-prod api-uat api-qa bff
engine render export import push notify notification notifications sms smsgw messaging message mailing
mailchimp mautic piwik matomo ga gtm tag tags pixel collect collector telemetry ingest beacon ai ml model
models jupyter notebook notebooks gpu hpc grid compute compute1 slurm mlflow kubeflow rstudio shiny datahub
datalake lake mart olap cube qlikview sas spss matlab license licence licensing lic flexlm keys key
keyserver hkp kms wsus1 av antivirus eset kaspersky mcafee epo defender edr crowd nessus openvas qualys burp
pentest red blue honeypot buchhaltung vertrieb verwaltung technik entwicklung dokumente dateien bilder
bestellung kunden kunde termine karriere presse hilfe konto anmeldung schule bibliothek rathaus stadt praxis
boutique espace espaceclient commande compte recherche actualites formation emploi intranet2 messagerie
webmail1 webmail2 correo tienda clientes soporte ayuda empleo noticias cursos biblioteca alumnos loja
cliente suporte ajuda correio sistema sistemas nfe ead posta negozio clienti supporto sklep poczta pomoc
klient praca dokumenty winkel klanten hulp werken butik kund hjalp nyheter us eu uk de fr nl pl cz at ch be
se no dk fi ie pt gr hu ro bg si sk ee lv lt ua ru tr il ae sa in cn jp kr hk tw sg th vn ph au nz br ar cl
co pe za ng ke eg east west north south us-east us-west eu-west eu-central ap-south ap-southeast
ap-northeast us-east-1 us-west-2 eu-west-1 eu-central-1 emea apac latam na amer asia europe america africa
london paris berlin munich frankfurt hamburg vienna zurich geneva milan rome madrid barcelona lisbon dublin
amsterdam brussels stockholm oslo copenhagen helsinki warsaw prague budapest bucharest sofia athens istanbul
moscow kiev dubai mumbai delhi bangalore singapore tokyo osaka seoul beijing shanghai sydney melbourne
auckland toronto montreal vancouver newyork nyc boston chicago dallas houston atlanta miami denver seattle
sanfrancisco sf la losangeles sanjose washington mexico bogota lima santiago buenosaires saopaulo rio
johannesburg capetown nairobi cairo lon lhr ams fra par mad mil waw sin tyo hkg syd ord dfw iad sjc lax sea
jfk ewr atl mia yyz gru site1 site2 rz rz1 colo pop1 pop2 az1 az2 zone1 zone2 region1 lab lab1 labs
datacenter campus1 dmz lan wan wifi wlan guest guests hotspot captive mpls sdwan peering bgp ix transit
core1 core2 sw switch switch1 ap router1 router2 rtr rtr1 firewall1 edge1 edge2 border dist1 web5 web6 web7
web8 app4 app5 app6 app7 app8 db4 db5 db6 db7 db8 api5 api6 api7 api8 mail4 mail5 mail6 mail7 mail8 mx5 mx6
mx7 mx8 ns7 ns8 dns4 dns5 dns6 dns7 dns8 smtp4 smtp5 smtp6 smtp7 smtp8 vpn4 vpn5 vpn6 vpn7 vpn8 node4 node5
node6 node7 node8 server5 server6 server7 server8 host4 host5 host6 host7 host8 vm4 vm5 vm6 vm7 vm8 srv4
srv5 srv6 srv7 srv8 www5 www6 www7 www8 lb4 lb5 lb6 lb7 lb8 cache4 cache5 cache6 cache7 cache8 proxy4 proxy5
proxy6 proxy7 proxy8 gw4 gw5 gw6 gw7 gw8 fw4 fw5 fw6 fw7 fw8 esx4 esx5 esx6 esx7 esx8 dc5 dc6 dc7 dc8 ad4
ad5 ad6 ad7 ad8 sql4 sql5 sql6 sql7 sql8 mysql4 mysql5 mysql6 mysql7 mysql8 pg4 pg5 pg6 pg7 pg8 redis4
redis5 redis6 redis7 redis8 es4 es5 es6 es7 es8 kafka4 kafka5 kafka6 kafka7 kafka8 master4 master5 master6
master7 master8 worker4 worker5 worker6 worker7 worker8 k8s4 k8s5 k8s6 k8s7 k8s8 nas4 nas5 nas6 nas7 nas8
san4 san5 san6 san7 san8 backup4 backup5 backup6 backup7 backup8 test4 test5 test6 test7 test8 dev4 dev5
dev6 dev7 dev8 cam4 cam5 cam6 cam7 cam8 ap4 ap5 ap6 ap7 ap8 sw4 sw5 sw6 sw7 sw8 sip4 sip5 sip6 sip7 sip8
pbx4 pbx5 pbx6 pbx7 pbx8 voip4 voip5 voip6 voip7 voip8 static4 static5 static6 static7 static8 img4 img5
img6 img7 img8 cdn4 cdn5 cdn6 cdn7 cdn8 media4 media5 media6 media7 media8 s4 s5 s6 s7 s8 prod-api uat-api
qa-api api-demo demo-api api-beta beta-api api-int int-api api-preprod preprod-api app-prod prod-app app-uat
uat-app app-qa qa-app app-demo demo-app app-beta beta-app app-int int-app app-preprod preprod-app www-prod
prod-www www-uat uat-www www-qa qa-www www-demo demo-www www-beta beta-www www-int int-www www-preprod
preprod-www web-prod prod-web web-uat uat-web web-qa qa-web web-demo demo-web web-beta beta-web web-int
int-web web-preprod preprod-web admin-prod prod-admin admin-uat uat-admin admin-qa qa-admin admin-demo
demo-admin admin-beta beta-admin admin-int int-admin admin-preprod preprod-admin portal-prod prod-portal
portal-uat uat-portal portal-qa qa-portal portal-demo demo-portal portal-beta beta-portal portal-int
int-portal portal-preprod preprod-portal auth-prod prod-auth auth-uat uat-auth auth-qa qa-auth auth-demo
demo-auth auth-beta beta-auth auth-int int-auth auth-preprod preprod-auth login-prod prod-login login-uat
uat-login login-qa qa-login login-demo demo-login login-beta beta-login login-int int-login login-preprod
preprod-login db-prod prod-db db-uat uat-db db-qa qa-db db-demo demo-db db-beta beta-db db-int int-db
db-preprod preprod-db backend-prod prod-backend backend-uat uat-backend backend-qa qa-backend backend-demo
demo-backend backend-beta beta-backend backend-int int-backend backend-preprod preprod-backend frontend-prod
prod-frontend frontend-uat uat-frontend frontend-qa qa-frontend frontend-demo demo-frontend frontend-beta
beta-frontend frontend-int int-frontend frontend-preprod preprod-frontend shop-prod prod-shop shop-uat
uat-shop shop-qa qa-shop shop-demo demo-shop shop-beta beta-shop shop-int int-shop shop-preprod preprod-shop
cms-prod prod-cms cms-uat uat-cms cms-qa qa-cms cms-demo demo-cms cms-beta beta-cms cms-int int-cms
cms-preprod preprod-cms crm-prod prod-crm crm-uat uat-crm crm-qa qa-crm crm-demo demo-crm crm-beta beta-crm
crm-int int-crm crm-preprod preprod-crm erp-prod prod-erp erp-uat uat-erp erp-qa qa-erp erp-demo demo-erp
erp-beta beta-erp erp-int int-erp erp-preprod preprod-erp mail-prod prod-mail mail-uat uat-mail mail-qa
qa-mail mail-demo demo-mail mail-beta beta-mail mail-int int-mail mail-preprod preprod-mail vpn-prod
prod-vpn vpn-uat uat-vpn vpn-qa qa-vpn vpn-demo demo-vpn vpn-beta beta-vpn vpn-int int-vpn vpn-preprod
preprod-vpn git-prod prod-git git-uat uat-git git-qa qa-git git-demo demo-git git-beta beta-git git-int
int-git git-preprod preprod-git ci-prod prod-ci ci-uat uat-ci ci-qa qa-ci ci-demo demo-ci ci-beta beta-ci
ci-int int-ci ci-preprod preprod-ci wiki-prod prod-wiki wiki-uat uat-wiki wiki-qa qa-wiki wiki-demo
demo-wiki wiki-beta beta-wiki wiki-int int-wiki wiki-preprod preprod-wiki docs-dev dev-docs docs-test
test-docs docs-staging staging-docs docs-stage stage-docs docs-stg stg-docs docs-prod prod-docs docs-uat
uat-docs docs-qa qa-docs docs-demo demo-docs docs-beta beta-docs docs-int int-docs docs-preprod preprod-docs
static-dev dev-static static-test test-static static-staging staging-static static-stage stage-static
static-stg stg-static static-prod prod-static static-uat uat-static static-qa qa-static static-demo
demo-static static-beta beta-static static-int int-static static-preprod preprod-static cdn-dev dev-cdn
cdn-test test-cdn cdn-staging staging-cdn cdn-stage stage-cdn cdn-stg stg-cdn cdn-prod prod-cdn cdn-uat
uat-cdn cdn-qa qa-cdn cdn-demo demo-cdn cdn-beta beta-cdn cdn-int int-cdn cdn-preprod preprod-cdn search-dev
dev-search search-test test-search search-staging staging-search search-stage stage-search search-stg
stg-search search-prod prod-search search-uat uat-search search-qa qa-search search-demo demo-search
search-beta beta-search search-int int-search search-preprod preprod-search pay-dev dev-pay pay-test
test-pay pay-staging staging-pay pay-stage stage-pay pay-stg stg-pay pay-prod prod-pay pay-uat uat-pay
pay-qa qa-pay pay-demo demo-pay pay-beta beta-pay pay-int int-pay pay-preprod preprod-pay mobile-dev
dev-mobile mobile-test test-mobile mobile-staging staging-mobile mobile-stage stage-mobile mobile-stg
stg-mobile mobile-prod prod-mobile mobile-uat uat-mobile mobile-qa qa-mobile mobile-demo demo-mobile
mobile-beta beta-mobile mobile-int int-mobile mobile-preprod preprod-mobile m-dev dev-m m-test test-m
m-staging staging-m m-stage stage-m m-stg stg-m m-prod prod-m m-uat uat-m m-qa qa-m m-demo demo-m m-beta
beta-m m-int int-m m-preprod preprod-m sso-dev dev-sso sso-test test-sso sso-staging staging-sso sso-stage
stage-sso sso-stg stg-sso sso-prod prod-sso sso-uat uat-sso sso-qa qa-sso sso-demo demo-sso sso-beta
beta-sso sso-int int-sso sso-preprod preprod-sso my-dev dev-my my-test test-my my-staging staging-my
my-stage stage-my my-stg stg-my my-prod prod-my my-uat uat-my my-qa qa-my my-demo demo-my my-beta beta-my
my-int int-my my-preprod preprod-my id-dev dev-id id-test test-id id-staging staging-id id-stage stage-id
id-stg stg-id id-prod prod-id id-uat uat-id id-qa qa-id id-demo demo-id id-beta beta-id id-int int-id
id-preprod preprod-id data-dev dev-data data-test test-data data-staging staging-data data-stage stage-data
data-stg stg-data data-prod prod-data data-uat uat-data data-qa qa-data data-demo demo-data data-beta
beta-data data-int int-data data-preprod preprod-data files-dev dev-files files-test test-files
files-staging staging-files files-stage stage-files files-stg stg-files files-prod prod-files files-uat
uat-files files-qa qa-files files-demo demo-files files-beta beta-files files-int int-files files-preprod
preprod-files media-dev dev-media media-test test-media media-staging staging-media media-stage stage-media
media-stg stg-media media-prod prod-media media-uat uat-media media-qa qa-media media-demo demo-media
media-beta beta-media media-int int-media media-preprod preprod-media img-dev dev-img img-test test-img
img-staging staging-img img-stage stage-img img-stg stg-img img-prod prod-img img-uat uat-img img-qa qa-img
img-demo demo-img img-beta beta-img img-int int-img img-preprod preprod-img blog-dev dev-blog blog-test
test-blog blog-staging staging-blog blog-stage stage-blog blog-stg stg-blog blog-prod prod-blog blog-uat
uat-blog blog-qa qa-blog blog-demo demo-blog blog-beta beta-blog blog-int int-blog blog-preprod preprod-blog
status-dev dev-status status-test test-status status-staging staging-status status-stage stage-status
status-stg stg-status status-prod prod-status status-uat uat-status status-qa qa-status status-demo
demo-status status-beta beta-status status-int int-status status-preprod preprod-status dashboard-dev
dev-dashboard dashboard-test test-dashboard dashboard-staging staging-dashboard dashboard-stage
stage-dashboard dashboard-stg stg-dashboard dashboard-prod prod-dashboard dashboard-uat uat-dashboard
dashboard-qa qa-dashboard dashboard-demo demo-dashboard dashboard-beta beta-dashboard dashboard-int
int-dashboard dashboard-preprod preprod-dashboard service-dev dev-service service-test test-service
service-staging staging-service service-stage stage-service service-stg stg-service service-prod
prod-service service-uat uat-service service-qa qa-service service-demo demo-service service-beta
beta-service service-int int-service service-preprod preprod-service services-dev dev-services services-test
test-services services-staging staging-services services-stage stage-services services-stg stg-services
services-prod prod-services services-uat uat-services services-qa qa-services services-demo demo-services
services-beta beta-services services-int int-services services-preprod preprod-services worker-dev
dev-worker worker-test test-worker worker-staging staging-worker worker-stage stage-worker worker-stg
stg-worker worker-prod prod-worker worker-uat uat-worker worker-qa qa-worker worker-demo demo-worker
worker-beta beta-worker worker-int int-worker worker-preprod preprod-worker gateway-dev dev-gateway
gateway-test test-gateway gateway-staging staging-gateway gateway-stage stage-gateway gateway-stg
stg-gateway gateway-prod prod-gateway gateway-uat uat-gateway gateway-qa qa-gateway gateway-demo
demo-gateway gateway-beta beta-gateway gateway-int int-gateway gateway-preprod preprod-gateway bravo charlie
delta echo foxtrot golf india juliet kilo mike november oscar papa quebec romeo sierra tango uniform victor
whiskey xray yankee zulu mercury venus earth mars jupiter saturn uranus neptune pluto moon sun luna sol
titan europa io ganymede callisto orion sirius vega rigel andromeda phoenix pegasus hydra draco lyra cygnus
aquila polaris comet galaxy zeus hera apollo athena artemis hermes ares hades poseidon demeter dionysus
hephaestus atlas kronos gaia helios iris nike odin thor loki freya heimdall baldur tyr asgard midgard
valhalla gandalf frodo bilbo sauron saruman aragorn legolas gimli boromir elrond galadriel mordor gondor
rohan shire yoda vader luke leia obiwan hal skynet neo morpheus trinity smith voyager defiant spock kirk
picard worf riker homer bart marge lisa maggie asterix obelix idefix tintin snoopy green yellow orange
purple black white silver gold bronze copper iron steel carbon helium hydrogen oxygen neon argon krypton
xenon radon eagle falcon hawk raven owl tiger lion leopard panther wolf bear fox shark whale dolphin orca
cobra python viper dragon unicorn griffin kraken elephant rhino buffalo zebra web-1 web-2 app-1 app-2 db-1
db-2 api-1 api-2 mail-1 mail-2 mx-1 mx-2 ns-1 ns-2 dns-1 dns-2 smtp-1 smtp-2 vpn-1 vpn-2 node-1 node-2
server-1 server-2 host-1 host-2 vm-1 vm-2 srv-1 srv-2 www-1 www-2 lb-1 lb-2 cache-1 cache-2 proxy-1 proxy-2
gw-1 gw-2 fw-1 fw-2 esx-1 esx-2 dc-1 dc-2 ad-1 ad-2 sql-1 sql-2 mysql-1 mysql-2 pg-1 pg-2 redis-1 redis-2
es-1 es-2 kafka-1 kafka-2 master-1 master-2 worker-1 worker-2 k8s-1 k8s-2 nas-1 nas-2 san-1 san-2 backup-1
backup-2 test-1 test-2 dev-1 dev-2 cam-1 cam-2 ap-1 ap-2 sw-1 sw-2 sip-1 sip-2 pbx-1 pbx-2 voip-1 voip-2
static-1 static-2 img-1 img-2 cdn-1 cdn-2 media-1 media-2 s-1 s-2 0 1 2 3 4 5 6 7 8 9 aa ab ac as cc cs da
dd ff fs gg gt hd is kb lg lp ma mb mm ms mt nc nn np oa os pc pp ps qq rd rm rs sc sd sm sn so ss st tc tk
tt ui um up uv va vc vs wa wc we wm xx us-api api-us us-app app-us us-www www-us us-web web-us us-admin
admin-us us-portal portal-us us-auth auth-us us-login login-us us-db db-us us-backend backend-us us-frontend
frontend-us us-shop shop-us eu-api api-eu eu-app app-eu eu-www www-eu eu-web web-eu eu-admin admin-eu
eu-portal portal-eu eu-auth auth-eu eu-login login-eu eu-db db-eu eu-backend backend-eu eu-frontend
frontend-eu eu-shop shop-eu uk-api api-uk uk-app app-uk uk-www www-uk uk-web web-uk uk-admin admin-uk
uk-portal portal-uk uk-auth auth-uk uk-login login-uk uk-db db-uk uk-backend backend-uk uk-frontend
frontend-uk uk-shop shop-uk de-api api-de de-app app-de de-www www-de de-web web-de de-admin admin-de
de-portal portal-de de-auth auth-de de-login login-de de-db db-de de-backend backend-de de-frontend
frontend-de de-shop shop-de web9 web10 web11 web12 web20 web100 app9 app10 app11 app12 app20 app100 db9 db10
db11 db12 db20 db100 api9 api10 api11 api12 api20 api100 mail9 mail10 mail11 mail12 mail20 mail100 mx9 mx11
mx12 mx20 mx100 ns9 ns10 ns11 ns12 ns20 ns100 dns9 dns10 dns11 dns12 dns20 dns100 smtp9 smtp10 smtp11 smtp12
smtp20 smtp100 vpn9 vpn10 vpn11 vpn12 vpn20 vpn100 node9 node10 node11 node12 node20 node100 server9
server10 server11 server12 server20 server100 host9 host10 host11 host12 host20 host100 vm9 vm10 vm11 vm12
vm20 vm100 srv9 srv10 srv11 srv12 srv20 srv100 www9 www10 www11 www12 www20 www100 lb9 lb10 lb11 lb12 lb20
lb100 cache9 cache10 cache11 cache12 cache20 cache100 proxy9 proxy10 proxy11 proxy12 proxy20 proxy100 gw9
gw10 gw11 gw12 gw20 gw100 web04 web05 web06 web07 web08 web09 app04 app05 app06 app07 app08 app09 db04 db05
db06 db07 db08 db09 api04 api05 api06 api07 api08 api09 mail04 mail05 mail06 mail07 mail08 mail09 mx04 mx05
mx06 mx07 mx08 mx09 ns04 ns05 ns06 ns07 ns08 ns09 dns04 dns05 dns06 dns07 dns08 dns09 smtp04 smtp05 smtp06
smtp07 smtp08 smtp09 vpn04 vpn05 vpn06 vpn07 vpn08 vpn09 node04 node05 node06 node07 node08 node09 server04
server05 server06 server07 server08 server09 host04 host05 host06 host07 host08 host09 vm04 vm05 vm06 vm07
vm08 vm09 srv04 srv05 srv06 srv07 srv08 srv09 www04 www05 www06 www07 www08 www09 lb04 lb05 lb06 lb07 lb08
lb09 cache04 cache05 cache06 cache07 cache08 cache09 proxy04 proxy05 proxy06 proxy07 proxy08 proxy09 gw04
gw05 gw06 gw07 gw08 gw09 apidev apitest apiqa apiuat appdev apptest appqa appuat wwwdev wwwtest wwwqa wwwuat
webdev webtest webqa webuat admindev admintest adminqa adminuat portaldev portaltest portalqa portaluat
authdev authtest authqa authuat logindev logintest loginqa loginuat dbdev dbtest dbqa dbuat backenddev
backendtest backendqa backenduat frontenddev frontendtest frontendqa frontenduat shopdev shoptest shopqa
shopuat cmsdev cmstest cmsqa cmsuat crmdev crmtest crmqa crmuat erpdev erptest erpqa erpuat maildev mailtest
mailqa mailuat vpndev vpntest vpnqa vpnuat gitdev gittest gitqa gituat cidev citest ciqa ciuat wikidev
wikitest wikiqa wikiuat docsdev docstest docsqa docsuat staticdev statictest staticqa staticuat cdndev
cdntest cdnqa cdnuat searchdev searchtest searchqa searchuat paydev paytest payqa payuat mobiledev
mobiletest mobileqa mobileuat mdev mtest mqa muat ssodev ssotest ssoqa ssouat mydev mytest myqa myuat iddev
idtest idqa iduat datadev datatest dataqa datauat filesdev filestest filesqa filesuat mediadev mediatest
mediaqa mediauat imgdev imgtest imgqa imguat blogdev blogtest blogqa bloguat statusdev statustest statusqa
statusuat dashboarddev dashboardtest dashboardqa dashboarduat servicedev servicetest serviceqa serviceuat
servicesdev servicestest servicesqa servicesuat workerdev workertest workerqa workeruat gatewaydev
gatewaytest gatewayqa gatewayuat api-old api-new api-v1 api-v2 api-internal api-ext app-old app-new app-v1
app-v2 app-internal app-ext www-old www-new www-v1 www-v2 www-internal www-ext web-old web-new web-v1 web-v2
web-internal web-ext admin-old admin-new admin-v1 admin-v2 admin-internal admin-ext portal-old portal-new
portal-v1 portal-v2 portal-internal portal-ext auth-old auth-new auth-v1 auth-v2 auth-internal auth-ext
login-old login-new login-v1 login-v2 login-internal login-ext db-old db-new db-v1 db-v2 db-internal db-ext
backend-old backend-new backend-v1 backend-v2 backend-internal backend-ext frontend-old frontend-new
frontend-v1 frontend-v2 frontend-internal frontend-ext shop-old shop-new shop-v1 shop-v2 shop-internal
shop-ext cms-old cms-new cms-v1 cms-v2 cms-internal cms-ext crm-old crm-new crm-v1 crm-v2 crm-internal
crm-ext erp-old erp-new erp-v1 erp-v2 erp-internal erp-ext mail-old mail-new mail-v1 mail-v2 mail-internal
mail-ext vpn-old vpn-new vpn-v1 vpn-v2 vpn-internal vpn-ext git-old git-new git-v1 git-v2 git-internal
git-ext ci-old ci-new ci-v1 ci-v2 ci-internal ci-ext wiki-old wiki-new wiki-v1 wiki-v2 wiki-internal
wiki-ext docs-old docs-new docs-v1 docs-v2 docs-internal docs-ext static-old static-new static-v1 static-v2
static-internal static-ext cdn-old cdn-new cdn-v1 cdn-v2 cdn-internal cdn-ext search-old search-new
search-v1 search-v2 search-internal search-ext pay-old pay-new pay-v1 pay-v2 pay-internal pay-ext mobile-old
mobile-new mobile-v1 mobile-v2 mobile-internal mobile-ext m-old m-new m-v1 m-v2 m-internal m-ext sso-old
sso-new sso-v1 sso-v2 sso-internal sso-ext my-old my-new my-v1 my-v2 my-internal my-ext id-old id-new id-v1
id-v2 id-internal id-ext data-old data-new data-v1 data-v2 data-internal data-ext files-old files-new
files-v1 files-v2 files-internal files-ext media-old media-new media-v1 media-v2 media-internal media-ext
img-old img-new img-v1 img-v2 img-internal img-ext blog-old blog-new blog-v1 blog-v2 blog-internal blog-ext
status-old status-new status-v1 status-v2 status-internal status-ext dashboard-old dashboard-new
dashboard-v1 dashboard-v2 dashboard-internal dashboard-ext service-old service-new service-v1 service-v2
service-internal service-ext services-old services-new services-v1 services-v2 services-internal
services-ext worker-old worker-new worker-v1 worker-v2 worker-internal worker-ext gateway-old gateway-new
gateway-v1 gateway-v2 gateway-internal gateway-ext
`
  .trim()
  .split(/\s+/);
