// SPDX-License-Identifier: BSD-2-Clause
// The one question on show, and the latest notes.

import { ActionIcon, Button, Modal } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';

import { texts } from '../texts';
import { dismiss, overlay } from './overlay';
import css from './Overlays.module.css';

export function Overlays() {
  const { question, notes } = useSyncExternalStore(overlay.subscribe, overlay.state);
  return (
    <>
      {question && (
        <Modal opened onClose={() => question.answer(false)} title={<strong>{question.title}</strong>} radius="lg" centered zIndex={300} transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} closeButtonProps={{ 'aria-label': texts.close }}>
          <p className={css.text}>{question.text}</p>
          <div className={css.buttons}>
            <Button variant="default" onClick={() => question.answer(false)}>
              {texts.cancel}
            </Button>
            <Button data-autofocus {...(question.danger ? { color: 'coral.7' } : {})} onClick={() => question.answer(true)}>
              {question.act}
            </Button>
          </div>
        </Modal>
      )}
      <div className={css.notes} role="status" aria-live="polite">
        {notes.map(note => (
          <div key={note.id} className={css.note} data-tone={note.tone}>
            {note.tone === 'good' ? <IconCheck size={17} aria-hidden /> : <IconAlertTriangle size={17} aria-hidden />}
            <span>{note.text}</span>
            {note.action && (
              <Button
                size="compact-sm"
                variant="white"
                onClick={() => {
                  dismiss(note.id);
                  note.action!.run();
                }}
              >
                {note.action.title}
              </Button>
            )}
            <ActionIcon variant="transparent" color="gray.4" size="sm" aria-label={texts.close} onClick={() => dismiss(note.id)}>
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
      </div>
    </>
  );
}
