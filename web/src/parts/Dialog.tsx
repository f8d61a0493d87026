// SPDX-License-Identifier: BSD-2-Clause
// A dialog in the middle of the page. Mantine's own head of one would be the page's second banner to a screen reader.

import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

import { texts } from '../texts';
import css from './Sheet.module.css';

interface Props {
  title: string;
  close: () => void;
  size?: string;
  centered?: boolean;
  zIndex?: number;
  stays?: boolean; // a click beside it, or Escape, does not close it
  children: ReactNode;
}

export function Dialog({ title, close, size = 'md', centered = false, zIndex = 200, stays = false, children }: Props) {
  return (
    <Modal.Root opened lockScroll={false} onClose={close} size={size} centered={centered} zIndex={zIndex} closeOnClickOutside={!stays} closeOnEscape={!stays} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.32} />
      <Modal.Content radius="lg">
        <div className={css.head}>
          <Modal.Title>
            <strong>{title}</strong>
          </Modal.Title>
          <Modal.CloseButton aria-label={texts.close} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
