// SPDX-License-Identifier: BSD-2-Clause
// A chart over time: drawn when its part of the program has come, read by pointing, by the arrow keys, or as a table.

import { Button, useComputedColorScheme } from '@mantine/core';
import { IconChartAreaLine, IconTable } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { axisTimeText, momentText } from '../format';
import { texts } from '../texts';
import type { Plot, PlotLine } from './plot';
import { Grid } from './Section';
import css from './TimeChart.module.css';

const words = texts.chart;
const HEIGHT = 240;
const ROWS_MAX = 200;

export interface Line {
  label: string;
  color: string; // a variable of the theme, such as --accent
  values: readonly number[];
  fill?: boolean;
}

interface Props {
  label: string;
  times: readonly number[];
  lines: readonly Line[];
  value: (value: number) => string;
}

export function TimeChart({ label, times, lines, value }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const shown = at === null || at >= times.length ? null : at;
  return (
    <figure className={css.figure}>
      <div className={css.bar}>
        <ul className={css.legend}>
          {lines.map(line => (
            <li key={line.label}>
              <span className={css.swatch} style={{ background: `var(${line.color})` }} aria-hidden="true" />
              <span className="cut">{line.label}</span>
              {shown !== null && <strong className="figures">{value(line.values[shown] ?? 0)}</strong>}
            </li>
          ))}
        </ul>
        <span className={css.when} role="status">
          {shown !== null && momentText(times[shown]!)}
        </span>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={asTable ? <IconChartAreaLine size={15} aria-hidden /> : <IconTable size={15} aria-hidden />} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? words.asChart : words.asTable}
        </Button>
      </div>
      {asTable ? <AsTable label={label} times={times} lines={lines} value={value} /> : <Drawn label={label} times={times} lines={lines} value={value} at={shown} point={setAt} />}
    </figure>
  );
}

function AsTable({ label, times, lines, value }: Props) {
  const rows = times.map((time, i) => ({ id: String(time), cells: [momentText(time), ...lines.map(line => value(line.values[i] ?? 0))] }));
  return (
    <div className={css.table}>
      <Grid label={label} head={[words.time, ...lines.map(line => line.label)]} rows={rows.reverse().slice(0, ROWS_MAX)} />
    </div>
  );
}

function Drawn({ label, times, lines, value, at, point }: Props & { at: number | null; point: (index: number | null) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Plot | null>(null);
  const latest = useRef({ times, lines });
  latest.current = { times, lines };
  const scheme = useComputedColorScheme('light');
  const kind = lines.map(line => `${line.label} ${line.color}`).join('|');

  useEffect(() => {
    const host = box.current!;
    let gone = false;
    const watcher = new ResizeObserver(() => chart.current?.resize(host.clientWidth));
    void import('./plot').then(({ plot }) => {
      if (gone) return;
      const style = getComputedStyle(document.documentElement);
      const color = (name: string) => style.getPropertyValue(name).trim();
      const drawn = () => latest.current.lines.map((line): PlotLine => ({ ...line, color: color(line.color) }));
      const made = plot(host, {
        width: host.clientWidth,
        height: HEIGHT,
        look: { ink: color('--ink-3'), grid: color('--line-soft'), card: color('--card'), font: `12px ${getComputedStyle(document.body).fontFamily}` },
        times: latest.current.times,
        lines: drawn(),
        value,
        time: axisTimeText,
        pointed: point,
      });
      chart.current = { ...made, set: steps => made.set(steps, drawn()) };
      watcher.observe(host);
    });
    return () => {
      gone = true;
      watcher.disconnect();
      chart.current?.end();
      chart.current = null;
    };
  }, [scheme, kind]);
  useEffect(() => chart.current?.set(times, []), [times, lines]);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = times.length - 1;
    const next = { ArrowLeft: (at ?? last + 1) - 1, ArrowRight: (at ?? last - 1) + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') chart.current?.point(null);
    if (next === undefined) return;
    event.preventDefault();
    chart.current?.point(Math.max(0, Math.min(last, next)));
  };
  return <div ref={box} className={css.box} role="img" aria-label={label} aria-description={words.keys} tabIndex={0} onKeyDown={onKeyDown} onBlur={() => chart.current?.point(null)} />;
}
