// SPDX-License-Identifier: BSD-2-Clause
// A host's bytes over time, and whom it talks to most.

import { SegmentedControl } from '@mantine/core';
import { useEffect, useMemo } from 'react';

import { history, type Traffic } from '../api';
import { errorText } from '../errors';
import { bytesText, countText, rateText } from '../format';
import { useViews } from '../live';
import { linkTo, setParams } from '../navigate';
import { Traffic as Bytes } from '../parts/Chips';
import { Grid, None, Section } from '../parts/Section';
import { TimeChart } from '../parts/TimeChart';
import { changed, useRemote } from '../remote';
import { texts } from '../texts';
import { bytesOf, timelineOf } from '../traffic';
import { End } from './Flows';
import css from './HostPresence.module.css';

const words = texts.history.traffic;
const AGAIN_MS = 60_000;

export function HostTraffic({ id, params }: { id: string; params: URLSearchParams }) {
  const span = Object.keys(words.spans).find(each => each === params.get('span')) ?? '86400';
  const { value, problem } = useRemote(`traffic ${id} ${span}`, () => history.hostTraffic(id, Math.floor(Date.now() / 1000) - Number(span), 'edge'));
  useEffect(() => {
    const timer = setInterval(() => document.hidden || changed(`traffic ${id}`), AGAIN_MS);
    return () => clearInterval(timer);
  }, [id]);
  return (
    <Section wide title={words.title} hint={words.hint}>
      <div className={css.span}>
        <SegmentedControl aria-label={words.span} size="xs" value={span} onChange={each => setParams({ span: each === '86400' ? null : each })} data={Object.entries(words.spans).map(([value, label]) => ({ value, label }))} />
      </div>
      {problem && <None>{errorText(problem)}</None>}
      {value && (bytesOf(value.total) === 0 ? <None>{words.none}</None> : <Known traffic={value} id={id} />)}
    </Section>
  );
}

function Known({ traffic, id }: { traffic: Traffic; id: string }) {
  const views = useViews('host', 'interface');
  const { times, out, back } = useMemo(() => timelineOf(traffic), [traffic]);
  const total = bytesText(bytesOf(traffic.total));
  return (
    <>
      <p className={css.sum}>
        {words.sum(total, countText(traffic.total.connections))}{' '}
        <a className="link" {...linkTo(`/traffic?host=${encodeURIComponent(id)}`)}>
          {words.more}
        </a>
      </p>
      <TimeChart label={words.chart(total)} times={times} value={rateText} lines={[{ label: texts.traffic.all, color: '--series-1', fill: true, values: out.map((bytes, i) => bytes + back[i]!) }]} />
      {traffic.top.length > 0 && (
        <Grid
          label={words.talksTo}
          head={[words.talksTo, words.service, words.total, words.packets]}
          rows={traffic.top.map(edge => {
            const sent = edge.client_host_id === id;
            const [other, address] = sent ? [edge.server_host_id, edge.server] : [edge.client_host_id, edge.client];
            const view = views.host(other ?? null);
            return {
              id: edge.key,
              cells: [
                <End key="end" stack id={other ?? null} title={view?.title ?? address ?? edge.label} ip={address ?? ''} />,
                <span key="port" className="mono">{edge.port ? `${edge.port}/${edge.proto}` : edge.proto}</span>,
                <Bytes key="bytes" sent={sent ? edge.bytes : edge.bytes_back} received={sent ? edge.bytes_back : edge.bytes} />,
                <span key="packets" className="figures">{countText(edge.packets + edge.packets_back)}</span>,
              ],
            };
          })}
        />
      )}
    </>
  );
}
