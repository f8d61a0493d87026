// SPDX-License-Identifier: BSD-2-Clause
// A host's bytes over time, and whom it talks to most.

import { SegmentedControl } from '@mantine/core';

import { history, type Sums, type Traffic } from '../api';
import { errorText } from '../errors';
import { bytesText, countText, momentText } from '../format';
import { useViews } from '../live';
import { setParams } from '../navigate';
import { Traffic as Bytes } from '../parts/Chips';
import { Grid, None, Section } from '../parts/Section';
import { useRemote } from '../remote';
import { texts } from '../texts';
import { buckets } from '../traffic';
import { End } from './Flows';
import css from './HostPresence.module.css';

const words = texts.history.traffic;
const BARS = 60;
const bytesOf = (sums: Sums) => sums.bytes + sums.bytes_back;

export function HostTraffic({ id, params }: { id: string; params: URLSearchParams }) {
  const span = Object.keys(words.spans).find(each => each === params.get('span')) ?? '86400';
  const { value, problem } = useRemote(`traffic ${id} ${span}`, () => history.traffic(id, Math.floor(Date.now() / 1000) - Number(span), 'edge'));
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
  const bars = buckets(traffic, BARS);
  const top = Math.max(...bars.map(bytesOf), 1);
  const total = bytesText(bytesOf(traffic.total));
  return (
    <>
      <p className={css.sum}>{words.sum(total, countText(traffic.total.connections))}</p>
      <div className={css.bars} role="img" aria-label={words.chart(total)}>
        {bars.map(bar => (
          <span key={bar.at} title={words.at(momentText(bar.at), bytesText(bytesOf(bar)))}>
            <span style={{ height: `${(bytesOf(bar) / top) * 100}%` }} />
          </span>
        ))}
      </div>
      <p className={css.ends} aria-hidden="true">
        <span>{momentText(traffic.from)}</span>
        <span>{momentText(traffic.to)}</span>
      </p>
      {traffic.top.length > 0 && (
        <Grid
          label={words.talksTo}
          head={[words.talksTo, words.service, words.total, words.packets]}
          rows={traffic.top.map(edge => {
            const out = edge.client_host_id === id;
            const [other, address] = out ? [edge.server_host_id, edge.server] : [edge.client_host_id, edge.client];
            const view = views.host(other ?? null);
            return {
              id: edge.key,
              cells: [
                <End key="end" stack id={other ?? null} title={view?.title ?? address ?? edge.label} ip={address ?? ''} />,
                <span key="port" className="mono">{edge.port ? `${edge.port}/${edge.proto}` : edge.proto}</span>,
                <Bytes key="bytes" sent={out ? edge.bytes : edge.bytes_back} received={out ? edge.bytes_back : edge.bytes} />,
                <span key="packets" className="figures">{countText(edge.packets + edge.packets_back)}</span>,
              ],
            };
          })}
        />
      )}
    </>
  );
}
