// SPDX-License-Identifier: BSD-2-Clause
// What took most part in the traffic: hosts, conversations, services or subnets, the busiest first.

import { ActionIcon, Button } from '@mantine/core';
import { IconArrowsExchange, IconFilter } from '@tabler/icons-react';

import { useState } from 'react';

import type { Traffic, TrafficTop } from '../../api';
import { bytesText, countText, percentText } from '../../format';
import { linkTo, setParams } from '../../navigate';
import { Grid } from '../../parts/Section';
import { hostPath } from '../../route';
import { texts } from '../../texts';
import { bytesOf } from '../../traffic';
import type { Asked, ListBy } from './data';
import css from './Traffic.module.css';

const words = texts.traffic;
const COLORS = 5;
const FIRST = 12;

export const labelOf = (top: TrafficTop, by: ListBy) => (by === 'subnet' && !top.subnet_id ? words.elsewhere : top.label);

// Where one gets to from here: a host, the services of a port, a subnet's hosts, the flows of a conversation.
function placeOf(top: TrafficTop, by: ListBy): string | null {
  const q = (text: string) => encodeURIComponent(text);
  if (by === 'edge') return `/flows?q=${q(`${top.client} ${top.server} ${top.port}/${top.proto}`)}`;
  if (by === 'subnet') return top.subnet_id ? `/subnets?q=${q(top.cidr ?? top.label)}` : null;
  if (top.host_id) return hostPath(top.host_id);
  return null;
}

const hostOf = (top: TrafficTop, by: ListBy) => (by === 'edge' || by === 'subnet' ? null : (top.host_id ?? null));

// What of the address bar leaves only this row's traffic; null: it is all there is, or can't be said.
function onlyOf(top: TrafficTop, by: ListBy, asked: Asked): Record<string, string> | null {
  if (by === 'host') return top.host_id && top.host_id !== asked.host ? { host: top.host_id } : null;
  if (by === 'subnet') return top.subnet_id && top.subnet_id !== asked.subnet ? { subnet: top.subnet_id } : null;
  const service = `${top.port}/${top.proto}`;
  return top.port && service !== asked.service ? { service, ...(top.host_id ? { host: top.host_id } : {}) } : null;
}

export function Talkers({ traffic, asked }: { traffic: Traffic; asked: Asked }) {
  const { by } = asked;
  // Each end of a conversation counts it, so that shares of hosts are shares of all, and not of their sum.
  const total = Math.max(1, bytesOf(traffic.total));
  const [all, setAll] = useState(false);
  const rows = all ? traffic.top : traffic.top.slice(0, FIRST);
  return (
    <>
      <Grid
        label={words.top}
        head={[words.what[by]!, words.total, words.share, by === 'edge' || by === 'service' ? texts.flows.sent : words.sent, by === 'edge' || by === 'service' ? texts.flows.received : words.received, words.connections, words.look]}
        rows={rows.map((top, i) => {
          const share = bytesOf(top) / total;
          const label = labelOf(top, by);
          const place = placeOf(top, by);
          const host = hostOf(top, by);
          const only = onlyOf(top, by, asked);
          return {
            id: top.key,
            cells: [
              <span key="what" className={css.what}>
                <span className={css.swatch} style={i < COLORS && top.series ? { background: `var(--series-${i + 1})` } : undefined} aria-hidden="true" />
                {place ? (
                  <a className={`${css.label} link`} {...linkTo(place)}>
                    {label}
                  </a>
                ) : (
                  <span className={css.label} title={by === 'subnet' ? words.elsewhereHint : undefined}>
                    {label}
                  </span>
                )}
                {top.cidr && top.cidr !== label && <span className="dim mono">{top.cidr}</span>}
              </span>,
              <span key="bytes" className="figures">{bytesText(bytesOf(top))}</span>,
              <span key="share" className={css.share}>
                <span className={css.shareBar} aria-hidden="true">
                  <span style={{ width: `${Math.min(100, share * 100)}%` }} />
                </span>
                <span className="figures">{percentText(share)}</span>
              </span>,
              <span key="sent" className="figures">{bytesText(top.bytes)}</span>,
              <span key="received" className="figures">{bytesText(top.bytes_back)}</span>,
              <span key="connections" className="figures">{countText(top.connections)}</span>,
              <span key="acts" className={css.acts}>
                {only && (
                  <ActionIcon variant="subtle" size="sm" aria-label={words.onlyThis(label)} title={words.onlyThis(label)} onClick={() => setParams(only, 'push')}>
                    <IconFilter size={15} />
                  </ActionIcon>
                )}
                {host && (
                  <ActionIcon variant="subtle" size="sm" component="a" {...linkTo(`/flows?host=${encodeURIComponent(host)}`)} aria-label={words.flowsOf(label)} title={words.flowsOf(label)}>
                    <IconArrowsExchange size={15} />
                  </ActionIcon>
                )}
              </span>,
            ],
          };
        })}
      />
      {traffic.top.length > FIRST && (
        <div className={css.more}>
          <Button size="compact-sm" variant="subtle" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? words.fewer : words.showMore(traffic.top.length - FIRST)}
          </Button>
        </div>
      )}
    </>
  );
}
