// SPDX-License-Identifier: BSD-2-Clause
// Text to take away: a key, a command, a link.

import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';

import { texts } from '../texts';
import css from './Copyable.module.css';

const COPIED_MS = 2000;

// The clipboard is there on https and localhost only; elsewhere the text is selected for the person to copy.
export function Copyable({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (element: HTMLElement) => {
    const done = () => {
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_MS);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => select(element));
    else select(element);
  };
  return (
    <div className={css.copyable}>
      <span className={css.label}>{label}</span>
      <code className={css.code} data-testid="copyable">
        {text}
      </code>
      <Button size="compact-sm" variant="default" leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />} onClick={event => copy(event.currentTarget.previousElementSibling as HTMLElement)}>
        {copied ? texts.copied : texts.copy}
      </Button>
    </div>
  );
}

function select(element: HTMLElement) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
}
