// SPDX-License-Identifier: BSD-2-Clause
// Small things that mean the same in every view.

import type { ReactNode } from 'react';

import { bytesText } from '../format';
import { describeService } from '../services/catalogue';
import type { Service } from '../state/entities';
import { sourceText, texts } from '../texts';
import css from './Chips.module.css';

export type Tone = 'plain' | 'accent' | 'live' | 'warn' | 'bad';

export function Chip({ tone = 'plain', title, children }: { tone?: Tone; title?: string | undefined; children: ReactNode }) {
  return (
    <span className={css.chip} data-tone={tone} title={title}>
      {children}
    </span>
  );
}

export function Vlan({ vlan }: { vlan: string }) {
  return vlan ? <Chip title={`${texts.table.vlan} ${vlan}`}>{vlan}</Chip> : <span className="dim">–</span>;
}

const SERVICES_MAX = 8;

// What they are called, each once.
export const serviceTitles = (services: readonly Service[]): string[] => [...new Set(services.map(service => describeService(service).title))];

// How many, then as many of them as there is room for.
export function ServiceChips({ services }: { services: readonly Service[] }) {
  const labels = serviceTitles(services);
  if (!labels.length) return <span className="dim">–</span>;
  return (
    <span className={css.chips} title={labels.join(', ')}>
      {labels.length > 1 && <span className={css.number}>{labels.length}</span>}
      {labels.slice(0, SERVICES_MAX).map(label => (
        <Chip key={label} tone="accent">
          {label}
        </Chip>
      ))}
    </span>
  );
}

// A total with its two directions as a bar: what was sent, then what was received.
export function Traffic({ sent, received }: { sent: number; received: number }) {
  const total = sent + received;
  return (
    <span className={css.traffic} title={texts.hosts.trafficHint(bytesText(sent), bytesText(received))}>
      {bytesText(total)}
      <span className={css.bar} aria-hidden="true">
        {total > 0 && <span style={{ width: `${Math.max(6, Math.min(94, (sent / total) * 100))}%` }} />}
      </span>
    </span>
  );
}

export function Certainty({ confidence }: { confidence: string }) {
  const [name, hint] = texts.confidence[confidence] ?? [confidence, ''];
  return (
    <span className={css.certainty} data-confidence={confidence} title={hint}>
      {name}
    </span>
  );
}

export function Source({ source }: { source: string }) {
  return <span>{sourceText(source)}</span>;
}

export function Mac({ mac }: { mac: string }) {
  return (
    <span className="mono">
      <span className={css.oui}>{mac.slice(0, 8)}</span>
      {mac.slice(8)}
    </span>
  );
}
