/**
 * SSDP: a search for the root device by unicast (UPnP Device Architecture 2.0, 1.3.2), and the description that it
 * announces (2.3), which is asked for on the device itself alone.
 *
 * @module
 */

import type { DeviceKind } from '../../model/device-fact.ts';
import { ssdp } from '../service/protocols/names/ssdp.ts';
import { exchangeHttp, httpRequest, nothingLearnt, questionOf, waitsMs } from './ask.ts';
import type { AskedDevice, DeviceClaim, DeviceQuestion, DeviceTalk, Learnt, Weight } from './contract.ts';
import { textElements } from './elements.ts';
import { uuidIn } from './of-service.ts';
import { type Place, placeOn } from './place.ts';
import { kindOf, makerOf, measured, modelOf } from './words.ts';

/** The search. */
export const ssdpQuestion: DeviceQuestion = questionOf(ssdp, waitsMs.ssdp, (claims, device) => {
  const location = claims.find(({ field }) => field === 'location')?.value;
  return location === undefined ? [] : descriptionQuestions(location, device);
});

/** Asks for the description at a place, if that is on the device. */
export function descriptionQuestions(location: string, device: AskedDevice): readonly DeviceQuestion[] {
  const place = placeOn(device, location);
  return place === undefined ? [] : [descriptionAt(place)];
}

function descriptionAt({ port, path, host }: Place): DeviceQuestion {
  return {
    name: 'upnp',
    transport: 'tcp',
    port,
    *ask(): DeviceTalk {
      const answer = yield* exchangeHttp(httpRequest('GET', path, host));
      // What stands elsewhere is not looked for.
      if (answer?.status !== '200' || answer.body === undefined) return nothingLearnt;
      return readDescription(answer.body);
    },
  };
}

/** Reads a description of a device. */
export function readDescription(document: Uint8Array): Learnt {
  const elements = textElements(new TextDecoder().decode(document));
  // The root device's own; devices within it have lists around them.
  const own = (name: string) =>
    elements.find((one) => one.name === name && one.within.join('/') === 'root/device')?.text;
  const vendor = makerOf(own('manufacturer'));
  const [name, number] = [modelOf(own('modelName')), modelOf(own('modelNumber'))];
  const type = own('deviceType');
  const isSoftware = own('modelName') !== undefined && name === undefined;
  const claims: readonly DeviceClaim[] = [
    ...measured('upnp', 'name', own('friendlyName')),
    ...kindsOfType(type, vendor),
    ...measured('upnp', 'vendor', isSoftware ? undefined : vendor),
    ...measured('upnp', 'model', name),
    ...(isSoftware
      ? measured('upnp', 'software', [own('modelName'), own('modelNumber')].filter(Boolean).join(' '))
      : measured('upnp', 'version', number)),
    ...measured('upnp', 'description', own('modelDescription')),
    ...measured('upnp', 'serial', own('serialNumber')),
    ...measured('upnp', 'uuid', uuidIn(own('UDN'))),
    ...measured('upnp', 'type', type),
  ];
  return { claims };
}

/** What a type of device means; what several makers call so stands first. */
function kindsOfType(type = '', vendor = ''): readonly DeviceClaim[] {
  if (nasMakers.test(vendor)) return kindOf('upnp', 'nas', 3);
  const [, name = ''] = /:device:([\w-]{1,64})(?::\d|$)/.exec(type) ?? [];
  const known = types.find(({ is }) => is.test(name));
  return known === undefined ? [] : kindOf('upnp', known.kind, known.weight);
}

const types: readonly {
  readonly is: RegExp;
  readonly kind: DeviceKind;
  readonly weight: Weight;
}[] = [
  { is: /^InternetGatewayDevice$/, kind: 'router', weight: 3 },
  { is: /^Printer(?:Basic|Enhanced)?$/, kind: 'printer', weight: 3 },
  { is: /^DigitalSecurityCamera$/, kind: 'camera', weight: 3 },
  { is: /^(?:tvdevice|TvDevice|RemoteControlReceiver|MainTVServer2)$/, kind: 'tv', weight: 3 },
  {
    is: /^(?:BinaryLight|DimmableLight|HVAC_System|HVAC_ZoneThermostat|SolarProtectionBlind|SensorManagement|controllee|sensor|lightswitch|insight|Maker|CoffeeMaker)$/,
    kind: 'iot',
    weight: 3,
  },
  // Many a router and store serves media besides.
  { is: /^(?:MediaServer|MediaRenderer|ZonePlayer|dial|player)$/, kind: 'media', weight: 1 },
];
/** Their stores of files call themselves basic devices. */
const nasMakers = /^(?:Synology|QNAP|Buffalo Inc|ASUSTOR|TerraMaster|Western Digital)\b/i;
