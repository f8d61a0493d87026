// SPDX-License-Identifier: BSD-2-Clause
// A new sensor: its name, then its key, which is shown this once, and how to start it.

import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';

import { sensors } from '../api';
import { useNetworkId } from '../live';
import { Copyable } from '../parts/Copyable';
import { Dialog } from '../parts/Dialog';
import { useForm } from '../parts/form';
import { changed } from '../remote';
import { commands, type Way } from '../sensorCommand';
import { texts } from '../texts';
import css from './AddSensor.module.css';

const words = texts.addSensor;

export function AddSensor({ close }: { close: () => void }) {
  const [key, setKey] = useState<string | null>(null);
  const [way, setWay] = useState<Way>('systemd');
  const network = useNetworkId();
  const form = useForm(
    { name: '' },
    values => sensors.add(values.name.trim(), network),
    made => {
      setKey(made.key);
      changed('sensor-keys');
    },
    { against: { operation: 'post /api/sensors', body: values => ({ name: values.name.trim() }) } },
  );
  const name = form.values.name.trim();
  // A click beside the dialog must not lose the key.
  return (
    <Dialog title={words.title} close={close} size="lg" stays={key !== null}>
      {key === null ? (
        <form className={css.form} onSubmit={form.submit} noValidate>
          <TextInput data-autofocus label={words.name} description={words.nameHint} {...form.text('name')} />
          <p role="alert" className={css.problem}>
            {form.problem && words.failed(form.problem)}
          </p>
          <Button type="submit" loading={form.busy}>
            {words.make}
          </Button>
        </form>
      ) : (
        <div className={css.form}>
          <p>{words.made(name)}</p>
          <Copyable label={words.key} text={key} />
          <SegmentedControl aria-label={words.way} value={way} onChange={each => setWay(each as Way)} data={Object.entries(words.ways).map(([value, label]) => ({ value, label }))} />
          <p className={css.hint}>{words.wayHint[way]}</p>
          <Copyable label={words.commands} text={commands(location, key, name)[way]} />
          <Button onClick={close}>{words.done}</Button>
        </div>
      )}
    </Dialog>
  );
}
