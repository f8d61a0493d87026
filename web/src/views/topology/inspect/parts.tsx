// SPDX-License-Identifier: BSD-2-Clause
// Pieces that all of the inspector's pages are made of.

import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconFocus2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { bytesText } from '../../../format';
import { Chip, type Tone } from '../../../parts/Chips';
import { texts } from '../../../texts';
import type { Change, Truth } from '../../../topology/model';
import type { Desk } from '../desk';
import { Sign } from '../Sign';
import css from './inspect.module.css';

const words = texts.topology;
const tones: Record<Change, Tone> = { added: 'live', removed: 'bad', changed: 'accent' };

export const Said = ({ title, hint }: { title: string; hint: string }) => (
  <div className={css.said}>
    <p>{title}</p>
    <p className={css.hint}>{hint}</p>
  </div>
);

export function Head({ icon, title, about, mono = false, change, children }: { icon: string; title: string; about?: ReactNode; mono?: boolean; change?: Change | undefined; children?: ReactNode }) {
  return (
    <header className={css.head}>
      <span className={css.icon}>
        <Sign name={icon} size={22} />
      </span>
      <div className={css.headWords}>
        <h3 className={mono ? 'mono' : undefined}>{title}</h3>
        {about && <p className={css.hint}>{about}</p>}
      </div>
      {change && <Chip tone={tones[change]}>{words.change[change]}</Chip>}
      {children && <div className={css.chips}>{children}</div>}
    </header>
  );
}

export function Part({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <div className={css.partHead}>
        <h4>{title}</h4>
        {aside}
      </div>
      {children}
    </section>
  );
}

export const Facts = ({ children }: { children: ReactNode }) => <dl className={css.facts}>{children}</dl>;

export function Fact({ name, mono = false, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : undefined}>{children}</dd>
    </div>
  );
}

export function TruthChip({ truth }: { truth: Truth }) {
  return (
    <span className={css.truth} data-truth={truth} title={words.truthHint[truth]}>
      {words.truth[truth]}
    </span>
  );
}

// Something with a share of the busiest, as a bar below its words.
export function Share({ icon, title, about, bytes, most, open }: { icon: string; title: string; about?: ReactNode; bytes: number; most: number; open: () => void }) {
  return (
    <UnstyledButton className={css.share} onClick={open}>
      <Sign name={icon} size={16} />
      <span className={css.shareTitle}>{title}</span>
      {about && <span className={css.hint}>{about}</span>}
      <span className={css.bytes}>{bytesText(bytes)}</span>
      <span className={css.bar} aria-hidden="true">
        <span style={{ width: `${Math.max(2, (bytes / Math.max(1, most)) * 100)}%` }} />
      </span>
    </UnstyledButton>
  );
}

export function FlyButton({ desk, id }: { desk: Desk; id: string }) {
  return (
    <ActionIcon variant="default" size={26} aria-label={words.inspect.fly} title={words.inspect.fly} onClick={() => desk.picture.current?.flyTo(id)}>
      <IconFocus2 size={15} aria-hidden />
    </ActionIcon>
  );
}
