// SPDX-License-Identifier: BSD-2-Clause
// Who talks to whom, how much, and when.

import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconChartAreaLine } from '@tabler/icons-react';
import { useMemo } from 'react';

import type { Traffic } from '../../api';
import { errorText } from '../../errors';
import { bytesText, dayText, momentText, rateText } from '../../format';
import { linkTo, setParams } from '../../navigate';
import { Empty } from '../../parts/Empty';
import { useNarrow } from '../../parts/media';
import { Page } from '../../parts/Page';
import { Section } from '../../parts/Section';
import { TimeChart, type Line } from '../../parts/TimeChart';
import { changed } from '../../remote';
import { texts } from '../../texts';
import { bytesOf, lineOf, timelineOf } from '../../traffic';
import { Choices } from './Choices';
import { lists, readAsked, spans, useSubnets, useTraffic, type Asked } from './data';
import { labelOf, Talkers } from './Talkers';
import css from './Traffic.module.css';
import { Whom } from './Whom';

const words = texts.traffic;
const LINES = 5;
const LATE_S = 90; // what is known later than this after the beginning is worth a word

export default function TrafficPage({ params }: { params: URLSearchParams }) {
  const asked = readAsked(params);
  const { list, edges } = useTraffic(asked);
  const traffic = list.value;
  const quiet = traffic && bytesOf(traffic.total) === 0;
  return (
    <Page title={words.title} note={traffic && !quiet && words.note(bytesText(bytesOf(traffic.total)), traffic.total.connections)} tools={<Tools asked={asked} />}>
      {list.problem && (
        <div className={css.problem} role="alert">
          <span>{words.failed(errorText(list.problem))}</span>
          <Button size="compact-sm" variant="default" onClick={() => changed('traffic-page')}>
            {words.again}
          </Button>
        </div>
      )}
      {quiet && (
        <div className={css.empty}>
          <Empty icon={<IconChartAreaLine aria-hidden />} title={words.emptyTitle} hint={asked.host || asked.subnet || asked.service ? words.emptyFiltered : words.emptyHint}>
            <Button variant="light" component="a" {...linkTo('/sensors')}>
              {words.seeSensors}
            </Button>
          </Empty>
        </div>
      )}
      {traffic && !quiet && (
        <div className={css.parts}>
          <OverTime traffic={traffic} asked={asked} />
          <Section title={words.top} hint={words.listed(traffic.top.length, traffic.count)} aside={<SegmentedControl size="xs" aria-label={words.by} value={asked.by} onChange={by => setParams({ by: by === 'host' ? null : by })} data={lists.map(value => ({ value, label: words.bys[value]! }))} />}>
            <Talkers traffic={traffic} asked={asked} />
          </Section>
          {edges.value && bytesOf(edges.value.total) > 0 && <Whom traffic={edges.value} params={params} />}
        </div>
      )}
    </Page>
  );
}

function Tools({ asked }: { asked: Asked }) {
  const narrow = useNarrow();
  const options = spans.map(value => ({ value, label: words.spans[value]! }));
  const choose = (span: string | null) => setParams({ span: span === '3600' ? null : span });
  return (
    <>
      <Choices asked={asked} />
      {narrow ? (
        <Select aria-label={words.span} className={css.span} data={options} value={asked.span} allowDeselect={false} onChange={choose} />
      ) : (
        <SegmentedControl aria-label={words.span} data={options} value={asked.span} onChange={choose} />
      )}
    </>
  );
}

function OverTime({ traffic, asked }: { traffic: Traffic; asked: Asked }) {
  const subnets = useSubnets();
  const { times, lines } = useMemo(() => {
    const { times, out, back } = timelineOf(traffic);
    const all: Line = { label: words.all, color: '--series-all', fill: true, values: out.map((bytes, i) => bytes + back[i]!) };
    const tops = traffic.top.slice(0, LINES).filter(top => top.series);
    return { times, lines: [all, ...tops.map((top, i): Line => ({ label: labelOf(top, asked.by), color: `--series-${i + 1}`, values: lineOf(top, traffic) }))] };
  }, [traffic, asked.by, subnets]);
  const late = traffic.oldest_at !== null && traffic.oldest_at - traffic.from > Math.max(LATE_S, traffic.step_s * 2);
  const old = traffic.oldest_at ?? 0;
  return (
    <Section wide title={words.time} hint={[words.timeHint, late && words.kept(traffic.to - old > 86_400 ? dayText(old) : momentText(old))].filter(Boolean).join(' ')}>
      <TimeChart label={words.chart(bytesText(bytesOf(traffic.total)), words.spans[asked.span]!)} times={times} lines={lines} value={rateText} />
    </Section>
  );
}
