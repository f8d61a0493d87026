// SPDX-License-Identifier: BSD-2-Clause
// What is pointed at, in words. It follows a small store of its own, so that the picture does not render for it.

import { useSyncExternalStore } from 'react';

import type { Words } from './describe';
import css from './Picture.module.css';

export interface Shown {
  words: Words;
  x: number;
  y: number;
  left: boolean; // of the pointer, because there is no room at its right
  above: boolean;
}

export class Value<T> {
  private readonly listeners = new Set<() => void>();
  constructor(private value: T) {}
  get = () => this.value;
  set(value: T) {
    if (value === this.value) return;
    this.value = value;
    for (const listener of this.listeners) listener();
  }
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const useValue = <T,>(value: Value<T>): T => useSyncExternalStore(value.subscribe, value.get);

export function Tooltip({ shown }: { shown: Value<Shown | null> }) {
  const it = useValue(shown);
  if (!it) return null;
  return (
    <div className={css.tooltip} style={{ transform: `translate(${it.x}px, ${it.y}px) translate(${it.left ? 'calc(-100% - 14px)' : '14px'}, ${it.above ? 'calc(-100% - 12px)' : '16px'})` }} aria-hidden>
      <strong>{it.words.title}</strong>
      {it.words.subtitle && <span className={css.subtitle}>{it.words.subtitle}</span>}
      {it.words.facts.length > 0 && <span className={css.facts}>{it.words.facts.join(' · ')}</span>}
    </div>
  );
}
