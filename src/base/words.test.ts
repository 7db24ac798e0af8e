import { expect, test } from 'vitest';
import { badRequest, PortolanError } from './errors.ts';
import { fieldWords, named, spoken, type Words } from './words.ts';

const shouted: Words = (field, value) => `<${field.toUpperCase()}${value ?? ''}>`;

test('a message names fields in the words of whoever reads it', () => {
  const told = `${named('topPorts')} 5 beside ${named('discovery', 'ping-syn')}: wanted one`;
  expect(spoken(told, fieldWords)).toBe("topPorts 5 beside discovery 'ping-syn': wanted one");
  expect(spoken(told, shouted)).toBe('<TOPPORTS> 5 beside <DISCOVERYping-syn>: wanted one');
});

test('an error holds both, and passes them on', () => {
  const error = badRequest(`${named('packet.ttl')} 0`, named('techniques', 'syn'));
  expect([error.message, error.line]).toEqual(['packet.ttl 0', "packet.ttl 0; try: techniques 'syn'"]);
  const { message, hint } = error.told;
  const copy = new PortolanError(error.code, message, hint);
  expect(copy.lineIn(shouted)).toBe('<PACKET.TTL> 0; try: <TECHNIQUESsyn>');
});
