// SPDX-License-Identifier: BSD-2-Clause
// The one question on show, and the latest notes.

import { ActionIcon, Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';

import { texts } from '../texts';
import { Dialog } from './Dialog';
import { dismiss, overlay } from './overlay';
import css from './Overlays.module.css';

export function Overlays() {
  const { question, notes } = useSyncExternalStore(overlay.subscribe, overlay.state);
  return (
    <>
      {question && (
        <Dialog title={question.title} close={() => question.answer(false)} centered zIndex={300}>
          <p className={css.text}>{question.text}</p>
          <div className={css.buttons}>
            <Button variant="default" onClick={() => question.answer(false)}>
              {texts.cancel}
            </Button>
            <Button data-autofocus {...(question.danger ? { color: 'coral.7' } : {})} onClick={() => question.answer(true)}>
              {question.act}
            </Button>
          </div>
        </Dialog>
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
