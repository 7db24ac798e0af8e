/**
 * What is served: programs that are known by a field of their own, a cookie, a title, a redirect or the shape of their
 * JSON, whatever server stands before them.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';
import { by, byShape } from './rule.ts';

/** Programs. */
export const applications: readonly ProductRule[] = [
  // Stores and what looks after them.
  {
    when: { body: /"tagline"\s{0,4}:\s{0,4}"You Know, for Search"/, ...number('number') },
    product: 'Elasticsearch',
    version: '$1',
    cpe: 'a:elastic:elasticsearch',
  },
  by('x-elastic-product', /^Elasticsearch$/, 'Elasticsearch', { cpe: 'a:elastic:elasticsearch' }),
  {
    when: { body: /"tagline"\s{0,4}:\s{0,4}"The OpenSearch Project/, ...number('number') },
    product: 'OpenSearch',
    version: '$1',
    cpe: 'a:opensearch:opensearch',
  },
  by('kbn-version', /^([\d.]+)/, 'Kibana', { version: '$1', cpe: 'a:elastic:kibana' }),
  by('x-syncthing-version', /^v?(\d[\w.~+-]*)/, 'Syncthing', { version: '$1', cpe: 'a:syncthing:syncthing' }),
  by('cookie', /(?:^| )CSRF-Token-[A-Z\d]{5}(?: |$)/, 'Syncthing', {
    confidence: 7,
    cpe: 'a:syncthing:syncthing',
  }),
  by('title', /^I2Pd HTTP proxy$/, 'i2pd', { cpe: 'a:i2pd:i2pd' }),
  by('kbn-name', /./, 'Kibana', { cpe: 'a:elastic:kibana' }),
  by('osd-name', /./, 'OpenSearch Dashboards', { cpe: 'a:opensearch:dashboards' }),
  by('x-influxdb-version', /^v?([\w.~+-]+)/, 'InfluxDB', { version: '$1', cpe: 'a:influxdata:influxdb' }),
  {
    when: { body: /^\{"couchdb":"Welcome"/, ...number('version') },
    product: 'CouchDB httpd',
    version: '$1',
    cpe: 'a:apache:couchdb',
  },
  {
    when: { body: /^\{"message":"Welcome to Neo4j|"neo4j_version"/, ...number('neo4j_version') },
    product: 'Neo4j',
    version: '$1',
    cpe: 'a:neo4j:neo4j',
  },
  by('x-clickhouse-summary', /./, 'ClickHouse', { cpe: 'a:clickhouse:clickhouse' }),
  by('title', /^Solr Admin/, 'Apache Solr', { cpe: 'a:apache:solr' }),
  by('title', /^MinIO (?:Console|Browser)/, 'MinIO', { info: 'console', cpe: 'a:minio:minio' }),
  by('title', /^phpMyAdmin(?: ([\d.]+))?/, 'phpMyAdmin', { version: '$1', cpe: 'a:phpmyadmin:phpmyadmin' }),
  by('cookie', /(?:^| )phpMyAdmin(?: |$)/, 'phpMyAdmin', { cpe: 'a:phpmyadmin:phpmyadmin' }),
  by('title', /^pgAdmin 4/, 'pgAdmin', { cpe: 'a:pgadmin:pgadmin_4' }),
  by('title', /^Adminer$|^Login - Adminer/, 'Adminer', { cpe: 'a:adminer:adminer' }),

  // What watches.
  {
    when: { title: /^Grafana$/, body: /"buildInfo":\{[^{}]{0,200}"version":"([\w.-]+)"/ },
    product: 'Grafana',
    version: '$1',
    cpe: 'a:grafana:grafana',
  },
  by('title', /^Grafana$/, 'Grafana', { cpe: 'a:grafana:grafana' }),
  byShape({ redirect: /^\/login$/, cookie: /(?:^| )redirect_to(?: |$)/ }, 'Grafana', {
    cpe: 'a:grafana:grafana',
  }),
  by('title', /^Prometheus Time Series Collection/, 'Prometheus', { cpe: 'a:prometheus:prometheus' }),
  byShape(
    { redirect: /^\/(?:classic\/)?(?:graph|query)$/, body: /^<a href="\/[a-z/]{5,13}">Found<\/a>\.\n/ },
    'Prometheus',
    { cpe: 'a:prometheus:prometheus' },
  ),
  by('title', /^Prometheus Pushgateway$/, 'Prometheus Pushgateway', { cpe: 'a:prometheus:pushgateway' }),
  by('title', /^Alertmanager$/, 'Prometheus Alertmanager', { cpe: 'a:prometheus:alertmanager' }),
  {
    when: { title: /^(\w[\w ]{0,30}) Exporter$/i, body: /Version: \(version=([\w.+~-]+)/ },
    product: 'Prometheus $1 exporter',
    version: '$2',
  },
  by('title', /^(\w[\w ]{0,30}) Exporter$/i, 'Prometheus $1 exporter'),
  by('title', /(?:^|: )Zabbix$/, 'Zabbix', { cpe: 'a:zabbix:zabbix' }),
  by('cookie', /(?:^| )zbx_session(?:id)?(?: |$)/, 'Zabbix', { cpe: 'a:zabbix:zabbix' }),
  by('realm', /^Nagios Access$/, 'Nagios', { cpe: 'a:nagios:nagios' }),
  by('title', /^Nagios(?: Core)?(?: on |: |$)/, 'Nagios', { cpe: 'a:nagios:nagios' }),
  by('title', /^Icinga Web/, 'Icinga Web', { cpe: 'a:icinga:icinga_web' }),
  by('title', /^netdata\b/i, 'Netdata', { cpe: 'a:netdata:netdata' }),
  by('cookie', /(?:^| )splunkweb_csrf_token_\d/, 'Splunk', { cpe: 'a:splunk:splunk' }),
  by('title', /^Uptime Kuma$/, 'Uptime Kuma'),
  by('title', /^Graylog Web Interface$/, 'Graylog', { cpe: 'a:graylog:graylog' }),

  // What runs other programs.
  {
    when: { body: /^\{\s{0,8}"kind":\s?"Status",\s{0,8}"apiVersion":\s?"v1"/ },
    product: 'Kubernetes API server',
    cpe: 'a:kubernetes:kubernetes',
  },
  byShape(
    {
      'access-control-allow-headers': /^accept, content-type, authorization$/,
      'access-control-allow-methods': /^POST, GET, OPTIONS, PUT, DELETE$/,
      body: /^404 page not found\n$/,
    },
    'etcd',
    { cpe: 'a:etcd:etcd' },
  ),
  by('x-consul-index', /./, 'Consul', { cpe: 'a:hashicorp:consul' }),
  by('body', /^Consul Agent/, 'Consul', { cpe: 'a:hashicorp:consul' }),
  by('title', /^(Consul|Vault|Nomad)(?: by HashiCorp)?$/, 'HashiCorp $1'),
  by('docker-distribution-api-version', /^registry\/2/, 'Docker Registry', { info: 'API 2' }),
  byShape({ 'docker-experimental': /./, 'api-version': /^([\d.]+)$/ }, 'Docker', {
    info: 'API $1',
    cpe: 'a:docker:docker',
  }),
  by('title', /^Portainer$/, 'Portainer', { cpe: 'a:portainer:portainer' }),
  by('title', /^Rancher$/, 'Rancher', { cpe: 'a:suse:rancher' }),
  by('title', /^Traefik(?: Proxy)?$/, 'Traefik', { info: 'dashboard', cpe: 'a:traefik:traefik' }),
  by('title', /^RabbitMQ Management$/, 'RabbitMQ', {
    info: 'management',
    cpe: 'a:vmware:rabbitmq',
  }),
  by('realm', /^ActiveMQRealm$/, 'Apache ActiveMQ', { info: 'console', cpe: 'a:apache:activemq' }),
  by('title', /^Apache Tomcat\/([\w.]+)/, 'Apache Tomcat', { version: '$1', cpe: 'a:apache:tomcat' }),
  by('body', /<h3>Apache Tomcat\/([\w.]{1,20})<\/h3>/, 'Apache Tomcat', {
    version: '$1',
    cpe: 'a:apache:tomcat',
  }),
  by('title', /^Spark (?:Master|shell)/, 'Apache Spark', { cpe: 'a:apache:spark' }),
  by('title', /^Apache Flink Web Dashboard$/, 'Apache Flink', { cpe: 'a:apache:flink' }),
  by('title', /^(?:Sign In - )?Airflow$/i, 'Apache Airflow', { cpe: 'a:apache:airflow' }),
  by('title', /^(Jupyter Notebook|JupyterLab|JupyterHub|Jupyter Server)$/, '$1'),
  by('title', /^Node-RED$/, 'Node-RED', { cpe: 'a:nodered:node-red' }),
  by('title', /^Welcome to Keycloak/, 'Keycloak', { cpe: 'a:redhat:keycloak' }),

  // What code is kept and built in.
  by('x-jenkins', /^([\w.]+)/, 'Jenkins', { version: '$1', cpe: 'a:jenkins:jenkins' }),
  by('x-gitlab-meta', /./, 'GitLab', { cpe: 'a:gitlab:gitlab' }),
  by('cookie', /(?:^| )_gitlab_session(?: |$)/, 'GitLab', { cpe: 'a:gitlab:gitlab' }),
  {
    when: { cookie: /(?:^| )i_like_gitea(?: |$)/, body: /Powered by Gitea Version: ([\w.+-]{1,40})/ },
    product: 'Gitea',
    version: '$1',
    cpe: 'a:gitea:gitea',
  },
  by('cookie', /(?:^| )i_like_gitea(?: |$)/, 'Gitea', { cpe: 'a:gitea:gitea' }),
  by('cookie', /(?:^| )i_like_gogs(?: |$)/, 'Gogs', { cpe: 'a:gogs:gogs' }),
  by('cookie', /(?:^| )i_like_forgejo(?: |$)/, 'Forgejo', { cpe: 'a:forgejo:forgejo' }),
  by('title', /^SonarQube$/, 'SonarQube', { cpe: 'a:sonarsource:sonarqube' }),
  by('title', /^(?:Sonatype )?Nexus Repository/, 'Sonatype Nexus Repository', {
    cpe: 'a:sonatype:nexus_repository_manager',
  }),
  by('x-artifactory-id', /./, 'JFrog Artifactory', { cpe: 'a:jfrog:artifactory' }),
  by('x-confluence-request-time', /./, 'Atlassian Confluence', { cpe: 'a:atlassian:confluence' }),
  by('cookie', /(?:^| )atlassian\.xsrf\.token(?: |$)/, 'Atlassian Jira', { cpe: 'a:atlassian:jira' }),

  // What people use.
  by('cookie', /(?:^| )(?:__Host-)?nc_sameSiteCookie(?:lax|strict)(?: |$)/, 'Nextcloud', {
    cpe: 'a:nextcloud:nextcloud_server',
  }),
  by('title', /^(?:Login . )?Nextcloud$/, 'Nextcloud', { cpe: 'a:nextcloud:nextcloud_server' }),
  by('title', /^ownCloud$/, 'ownCloud', { cpe: 'a:owncloud:owncloud' }),
  by('title', /^Home Assistant$/, 'Home Assistant', { cpe: 'a:home-assistant:home-assistant' }),
  by('x-plex-protocol', /./, 'Plex Media Server', { cpe: 'a:plex:media_server' }),
  by('title', /^Jellyfin$/, 'Jellyfin', { cpe: 'a:jellyfin:jellyfin' }),
  by('title', /^Emby$/, 'Emby', { cpe: 'a:emby:emby' }),
  by('x-pi-hole', /./, 'Pi-hole', { cpe: 'a:pi-hole:pi-hole' }),
  by('title', /^AdGuard Home$|^Login - AdGuard Home$/, 'AdGuard Home', { cpe: 'a:adguard:adguardhome' }),
  by('title', /^OctoPrint(?: Login)?$/, 'OctoPrint', { cpe: 'a:octoprint:octoprint', device: 'printer' }),
  by('title', /^(?:Deluge: Web UI|Deluge WebUI)/, 'Deluge'),
  by('title', /^qBittorrent/, 'qBittorrent web UI', { cpe: 'a:qbittorrent:qbittorrent' }),
  by('redirect', /\/_matrix\/static\/$/, 'Synapse', { info: 'Matrix homeserver', cpe: 'a:matrix:synapse' }),
  by('icy-notice2', /^SHOUTcast[^/]{0,80}\/\w+ v([\w.]+)/i, 'SHOUTcast', {
    version: '$1',
    cpe: 'a:nullsoft:shoutcast_server',
  }),
  by('generator', /^WordPress(?: ([\d.]+))?/, 'WordPress', { version: '$1', cpe: 'a:wordpress:wordpress' }),
  by('link', /rel="https:\/\/api\.w\.org\/"/, 'WordPress', { cpe: 'a:wordpress:wordpress' }),
  by('x-generator', /^Drupal (\d+)/, 'Drupal', { version: '$1', cpe: 'a:drupal:drupal' }),
  by('generator', /^Drupal (\d+)/, 'Drupal', { version: '$1', cpe: 'a:drupal:drupal' }),
  by('generator', /^Joomla!/, 'Joomla!', { cpe: 'a:joomla:joomla' }),
  by('generator', /^MediaWiki ([\w.-]+)/, 'MediaWiki', { version: '$1', cpe: 'a:mediawiki:mediawiki' }),
  by('generator', /^TYPO3 (?:CMS ?)?(\d[\d.]*)?/, 'TYPO3', { version: '$1', cpe: 'a:typo3:typo3' }),
  by('generator', /^Discourse (\d[\w.]*)/, 'Discourse', { version: '$1', cpe: 'a:discourse:discourse' }),
  by('title', /^Roundcube Webmail/, 'Roundcube', { cpe: 'a:roundcube:webmail' }),
  by('x-owa-version', /^([\d.]+)/, 'Microsoft Exchange', {
    version: '$1',
    info: 'Outlook Web App',
    cpe: 'a:microsoft:exchange_server',
    os: 'Windows',
  }),
  by('microsoftsharepointteamservices', /^([\d.]+)/, 'Microsoft SharePoint', {
    version: '$1',
    cpe: 'a:microsoft:sharepoint_server',
    os: 'Windows',
  }),
];

/** A version somewhere in a JSON text: `"number" : "8.1.2"`. */
function number(name: string): { readonly json: RegExp } {
  return { json: new RegExp(`"${name}"\\s{0,4}:\\s{0,4}"(\\d[\\w.+-]{0,40})"`) };
}
