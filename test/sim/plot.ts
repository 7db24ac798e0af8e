/**
 * Draws what the engine does over the simulated network: `npx tsx test/sim/plot.ts` writes docs/engine-*.svg.
 *
 * @module
 */

import { writeFileSync } from 'node:fs';
import type { PortBehaviour } from './network.ts';
import { type Simulation, simulate } from './run.ts';

interface Sample {
  readonly atUs: number;
  readonly ratePps: number;
  readonly rttUs: number;
  readonly loss: number;
}

const mixed = (port: number): PortBehaviour => (port % 100 === 22 ? 'open' : 'closed');

const scenes: Readonly<Record<string, Omit<Simulation, 'watch'>>> = {
  bottleneck: {
    seed: 2,
    path: { rttUs: 20_000, bottleneckPps: 10_000, queue: 200 },
    hosts: [{ port: mixed }],
    ports: 65_535,
  },
  limiter: { seed: 6, path: { rttUs: 2000 }, hosts: [{ port: mixed, rstPerSecond: 200 }], ports: 1000 },
};

for (const [name, scene] of Object.entries(scenes)) {
  const samples: Sample[] = [];
  simulate({
    ...scene,
    watch: ({ atUs, totals: { ratePps, rttUs, firstLost, judged } }) =>
      samples.push({ atUs, ratePps, rttUs, loss: judged === 0 ? 0 : firstLost / judged }),
  });
  writeFileSync(`docs/engine-${name}.svg`, draw(name, samples));
}

/** Three curves over time, one above the other: rate (logarithmic), smoothed round trip, loss stated. */
function draw(name: string, samples: readonly Sample[]): string {
  const last = samples.at(-1)?.atUs ?? 1;
  const curves = [
    {
      label: 'rate, probes/s (log)',
      of: (s: Sample) => Math.log10(Math.max(1, s.ratePps)),
      show: (v: number) => `${Math.round(10 ** v)}`,
    },
    { label: 'round trip, ms', of: (s: Sample) => s.rttUs / 1000, show: (v: number) => v.toFixed(1) },
    { label: 'loss stated', of: (s: Sample) => s.loss, show: (v: number) => v.toFixed(3) },
  ];
  const panels = curves.map(({ label, of, show }, i) => {
    const values = samples.map(of);
    const top = Math.max(...values, 1e-9);
    const y = (value: number) => 30 + i * 130 + 90 * (1 - value / top);
    const points = samples.map(
      (s, k) => `${(60 + (680 * s.atUs) / last).toFixed(1)},${y(values[k] ?? 0).toFixed(1)}`,
    );
    return (
      `<text x="60" y="${22 + i * 130}">${label}; top ${show(top)}</text>` +
      `<path d="M60 ${y(0)}H740" stroke="#999"/><polyline fill="none" stroke="#06c" points="${points.join(' ')}"/>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 420" font-family="sans-serif" font-size="12">` +
    `<rect width="760" height="420" fill="#fff"/>${panels.join('')}` +
    `<text x="60" y="412">${name}: 0 to ${(last / 1e6).toFixed(1)} s</text></svg>\n`
  );
}
