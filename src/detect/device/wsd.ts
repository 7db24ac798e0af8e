/**
 * WS-Discovery (2005/04): a probe by unicast, and the device's metadata where it says to have them (Devices Profile for
 * Web Services, 4.1), asked for on the device itself alone.
 *
 * @module
 */

import { wsDiscovery } from '../service/protocols/names/ssdp.ts';
import { bytesOf } from '../service/text.ts';
import { claimsIn, exchangeHttp, hearDatagrams, httpRequest, nothingLearnt, opened, waitsMs } from './ask.ts';
import type { AskedDevice, DeviceQuestion, DeviceTalk, Learnt } from './contract.ts';
import { textElements } from './elements.ts';
import { type Place, placeOn } from './place.ts';
import { makerOf, measured, modelOf } from './words.ts';

/** The probe. */
export const wsdQuestion: DeviceQuestion = {
  name: wsDiscovery.name,
  transport: 'udp',
  port: 3702,
  *ask(device): DeviceTalk {
    if (!(yield* opened())) return nothingLearnt;
    const [plain, typed] = probes();
    const [answer = (yield* hearDatagrams(typed, waitsMs.wsd))[0]] = yield* hearDatagrams(plain, waitsMs.wsd);
    if (answer === undefined) return nothingLearnt;
    const next = metadataQuestions(answer, device);
    return { claims: claimsIn(wsDiscovery, answer), next };
  },
};

/**
 * A probe for whoever is there, and one for devices of the profile: cameras are none, and wsdd hears no probe without a
 * type, and looks at the letters of its prefix.
 */
export function probes(): readonly [plain: Uint8Array, typed: Uint8Array] {
  const plain = wsDiscovery.request?.bytes({ host: '', port: 3702 }, nothing) ?? nothing;
  const text = new TextDecoder().decode(plain);
  const types =
    '<d:Probe><d:Types xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof">wsdp:Device</d:Types></d:Probe>';
  // Another number: who knows the message already keeps quiet.
  return [plain, bytesOf(text.replace('<d:Probe/>', types).replace(/urn:uuid:./, 'urn:uuid:0'))];
}

/** Where a device that has answered a probe says to have its metadata, as far as that is on itself. */
export function metadataQuestions(answer: Uint8Array, device: AskedDevice): readonly DeviceQuestion[] {
  const { facts = {} } = wsDiscovery.parse(answer) ?? {};
  const { addresses = [], endpoint = '', types = [] } = facts;
  // A device of the profile says so by its type; ONVIF's answer to nothing without a login.
  if (typeof endpoint !== 'string' || !types.includes('Device')) return [];
  return [addresses]
    .flat()
    .flatMap((address) => {
      const place = placeOn(device, address);
      return place === undefined ? [] : [metadataAt(place, endpoint)];
    })
    .slice(0, mostPlaces);
}

function metadataAt({ port, path, host }: Place, endpoint: string): DeviceQuestion {
  return {
    name: 'wsd-metadata',
    transport: 'tcp',
    port,
    *ask(): DeviceTalk {
      const content = { type: 'application/soap+xml; charset=utf-8', bytes: bytesOf(envelopeTo(endpoint)) };
      const answer = yield* exchangeHttp(httpRequest('POST', path, host, content));
      return answer?.status === '200' && answer.body !== undefined
        ? readMetadata(answer.body)
        : nothingLearnt;
    },
  };
}

/** Reads a device's metadata. */
export function readMetadata(document: Uint8Array): Learnt {
  const elements = textElements(new TextDecoder().decode(document));
  const of = (name: string, parent: string) =>
    elements.find((one) => one.name === name && one.within.at(-1) === parent)?.text;
  // NAME/Workgroup:GROUP ([MS-PBSD] 2.1).
  const computer = /^([^/\\]{1,64})[/\\](?:Workgroup|Domain|NotJoined):?(.{0,64})$/.exec(
    elements.find(({ name }) => name === 'Computer')?.text ?? '',
  );
  return {
    claims: [
      ...measured('wsd', 'name', computer?.[1] ?? of('FriendlyName', 'ThisDevice')),
      ...measured('wsd', 'vendor', makerOf(of('Manufacturer', 'ThisModel'))),
      ...measured('wsd', 'model', modelOf(of('ModelName', 'ThisModel'))),
      ...measured('wsd', 'version', of('FirmwareVersion', 'ThisDevice')),
      ...measured('wsd', 'serial', of('SerialNumber', 'ThisDevice')),
      ...measured('wsd', 'workgroup', computer?.[2]),
    ],
  };
}

/** Get of WS-Transfer; what is not of a UUID's letters is not repeated. */
function envelopeTo(endpoint: string): string {
  const to = /^[\w:.-]{1,100}$/.test(endpoint) ? endpoint : 'urn:uuid:00000000-0000-0000-0000-000000000000';
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>',
    `<a:To>${to}</a:To>`,
    '<a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/Get</a:Action>',
    '<a:MessageID>urn:uuid:706f7274-706f-4274-8f6c-616e706f7274</a:MessageID>',
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>',
    '</s:Header><s:Body/></s:Envelope>',
  ].join('');
}

const nothing = new Uint8Array(0);
const mostPlaces = 1;
