/** The course of the scan: rate, round trip and what had to be asked again, over time. @module */

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { PageTimeline } from '../data.ts';
import { colorOf, onTheme } from './theme.ts';

/** The charts; absent for what was over at once. */
export function Course({ timeline }: { readonly timeline: PageTimeline }) {
  const seconds = timeline.told.map((_, place) => (place * timeline.sliceMs) / 1000);
  if (seconds.length < 2) return null;
  const percent = timeline.askedAgain.map((share) => (share === null ? null : share * 100));
  return (
    <section aria-labelledby="course">
      <h2 id="course">Course of the scan</h2>
      <div class="charts">
        {timeline.sent.some((rate) => rate !== null) && (
          <Chart title="packets sent a second" seconds={seconds} series={[['sent', timeline.sent]]} />
        )}
        <Chart title="ports told a second" seconds={seconds} series={[['told', timeline.told]]} />
        {timeline.meanRttMs.some((rtt) => rtt !== null) && (
          <Chart
            title="round trip, ms"
            seconds={seconds}
            series={[
              ['mean', timeline.meanRttMs],
              ['least', timeline.leastRttMs],
            ]}
          />
        )}
        {percent.some((share) => share !== null) && (
          <Chart
            title="answers that were asked for again, %"
            seconds={seconds}
            series={[['again', percent]]}
          />
        )}
      </div>
    </section>
  );
}

interface ChartProps {
  readonly title: string;
  readonly seconds: readonly number[];
  readonly series: readonly (readonly [name: string, values: readonly (number | null)[]])[];
}

function Chart({ title, seconds, series }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let plot: uPlot | undefined;
    const paint = () => {
      plot?.destroy();
      const axis = {
        stroke: colorOf('--text'),
        grid: { stroke: colorOf('--line') },
        ticks: { stroke: colorOf('--line') },
      };
      plot = new uPlot(
        {
          title,
          width: chartWidth,
          height: chartHeight,
          scales: { x: { time: false } },
          axes: [
            { ...axis, label: 's', size: 36, labelSize: 14 },
            { ...axis, size: 64 },
          ],
          series: [
            { label: 's' },
            ...series.map(([label], at) => ({
              label,
              stroke: colorOf(at === 0 ? '--accent' : '--closed'),
              width: 1.5,
              spanGaps: true,
              points: { show: seconds.length < 40 },
            })),
          ],
        },
        [[...seconds], ...series.map(([, values]) => [...values])],
        element,
      );
    };
    paint();
    const stop = onTheme(paint);
    return () => {
      stop();
      plot?.destroy();
    };
  }, [title, seconds.length]);
  return <div ref={place} class="chart" />;
}

const chartWidth = 480;
const chartHeight = 200;
