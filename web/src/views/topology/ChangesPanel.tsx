// SPDX-License-Identifier: BSD-2-Clause
// What came, went and changed between two times, as a list that leads into the picture.

import { Button, SegmentedControl } from '@mantine/core';
import { IconGitCompare } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';

import type { DifferenceItem } from '../../api';
import { changesText } from '../../changes';
import { momentText, timeText } from '../../format';
import { useNameOf } from '../../names';
import { setParams } from '../../navigate';
import { Chip, type Tone } from '../../parts/Chips';
import { Empty, Loading } from '../../parts/Empty';
import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import css from './ChangesPanel.module.css';
import type { Desk } from './desk';
import { placesOf } from './placesOf';

const words = texts.topology.changes;
const tones: Record<DifferenceItem['change'], Tone> = { added: 'live', removed: 'bad', changed: 'accent' };
// What comes and goes with others, or is no part of a picture.
const silent = new Set(['topology', 'share', 'port', 'binding', 'discovery', 'session', 'sensor']);
const kinds = ['added', 'removed', 'changed'] as const;
const DAY_S = 86_400;
const ROW = 58;

export default function ChangesPanel({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { address, time } = session;
  const graph = useGraphNow(session.stage, 2000);
  const places = useMemo(() => placesOf(graph), [graph]);
  const nameOf = useNameOf();
  const [kind, setKind] = useState<string>('all');
  const scroller = useRef<HTMLDivElement>(null);
  const { became } = time;
  const told = useMemo(() => became?.items.filter(item => !silent.has(item.entity)) ?? [], [became]);
  const items = useMemo(() => told.filter(item => kind === 'all' || item.change === kind), [told, kind]);
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8, measureElement: element => element.getBoundingClientRect().height });

  if (address.since === null) {
    return (
      <Empty icon={<IconGitCompare aria-hidden />} title={words.title} hint={words.hint}>
        <Button onClick={() => setParams({ since: String(Math.max(Math.floor((address.at ?? Date.now() / 1000) - DAY_S), Math.ceil(time.oldest ?? 0))), time: '1' }, 'push')}>{words.start}</Button>
      </Empty>
    );
  }
  if (!became) return time.problem ? null : <Loading />;
  const sums = kinds.map(each => told.filter(item => item.change === each).length);
  return (
    <div className={css.changes}>
      <div className={css.head}>
        <p className={css.span} title={`${timeText(became.from)} → ${timeText(became.to)}`}>
          {texts.topology.time.comparing(momentText(became.from), momentText(became.to))}
        </p>
        <p className={css.sums}>{told.length ? words.sums(sums[0]!, sums[1]!, sums[2]!) : words.none}</p>
        {told.length > 0 && (
          <SegmentedControl fullWidth size="xs" aria-label={words.filter} transitionDuration={0} withItemsBorders={false} value={kind} onChange={setKind} data={[{ value: 'all', label: words.all }, ...kinds.map(value => ({ value, label: texts.topology.change[value]! }))]} />
        )}
      </div>
      <div ref={scroller} className={css.list} tabIndex={0} role="region" aria-label={words.title} data-testid="changes">
        <ul style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const item = items[index]!;
            const there = places.get(item.id) ?? null;
            return (
              <li key={`${item.entity} ${item.id}`} ref={virtual.measureElement} data-index={index} style={{ transform: `translateY(${start}px)` }}>
                <button type="button" className={css.item} disabled={there === null} title={there === null ? words.notHere : undefined} onClick={() => there && desk.show(there)}>
                  <span className={css.line}>
                    <Chip tone={tones[item.change]}>{texts.topology.change[item.change]}</Chip>
                    <span className={css.label}>{item.label}</span>
                    <span className={css.kind}>{texts.history.one[item.entity] ?? item.entity}</span>
                  </span>
                  {item.change === 'changed' && <span className={css.details}>{changesText(item.before, item.after, nameOf)}</span>}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {became.items.length < became.total && <p className={css.cut}>{words.cut(became.items.length, became.total)}</p>}
    </div>
  );
}
