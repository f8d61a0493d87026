// SPDX-License-Identifier: BSD-2-Clause
// Something that is shown this once. A click beside the dialog must not lose it.

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

import { texts } from '../texts';
import { Copyable } from './Copyable';
import { Dialog } from './Dialog';
import css from './SecretModal.module.css';

export function SecretModal({ title, hint, label, text, close, children }: { title: string; hint: string; label: string; text: string; close: () => void; children?: ReactNode }) {
  return (
    <Dialog title={title} close={close} size="lg" stays>
      <div className={css.body}>
        <p className={css.hint}>{hint}</p>
        <Copyable label={label} text={text} />
        {children}
        <Button onClick={close}>{texts.done}</Button>
      </div>
    </Dialog>
  );
}
