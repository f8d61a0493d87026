// SPDX-License-Identifier: BSD-2-Clause
// A new sensor: its name, then its key, which is shown this once, and how to start it.

import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

import { sensors } from '../api';
import { errorText } from '../errors';
import { useNetworkId } from '../live';
import { Copyable } from '../parts/Copyable';
import { changed } from '../remote';
import { commands, type Way } from '../sensorCommand';
import { texts } from '../texts';
import css from './AddSensor.module.css';

const words = texts.addSensor;

export function AddSensor({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [key, setKey] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [way, setWay] = useState<Way>('systemd');
  const network = useNetworkId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    sensors
      .add(name.trim(), network)
      .then(
        made => {
          setKey(made.key);
          changed('sensor-keys');
        },
        (error: unknown) => setProblem(words.failed(errorText(error))),
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
          <SegmentedControl aria-label={words.way} value={way} onChange={each => setWay(each as Way)} data={Object.entries(words.ways).map(([value, label]) => ({ value, label }))} />
          <p className={css.hint}>{words.wayHint[way]}</p>
          <Copyable label={words.commands} text={commands(location, key, name.trim())[way]} />
          <Button onClick={close}>{words.done}</Button>
        </div>
      )}
    </Modal>
  );
}
