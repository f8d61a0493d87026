// SPDX-License-Identifier: BSD-2-Clause
// The past of a network: what it was at a time, and what changed between two times.

import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';

import { useNetworkId } from '../../live';
import { setParams } from '../../navigate';
import { Choice, MomentField } from '../../parts/Fields';
import { Page } from '../../parts/Page';
import { texts } from '../../texts';
import { AsOf } from './AsOf';
import css from './Changes.module.css';
import { Difference } from './Difference';

const words = texts.history.changes;
const DAY = 86_400;
const ALL = 'all';

const readTime = (text: string | null, otherwise: number) => {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 ? value : otherwise;
};

export default function Changes({ params }: { params: URLSearchParams }) {
  const network = useNetworkId();
  const asOf = params.get('mode') === 'as-of';
  // The same moment for as long as the page is looked at, when the address does not name one.
  const [now] = useState(() => Math.floor(Date.now() / 1000));
  const to = readTime(params.get('to'), now);
  const from = readTime(params.get('from'), to - DAY);
  const entity = params.get('entity');
  const kinds = ['host', 'interface', 'service', 'subnet', 'group', 'flow', 'sensor', 'network'].map(each => ({ value: each, label: texts.history.entity[each]! }));
  const chosen = entity ?? (asOf ? 'host' : ALL);
  return (
    <Page
      title={words.title}
      tools={<SegmentedControl aria-label={words.mode} value={asOf ? 'as-of' : 'difference'} onChange={mode => setParams({ mode: mode === 'as-of' ? mode : null, entity: null })} data={[{ value: 'difference', label: words.difference }, { value: 'as-of', label: words.asOf }]} />}
    >
      <div className={css.controls}>
        <MomentField label={asOf ? words.at : words.from} value={from} change={at => setParams({ from: String(at) })} />
        {!asOf && <MomentField label={words.to} value={to} change={at => setParams({ to: String(at) })} />}
        <Choice label={words.entity} options={asOf ? kinds : [{ value: ALL, label: words.all }, ...kinds]} value={chosen} change={each => setParams({ entity: each === (asOf ? 'host' : ALL) ? null : each })} />
        <div className={css.presets} role="group" aria-label={words.preset}>
          {Object.entries(words.presets).map(([seconds, label]) => (
            <Button key={seconds} size="compact-sm" variant="default" onClick={() => setParams({ from: String(now - Number(seconds)), to: null })}>
              {label}
            </Button>
          ))}
        </div>
      </div>
      {network && (asOf ? <AsOf key={`${network} ${from} ${chosen}`} network={network} at={from} entity={chosen} /> : <Difference key={`${network} ${from} ${to} ${chosen}`} network={network} from={from} to={to} entity={chosen === ALL ? null : chosen} />)}
    </Page>
  );
}
