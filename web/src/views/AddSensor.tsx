// SPDX-License-Identifier: BSD-2-Clause
// A new sensor: its name, then its key, which is shown this once, and how to start it.

import { Button, Modal, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';

import { api, ApiError } from '../api';
import { startCommand } from '../sensor';
import { texts } from '../texts';
import css from './AddSensor.module.css';

const words = texts.addSensor;
const COPIED_MS = 2000;

export function AddSensor({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    api
      .addSensor(name.trim())
      .then(
        made => setKey(made.key),
        (error: unknown) => setProblem(words.failed(error instanceof ApiError ? error.message : String(error))),
      )
      .finally(() => setBusy(false));
  };
  // A click beside the dialog must not lose the key.
  return (
    <Modal opened onClose={close} title={<strong>{words.title}</strong>} size="lg" radius="lg" closeOnClickOutside={key === null} closeOnEscape={key === null} transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} closeButtonProps={{ 'aria-label': texts.close }}>
      {key === null ? (
        <form className={css.form} onSubmit={submit}>
          <TextInput data-autofocus label={words.name} description={words.nameHint} required withAsterisk={false} maxLength={100} value={name} onChange={event => setName(event.currentTarget.value)} />
          <p role="alert" className={css.problem}>
            {problem}
          </p>
          <Button type="submit" loading={busy} disabled={!name.trim()}>
            {words.make}
          </Button>
        </form>
      ) : (
        <div className={css.form}>
          <p>{words.made(name.trim())}</p>
          <Copyable label={words.key} text={key} />
          <p className={css.hint}>{words.keyHint}</p>
          <Copyable label={words.start} text={startCommand(location)} />
          <Button onClick={close}>{words.done}</Button>
        </div>
      )}
    </Modal>
  );
}

// The clipboard is there on https and localhost only; elsewhere the text is selected for the person to copy.
function Copyable({ label, text }: { label: string; text: string }) {
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
      <code className={css.code}>{text}</code>
      <Button size="compact-sm" variant="default" leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />} onClick={event => copy(event.currentTarget.previousElementSibling as HTMLElement)}>
        {copied ? words.copied : words.copy}
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
