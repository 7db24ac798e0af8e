/**
 * The IP protocols (IANA "Assigned Internet Protocol Numbers"), by number, with the usual short names.
 *
 * @module
 */

import { matcher } from './service-names.ts';

/** The name of an IP protocol, or undefined where the number is not assigned. */
export function protocolName(number: number): string | undefined {
  const name = names[number];
  return name === undefined || name === '' ? undefined : name;
}

/** The protocol numbers a name stands for, ascending; `*` and `?` as in service names. */
export function protocolsNamed(name: string): readonly number[] {
  const wanted = name.toLowerCase();
  const matches = matcher(commonNames.get(wanted) ?? wanted);
  return names.flatMap((known, number) => (known !== '' && matches(known) ? [number] : []));
}

const commonNames: ReadonlyMap<string, string> = new Map([
  ['icmpv6', 'ipv6-icmp'],
  ['icmp6', 'ipv6-icmp'],
  ['ospf', 'ospfigp'],
]);

/** 0 to 147 in order; 253 and 254 are for experiments (RFC 3692) and have no names of their own. */
const names: readonly string[] = [
  'hopopt icmp igmp ggp ipv4 st tcp cbt egp igp', // 0
  'bbn-rcc-mon nvp-ii pup argus emcon xnet chaos udp mux dcn-meas', // 10
  'hmp prm xns-idp trunk-1 trunk-2 leaf-1 leaf-2 rdp irtp iso-tp4', // 20
  'netblt mfe-nsp merit-inp dccp 3pc idpr xtp ddp idpr-cmtp tp++', // 30
  'il ipv6 sdrp ipv6-route ipv6-frag idrp rsvp gre dsr bna', // 40
  'esp ah i-nlsp swipe narp min-ipv4 tlsp skip ipv6-icmp ipv6-nonxt', // 50
  'ipv6-opts any-host cftp any-network sat-expak kryptolan rvd ippc any-file-system sat-mon', // 60
  'visa ipcv cpnx cphb wsn pvp br-sat-mon sun-nd wb-mon wb-expak', // 70
  'iso-ip vmtp secure-vmtp vines iptm nsfnet-igp dgp tcf eigrp ospfigp', // 80
  'sprite-rpc larp mtp ax.25 ipip micp scc-sp etherip encap any-encryption', // 90
  'gmtp ifmp pnni pim aris scps qnx a/n ipcomp snp', // 100
  'compaq-peer ipx-in-ip vrrp pgm any-0-hop l2tp ddx iatp stp srp', // 110
  'uti smp sm ptp isis-over-ipv4 fire crtp crudp sscopmce iplt', // 120
  'sps pipe sctp fc rsvp-e2e-ignore mobility-header udplite mpls-in-ip manet hip', // 130
  'shim6 wesp rohc ethernet aggfrag nsh homa bit-emu', // 140
].flatMap((line) => line.split(' '));
