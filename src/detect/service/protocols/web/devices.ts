/**
 * Devices by the pages with which they are looked after.
 *
 * @module
 */

import type { ProductRule } from '../../contract.ts';
import { by, byShape } from './rule.ts';

const router = { device: 'broadband router' } as const;
const storage = { device: 'storage-misc' } as const;
const printer = { device: 'printer' } as const;
const camera = { device: 'webcam' } as const;
const firewall = { device: 'firewall' } as const;
const management = { device: 'remote management' } as const;

/** Devices. */
export const devices: readonly ProductRule[] = [
  // Routers and what stands at the edge.
  {
    when: { title: /^RouterOS/, body: /RouterOS v([\d.]+)/ },
    product: 'MikroTik router config httpd',
    version: '$1',
    os: 'RouterOS',
    device: 'router',
    cpe: 'o:mikrotik:routeros',
  },
  by('title', /^RouterOS/, 'MikroTik router config httpd', { os: 'RouterOS', device: 'router' }),
  by('title', /^FRITZ!(?:Box|Repeater|Powerline)[\w. !-]{0,40}$/, 'AVM FRITZ!Box http config', router),
  by('title', /^(?:Speedport)[\w .-]{0,40}$/, 'Telekom Speedport http config', router),
  byShape({ body: /\bcgi-bin\/luci\b/ }, 'OpenWrt LuCI', { os: 'Linux', device: 'broadband router' }),
  by('title', /^DD-WRT \(build (\d+)\)/, 'DD-WRT http config', { version: '$1', ...router }),
  by('realm', /^(?:TP-LINK|TP-Link) (.{1,60})$/, 'TP-Link $1 http config', router),
  by('realm', /^NETGEAR ([\w-]{1,30})/i, 'NETGEAR $1 http config', router),
  by('realm', /^Linksys ([\w-]{1,30})/i, 'Linksys $1 http config', router),
  by('realm', /^(?:D-Link )?(DIR-[\w-]{1,20})/, 'D-Link $1 http config', router),
  by('title', /^ASUS Login$|^ASUS Wireless Router ([\w-]{1,20})/, 'ASUS router http config', router),
  by('cookie', /(?:^| )AIROS_\w+(?: |$)/, 'Ubiquiti airOS http config', { device: 'WAP', os: 'airOS' }),
  by('title', /^UniFi (?:Network|Controller|OS)/, 'Ubiquiti UniFi', {
    cpe: 'a:ui:unifi_network_application',
  }),
  byShape({ redirect: /\/manage\/account\/login\?redirect=%2Fmanage$/ }, 'Ubiquiti UniFi', {
    cpe: 'a:ui:unifi_network_application',
  }),
  by('realm', /^level[_ ]15[_ ](?:or view_)?access$/, 'Cisco IOS http config', {
    os: 'IOS',
    device: 'router',
  }),
  by('redirect', /\/\+CSCOE\+\/logon\.html/, 'Cisco ASA firewall http config', firewall),
  by('title', /^pfSense\b/, 'pfSense', {
    ...firewall,
    cpe: 'a:netgate:pfsense',
  }),
  by('title', /^Login \| OPNsense$/, 'OPNsense', { ...firewall, cpe: 'a:opnsense:opnsense' }),
  by('title', /^FortiGate$/, 'Fortinet FortiGate http config', firewall),
  by('redirect', /^\/[a-z]{6}-protect\/login\.esp/, 'Palo Alto GlobalProtect Gateway httpd', firewall),
  by('title', /^Sophos$/, 'Sophos firewall http config', firewall),
  by('cookie', /(?:^| )BIGipServer[^ ]{1,60}/, 'F5 BIG-IP load balancer http proxy', {
    device: 'load balancer',
  }),
  by('cookie', /(?:^| )NSC_(?:AAAC|TMAS|TEMP)(?: |$)/, 'Citrix NetScaler Gateway', {
    device: 'load balancer',
  }),

  // Storage.
  by('title', /^(?:Synology (?:DiskStation|RackStation|NAS)|[\w .-]{1,40} - Synology)/, 'Synology DSM', {
    ...storage,
    cpe: 'a:synology:diskstation_manager',
  }),
  by('body', /^.{0,200}(?:Synology DiskStation Manager|SYNO\.SDS)/s, 'Synology DSM', {
    ...storage,
    cpe: 'a:synology:diskstation_manager',
  }),
  by('title', /^QNAP(?: Turbo NAS)?$/, 'QNAP NAS', { ...storage, cpe: 'o:qnap:qts' }),
  by('title', /^(?:TrueNAS|FreeNAS)\b/, 'TrueNAS', { ...storage, cpe: 'a:ixsystems:truenas' }),
  by('title', /^openmediavault\b/i, 'OpenMediaVault', { ...storage, cpe: 'a:openmediavault:openmediavault' }),

  // Machines and what runs virtual ones.
  by('title', /^[\w.-]{1,80} - Proxmox Virtual Environment$/, 'Proxmox Virtual Environment', {
    cpe: 'a:proxmox:virtual_environment',
  }),
  by('title', /^[\w.-]{1,80} - Proxmox Backup Server$/, 'Proxmox Backup Server'),
  by('body', /ID_EESX_Welcome/, 'VMware ESXi', { cpe: 'o:vmware:esxi', os: 'VMware ESXi' }),
  by('title', /VMware ESXi ?([\d.]*)/, 'VMware ESXi', {
    version: '$1',
    cpe: 'o:vmware:esxi',
    os: 'VMware ESXi',
  }),
  by('body', /ID_VC_Welcome/, 'VMware vCenter', { cpe: 'a:vmware:vcenter_server' }),
  by('title', /^(?:HP |HPE )?(?:Integrated Lights-Out|iLO) ?(\d?)/, 'HP Integrated Lights-Out', {
    info: 'iLO $1',
    ...management,
  }),
  by('title', /iDRAC ?(\d*)/i, 'Dell iDRAC', { info: 'iDRAC$1', ...management }),
  byShape({ redirect: /^(?:https:\/\/[^/]{1,80})?\/restgui\/start\.html/ }, 'Dell iDRAC', management),
  by('title', /^(?:Supermicro BMC Login|ATEN International)/i, 'Supermicro IPMI', management),
  by('title', /^Lenovo XClarity Controller/, 'Lenovo XClarity Controller', management),

  // Printers, cameras, small things.
  by(
    'title',
    /^(?:HP|hp) ((?:LaserJet|Color LaserJet|OfficeJet|Officejet|DeskJet|PageWide)[^&]{1,50})/,
    'HP $1',
    printer,
  ),
  by('title', /^Brother ((?:HL|MFC|DCP)[\w -]{1,30})/, 'Brother $1', printer),
  by('title', /^(?:EPSON|Epson) ([\w -]{1,30})$/, 'Epson $1', printer),
  by('title', /^Lexmark ([\w -]{1,30})$/, 'Lexmark $1', printer),
  by('title', /^(?:Canon |CANON )([\w -]{1,30})$/, 'Canon $1', printer),
  by('title', /^(?:KYOCERA Command Center|Command Center RX)/, 'Kyocera printer', printer),
  by('title', /^XEROX (?:WORKCENTRE|PHASER|Phaser|WorkCentre)/, 'Xerox printer', printer),
  by('title', /^Web Image Monitor/, 'Ricoh Web Image Monitor', printer),
  by('title', /^SyncThru Web Service/, 'Samsung SyncThru Web Service', printer),
  by('title', /^ZTC ([\w-]{1,30})/, 'Zebra $1', printer),
  by('realm', /^AXIS_[0-9A-F]{12}$/, 'Axis camera', camera),
  by('realm', /^Login to (?:[0-9a-f]{32}|[0-9A-Z]{15})$/, 'Dahua camera', camera),
  byShape({ realm: /^(?:IP Camera\(\w{1,20}\)|HIKVISION)$/ }, 'Hikvision camera', camera),
  by('body', /^\{"name":"[^"]{0,60}","id":"shelly\w{1,60}"/, 'Shelly', { device: 'power-misc' }),
];
