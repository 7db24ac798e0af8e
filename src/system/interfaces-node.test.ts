import { expect, test } from 'vitest';
import { formatAddress } from '../model/address.ts';
import { hasLibc } from './ffi.ts';
import type { NetworkInterface } from './interface.ts';
import { listInterfaces } from './interfaces.ts';
import { interfacesFromNode } from './interfaces-node.ts';
import { guessRoute } from './routes-node.ts';

// Skipped elsewhere: only Linux can tell both.
test.skipIf(!hasLibc)('interfaces: Node and the kernel name the same addresses', () => {
  const show = (interfaces: readonly NetworkInterface[]) =>
    interfaces.flatMap(({ name, kind, mac, addresses }) =>
      addresses.map(({ address, prefix }) =>
        [name, kind, mac, `${formatAddress(address)}/${prefix}`].join(' '),
      ),
    );
  const running = listInterfaces().filter((one) => one.running);
  expect(show(interfacesFromNode()).sort()).toEqual(show(running).sort());
});

test('routes without a kernel to ask: own addresses are local, the narrowest prefix names the interface', () => {
  const make = (name: string, value: bigint, prefix: number): NetworkInterface => {
    const shape = {
      name,
      index: 1,
      mtu: 1500,
      kind: 'ethernet',
      mac: null,
      up: true,
      running: true,
    } as const;
    return { ...shape, addresses: [{ address: { family: 4, value }, prefix }] };
  };
  const interfaces = [make('wide', 0x0a00_0001n, 8), make('narrow', 0x0a01_0001n, 16)];
  const guess = (value: bigint, name?: string) => {
    const { kind, interface: way, source } = guessRoute({ family: 4, value }, interfaces, name);
    return [kind, way?.name, source && formatAddress(source)];
  };
  expect(guess(0x0a01_0001n)).toEqual(['local', 'narrow', '10.1.0.1']);
  expect(guess(0x0a01_0002n)).toEqual(['unicast', 'narrow', '10.1.0.1']);
  expect(guess(0x0a01_0002n, 'wide')).toEqual(['unicast', 'wide', '10.0.0.1']);
  expect(guess(0x0a02_0002n)).toEqual(['unicast', 'wide', '10.0.0.1']);
  expect(guess(0x0808_0808n)).toEqual(['unicast', undefined, undefined]);
  expect(guessRoute({ family: 6, value: 0x0a01_0001n }, interfaces)).toEqual({ kind: 'unicast' });
});
