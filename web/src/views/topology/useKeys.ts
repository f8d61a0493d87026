// SPDX-License-Identifier: BSD-2-Clause
// Keys of the page; those of the picture are its own. Not while something is being typed, nor while a dialog is open.

import { useEffect, useRef } from 'react';

import { viewKinds } from '../../topology/session/address';
import type { Desk } from './desk';

const STEP = 1.3;

export function useKeys(desk: Desk) {
  const now = useRef(desk);
  now.current = desk;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || event.altKey || isTyping(target) || document.querySelector('[role="dialog"]')) return;
      const act = event.ctrlKey || event.metaKey ? commandOf(event, now.current) : actOf(event.key, now.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = (target: HTMLElement) => target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !/^(checkbox|radio|range)$/.test(target.type));

function commandOf(event: KeyboardEvent, { session }: Desk): (() => void) | null {
  const { editor, readOnly } = session;
  if (!editor || readOnly) return null;
  const key = event.key.toLowerCase();
  if ((key === 'z' && event.shiftKey) || key === 'y') return () => editor.redo();
  if (key === 'z') return () => editor.undo();
  return null;
}

function actOf(key: string, desk: Desk): (() => void) | null {
  const { session, picture } = desk;
  const view = viewKinds[Number(key) - 1];
  if (view) return () => session.setView(view);
  switch (key.toLowerCase()) {
    case '?':
      return desk.help;
    case 'f':
      return () => desk.find.current?.focus();
    case 'o':
      return () => desk.panel('options');
    case 'l':
      return () => desk.panel('legend');
    case 'u':
      return () => desk.panel('outline');
    case 't':
      return desk.toggleTime;
    case '0':
      return () => picture.current?.fit();
    case '+':
    case '=':
      return () => picture.current?.zoomBy(STEP);
    case '-':
      return () => picture.current?.zoomBy(1 / STEP);
    case 'escape':
      if (session.address.selected) return () => desk.select(null);
      return session.address.panel ? () => desk.panel(session.address.panel) : null;
    default:
      return null;
  }
}
