// SPDX-License-Identifier: BSD-2-Clause
// Who talks to whom: a matrix of places, those who ask at the side, those who answer above; on a phone the same as a list.

import { SegmentedControl } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useMemo } from 'react';

import type { Traffic, TrafficTop } from '../../api';
import { bytesText, percentText } from '../../format';
import { useViews } from '../../live';
import { setParams } from '../../navigate';
import { useNarrow } from '../../parts/media';
import { Section } from '../../parts/Section';
import { texts } from '../../texts';
import { bytesOf, matrixOf, pairsOf, type Matrix } from '../../traffic';
import { useSubnets } from './data';
import css from './Traffic.module.css';

const words = texts.traffic;
const PLACES = 9;
const PAIRS = 14;
const REST = 'rest';
const ELSEWHERE = 'elsewhere';

type By = 'subnet' | 'host';

export function Whom({ traffic, params }: { traffic: Traffic; params: URLSearchParams }) {
  const narrow = useNarrow();
  const views = useViews('host');
  const subnets = useSubnets();
  const by: By = params.get('who') === 'host' ? 'host' : 'subnet';
  const matrix = useMemo(() => {
    const place = (edge: TrafficTop, end: 'client' | 'server') => (by === 'host' ? (edge[`${end}_host_id`] ?? edge[end] ?? '') : (subnets.of(edge[end] ?? '') ?? ELSEWHERE));
    return matrixOf(traffic.top, place, PLACES, REST);
  }, [traffic, by, subnets]);
  const name = (key: string) => {
    if (key === REST) return words.others;
    if (key === ELSEWHERE) return words.elsewhere;
    return by === 'host' ? views.host(key)?.title || key : (subnets.name(key) ?? texts.unknown);
  };
  // An address without a host is only a text.
  const only = (key: string): Record<string, string> | null => (by === 'host' ? (views.host(key) ? { host: key } : null) : subnets.name(key) ? { subnet: key } : null);
  const shown = traffic.top.reduce((sum, edge) => sum + bytesOf(edge), 0);
  const whole = bytesOf(traffic.total);
  const hint = traffic.count > traffic.top.length ? words.part(traffic.top.length, percentText(shown / whole)) : narrow ? undefined : words.whoHint;
  return (
    <Section wide title={words.who} {...(hint ? { hint } : {})} aside={<SegmentedControl size="xs" aria-label={words.whoBy} value={by} onChange={value => setParams({ who: value === 'subnet' ? null : value })} data={Object.entries(words.whoBys).map(([value, label]) => ({ value, label }))} />}>
      {narrow ? <List matrix={matrix} name={name} /> : <Table matrix={matrix} name={name} only={only} />}
    </Section>
  );
}

interface Shown {
  matrix: Matrix;
  name: (key: string) => string;
}

function Table({ matrix, name, only }: Shown & { only: (key: string) => Record<string, string> | null }) {
  const title = (key: string) => {
    const chosen = only(key);
    return chosen ? (
      <button type="button" className={css.place} title={words.onlyThis(name(key))} onClick={() => setParams(chosen)}>
        {name(key)}
      </button>
    ) : (
      <span className={css.place} title={name(key)}>
        {name(key)}
      </span>
    );
  };
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={words.who}>
      <table className={css.matrix}>
        <caption className="hidden">{words.whoHint}</caption>
        <thead>
          <tr>
            <td />
            {matrix.places.map(key => (
              <th key={key} scope="col">
                {title(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.places.map(from => (
            <tr key={from}>
              <th scope="row">{title(from)}</th>
              {matrix.places.map(to => {
                const bytes = matrix.bytes.get(from)?.get(to) ?? 0;
                return (
                  <td key={to} data-heat={bytes ? heat(bytes, matrix.most) : undefined} title={words.cell(name(from), name(to), bytesText(bytes))}>
                    {bytes ? bytesText(bytes) : <span className="dim">·</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// 1 to 5, by the logarithm: a thousandth of the most is still to be seen.
const heat = (bytes: number, most: number) => Math.max(1, Math.min(5, Math.ceil(5 + Math.log10(bytes / most) * 1.4)));

function List({ matrix, name }: Shown) {
  const pairs = pairsOf(matrix).slice(0, PAIRS);
  return (
    <ol className={css.pairs}>
      {pairs.map(pair => (
        <li key={pair.key}>
          <span className={css.pair}>
            <span className="cut">{name(pair.client)}</span>
            <IconArrowRight size={14} aria-label={words.answers} />
            <span className="cut">{name(pair.server)}</span>
            <span className="figures">{bytesText(pair.bytes)}</span>
          </span>
          <span className={css.shareBar} aria-hidden="true">
            <span style={{ width: `${(pair.bytes / matrix.most) * 100}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}
