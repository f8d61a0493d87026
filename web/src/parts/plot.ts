// SPDX-License-Identifier: BSD-2-Clause
// uPlot's only door: lines over time. Loaded when a chart is first looked at.

import 'uplot/dist/uPlot.min.css';

import UPlot from 'uplot';

export interface PlotLine {
  label: string;
  color: string; // #rrggbb
  values: readonly number[];
  fill?: boolean;
}

export interface PlotLook {
  ink: string;
  grid: string;
  card: string;
  font: string;
}

export interface Plot {
  set: (times: readonly number[], lines: readonly PlotLine[]) => void;
  resize: (width: number) => void;
  point: (index: number | null) => void; // the cursor
  end: () => void;
}

const SIDE = 66;
const MARK_PX = 46; // between two figures of the upright axis
const TIME_PX = 84;

export function plot(host: HTMLElement, options: { width: number; height: number; look: PlotLook; times: readonly number[]; lines: readonly PlotLine[]; value: (value: number) => string; time: (at: number, step: number) => string; pointed: (index: number | null) => void }): Plot {
  const { look } = options;
  const axis = { stroke: look.ink, font: look.font, grid: { stroke: look.grid, width: 1 }, ticks: { show: false } };
  const data = (times: readonly number[], lines: readonly PlotLine[]) => [times, ...lines.map(line => line.values)] as unknown as UPlot.AlignedData;
  const chart = new UPlot(
    {
      width: options.width,
      height: options.height,
      padding: [10, 30, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, (max || 1) * 1.08] } },
      axes: [
        { ...axis, size: 30, space: TIME_PX, values: (_, marks, __, ___, step) => marks.map(at => options.time(at, step)) },
        { ...axis, size: SIDE, space: MARK_PX, values: (_, marks) => marks.map(options.value) },
      ],
      series: [
        {},
        ...options.lines.map(line => ({
          label: line.label,
          stroke: line.color,
          width: line.fill ? 1.5 : 1.6,
          points: { show: false },
          ...(line.fill ? { fill: `${line.color}2b` } : {}),
        })),
      ],
      hooks: { setCursor: [self => options.pointed(self.cursor.idx ?? null)] },
    },
    data(options.times, options.lines),
    host,
  );
  return {
    set: (times, lines) => chart.setData(data(times, lines)),
    resize: width => chart.setSize({ width, height: options.height }),
    point(index) {
      chart.setCursor(index === null ? { left: -10, top: -10 } : { left: chart.valToPos(chart.data[0][index]!, 'x'), top: 0 });
    },
    end: () => chart.destroy(),
  };
}
