// SPDX-License-Identifier: BSD-2-Clause
// Which time is on show: a slider over all that the log reaches back to, ending at "live", and another time to compare with.

import { ActionIcon, Button, Menu, Slider } from '@mantine/core';
import { IconChevronDown, IconChevronLeft, IconChevronRight, IconGitCompare, IconListDetails, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { momentText, timeText } from '../../format';
import { setParams } from '../../navigate';
import { useClock } from '../../parts/clock';
import { MomentField } from '../../parts/Fields';
import { useNarrow } from '../../parts/media';
import { texts } from '../../texts';
import { marksOf } from '../../topology/session/past';
import type { Desk } from './desk';
import css from './TimeBar.module.css';

const words = texts.topology.time;
const STEPS = 1000; // of the slider
const CLOCK_S = 30;

const presets = [['hour', 3600], ['day', 86_400], ['week', 7 * 86_400], ['month', 30 * 86_400]] as const;

// A day by its name, an hour by its figure.
function markText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return date.getHours() === 0 && date.getMinutes() === 0 ? date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' }) : date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

export function TimeBar({ desk }: { desk: Desk }) {
  const { address, time } = desk.session;
  const narrow = useNarrow();
  const now = useClock(seconds => Math.floor(seconds / CLOCK_S) * CLOCK_S);
  const { oldest } = time;
  const { at, since } = address;
  // What is dragged is read when it is let go.
  const [dragged, setDragged] = useState<number | null>(null);
  useEffect(() => setDragged(null), [at]);
  const start = oldest ?? now - 3600;
  const toStep = (seconds: number) => Math.round(((seconds - start) / Math.max(1, now - start)) * STEPS);
  const toTime = (step: number) => Math.round(start + (step / STEPS) * (now - start));
  const choose = (seconds: number | null) => setParams({ at: seconds === null || seconds >= now ? null : String(Math.max(seconds, Math.ceil(start))), time: '1' }, 'push');
  const compare = (seconds: number | null) => setParams({ since: seconds === null ? null : String(Math.max(Math.round(seconds), Math.ceil(start))), panel: seconds === null ? (address.panel === 'changes' ? null : address.panel) : 'changes' }, 'push');
  const shownAt = dragged ?? at;
  const marks = oldest === null ? [] : marksOf(oldest, now, narrow ? 3 : 6).map(seconds => ({ value: toStep(seconds), label: markText(seconds) }));
  const step = Math.max(60, Math.round((now - start) / 100));
  const base = at ?? now;

  return (
    <section className={css.bar} aria-label={words.title} data-testid="time">
      <div className={css.now}>
        <Button size="compact-sm" variant={at === null ? 'filled' : 'default'} color="mint.8" onClick={() => choose(null)} aria-pressed={at === null}>
          {words.live}
        </Button>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={words.earlier} title={words.earlier} disabled={oldest === null} onClick={() => choose(base - step)}>
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={words.later} title={words.later} disabled={at === null} onClick={() => choose(base + step)}>
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={css.slider}>
        {oldest === null ? (
          <p className={css.hint}>{words.hint}</p>
        ) : (
          <Slider
            size={4}
            min={0}
            max={STEPS}
            value={shownAt === null ? STEPS : toStep(shownAt)}
            onChange={value => setDragged(value >= STEPS ? null : toTime(value))}
            onChangeEnd={value => choose(value >= STEPS ? null : toTime(value))}
            marks={marks}
            label={value => (value >= STEPS ? words.now : timeText(toTime(value)))}
            thumbLabel={words.slider}
            thumbProps={{ 'aria-valuetext': shownAt === null ? words.live : timeText(shownAt) }}
            {...(at === null ? { color: 'mint.6' } : {})}
            classNames={{ markLabel: css.mark!, root: css.track! }}
          />
        )}
      </div>
      {!narrow && <MomentField label={words.moment} value={shownAt ?? now} change={choose} />}
      <div className={css.compare}>
        <Menu position="top-end" shadow="md" width={210}>
          <Menu.Target>
            <Button size="compact-sm" variant={since === null ? 'default' : 'light'} leftSection={<IconGitCompare size={14} aria-hidden />} rightSection={<IconChevronDown size={13} aria-hidden />}>
              {since === null ? words.compare : momentText(since)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{words.choose}</Menu.Label>
            {presets.map(([name, seconds]) => (
              <Menu.Item key={name} disabled={oldest !== null && base - seconds < oldest - step} onClick={() => compare(base - seconds)}>
                {words.preset[name]}
              </Menu.Item>
            ))}
            {oldest !== null && <Menu.Item onClick={() => compare(oldest + 1)}>{momentText(oldest)}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
        {since !== null && (
          <>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={texts.topology.changes.title} title={texts.topology.changes.title} onClick={() => desk.panel('changes')}>
              <IconListDetails size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={28} aria-label={words.stop} title={words.stop} onClick={() => compare(null)}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={texts.topology.close} onClick={desk.toggleTime}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </section>
  );
}
