// SPDX-License-Identifier: BSD-2-Clause
// One export at a time: begun, watched, called off.

import { useEffect, useRef, useState } from 'react';

import { errorText } from '../../../errors';
import { say } from '../../../parts/overlay';
import { texts } from '../../../texts';
import { download } from '../../../topology/export/files';
import { make, type Format, type Subject } from '../../../topology/export/make';
import { wasCancelled } from '../../../topology/export/work';

const words = texts.export;
const SHOWN_AFTER_MS = 300; // a quick one needs no panel

export interface Running {
  format: Format;
  share: number;
  cancel: () => void;
}

export function useExport(subject: Subject): { running: Running | null; start: (format: Format, dark: boolean) => void } {
  const [running, setRunning] = useState<Running | null>(null);
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);

  const start = (format: Format, dark: boolean) => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const { signal } = controller;
    const cancel = () => controller.abort();
    let shown = false;
    const timer = setTimeout(() => {
      shown = true;
      setRunning({ format, share: 0, cancel });
    }, SHOWN_AFTER_MS);
    const progress = (share: number) => shown && !signal.aborted && setRunning({ format, share, cancel });
    void document.fonts.ready
      .then(() => make(format, subject, dark, { signal, progress }))
      .then(
        ({ blob, file, notes }) => {
          download(blob, file);
          for (const note of notes) say(note);
          say(words.done(file));
        },
        (error: unknown) => {
          if (wasCancelled(error)) say(words.cancelled);
          else say(words.failed(words.what[format], errorText(error)), { tone: 'bad' });
        },
      )
      .finally(() => {
        clearTimeout(timer);
        if (current.current === controller) setRunning(null);
      });
  };
  return { running, start };
}
