// SPDX-License-Identifier: BSD-2-Clause
// The menu: all pages by section on a desk, the main ones at the foot of a phone with the others behind "more".

import { Drawer, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconDots } from '@tabler/icons-react';
import { useId, useState } from 'react';

import { urgent } from '../alerts/alerts';
import { useAlerts } from '../alerts/useAlerts';
import { compactText } from '../format';
import { useKept } from '../kept';
import { useCount, useLoaded, useRows, useViews } from '../live';
import { useRights } from '../me';
import { linkTo } from '../navigate';
import { mainPages, sections, type Item, type NavSection } from '../sections';
import { texts } from '../texts';
import { useNarrow } from './media';
import css from './Nav.module.css';

const words = texts.nav;
const allItems = sections.flatMap(section => section.items);

// short: signs only, of a rail that was folded.
export function Nav({ current, short }: { current: string; short: boolean }) {
  const narrow = useNarrow();
  return narrow ? <Foot current={current} /> : <All current={current} short={short} />;
}

function All({ current, short = false, after }: { current: string; short?: boolean; after?: () => void }) {
  const [folded, setFolded] = useKept('menu.folded');
  const closed = folded?.split(' ') ?? [];
  const toggle = (id: string) => setFolded((closed.includes(id) ? closed.filter(each => each !== id) : [...closed, id]).join(' ') || null);
  return (
    <nav aria-label={words.label} className={css.nav}>
      {sections.map(section => (
        <Part key={section.id} section={section} current={current} open={short || !closed.includes(section.id)} toggle={() => toggle(section.id)} after={after} />
      ))}
    </nav>
  );
}

function Part({ section, current, open, toggle, after }: { section: NavSection; current: string; open: boolean; toggle: () => void; after: (() => void) | undefined }) {
  const rights = useRights();
  const list = useId();
  const items = section.items.filter(item => !item.for || rights[item.for]);
  return (
    <div role="group" aria-label={section.title}>
      <h2 className={css.heading}>
        <button type="button" aria-expanded={open} aria-controls={list} onClick={toggle}>
          {section.title}
          <IconChevronDown size={14} stroke={2} aria-hidden />
        </button>
      </h2>
      {/* Of a folded section only the page that one is on stays in sight. */}
      <ul id={list} onClick={after}>
        {items
          .filter(item => open || current === item.page)
          .map(item => (
            <Entry key={item.page} item={item} current={current === item.page} />
          ))}
      </ul>
    </div>
  );
}

function Foot({ current }: { current: string }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <nav aria-label={words.label} className={css.foot}>
        <ul>
          {mainPages.map(page => (
            <Entry key={page} item={allItems.find(item => item.page === page)!} current={current === page} />
          ))}
          <li>
            <UnstyledButton className={css.item} aria-expanded={open} data-current={!mainPages.some(page => page === current) || undefined} onClick={() => setOpen(true)}>
              <IconDots size={20} stroke={1.7} aria-hidden />
              <span>{words.more}</span>
            </UnstyledButton>
          </li>
        </ul>
      </nav>
      {open && (
        <Drawer opened onClose={close} position="bottom" size="85dvh" title={<strong>{texts.product}</strong>} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': texts.close }} classNames={{ content: css.sheet, header: css.sheet }}>
          <All current={current} after={close} />
        </Drawer>
      )}
    </>
  );
}

function Entry({ item, current }: { item: Item; current: boolean }) {
  const Sign = item.icon;
  return (
    <li>
      <a className={css.item} {...linkTo(`/${item.page}`)} aria-current={current ? 'page' : undefined} title={item.title}>
        <Sign size={19} stroke={1.7} aria-hidden />
        <span>{item.title}</span>
        {item.page === 'alerts' ? <Alarms /> : item.page === 'sessions' ? <Running /> : item.entity === 'sensor' ? <Sensors /> : item.entity && <Count entity={item.entity} />}
      </a>
    </li>
  );
}

const Small = ({ count, alarm }: { count: number; alarm?: boolean }) => (
  <small data-alarm={alarm || undefined} aria-hidden="true">
    {compactText(count)}
  </small>
);

function Count({ entity }: { entity: string }) {
  const count = useCount(entity);
  const loaded = useLoaded();
  return loaded ? <Small count={count} /> : null;
}

function Sensors() {
  const { tables } = useViews('sensor');
  const loaded = useLoaded();
  return loaded ? <Small count={tables.sensor.size} alarm={[...tables.sensor.values()].some(sensor => !sensor.connected)} /> : null;
}

// Said to those who listen, too: it is the reason to go there.
function Alarms() {
  const waiting = urgent(useAlerts().alerts);
  if (!waiting.length) return null;
  return (
    <small data-badge={waiting.some(alert => alert.severity === 'bad') ? 'bad' : 'warn'} title={texts.alerts.badge(waiting.length)}>
      {compactText(waiting.length)}
    </small>
  );
}

const over = ['Complete', 'Failed', 'Cancelled'];

function Running() {
  const count = useRows<{ id: string; phase: string }>('session').filter(session => !over.includes(session.phase)).length;
  return count ? <Small count={count} /> : null;
}
