import { expect, test } from 'vitest';
import { hostTechniques, portTechniques } from './index.ts';
import { payloadsFor, udpPayloads } from './payloads/index.ts';
import { proofBitsOf } from './proof.ts';

test('a service that has an id brings back at least as many bits of it as a technique counts on', () => {
  const wrong: string[] = [];
  let counted = 0;
  for (const { name, build, answers } of udpPayloads) {
    const echo = build(cookie);
    // Where an echo of the question is no answer, this says nothing.
    if (answers === undefined || !answers(echo, 0, echo.length, cookie)) continue;
    let bits = 0;
    for (let bit = 0; bit < 32; bit++)
      if (!answers(echo, 0, echo.length, (cookie ^ (1 << bit)) >>> 0)) bits++;
    counted++;
    if (bits < proofBitsOf(portTechniques.udp, payloadsFor(53))) wrong.push(`${name}: ${bits}`);
  }
  expect(wrong).toEqual([]);
  expect(counted).toBeGreaterThan(20);
});

test('what has no number of its own is tied by addresses and ports alone', () => {
  expect(proofBitsOf(portTechniques['ip-protocol'], [])).toBe(0);
  expect(proofBitsOf(portTechniques.udp, payloadsFor(9))).toBe(0);
  expect(proofBitsOf(portTechniques.udp, payloadsFor(53))).toBeGreaterThan(0);
  expect(proofBitsOf(portTechniques.syn, [])).toBe(32);
  expect(proofBitsOf(hostTechniques['ping-echo'], [])).toBe(32);
});

const cookie = 0x1234_5678;
