// SPDX-License-Identifier: BSD-2-Clause
// What people say about a sensor.

import { Textarea, TextInput } from '@mantine/core';

import { sensors } from '../api';
import { useRights } from '../me';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { TagField } from '../parts/Tags';
import type { Sensor } from '../state/entities';
import { tagIds } from '../tags';
import { texts } from '../texts';

const valuesOf = (sensor: Sensor) => ({ name: sensor.name, description: sensor.description ?? '', tags: tagIds(sensor.tags) });

const bodyOf = (values: ReturnType<typeof valuesOf>) => ({ name: values.name.trim(), description: values.description.trim() || null, tags: values.tags });

export function EditSensor({ sensor, close }: { sensor: Sensor; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    valuesOf(sensor),
    values => sensors.update(sensor.id, bodyOf(values), sensor.revision),
    (_, values) => {
      say(texts.things.saved(values.name));
      close();
    },
    { against: { operation: 'put /api/sensors/{id}', body: bodyOf } },
  );
  return (
    <Sheet title={texts.things.sensors.edit} close={close} form={form} act={texts.save} reload={() => form.reset(valuesOf(sensor))} readOnly={!rights.edit && texts.form.viewer}>
      <TextInput data-autofocus label={texts.things.name} {...form.text('name')} />
      <Textarea label={texts.things.description} autosize minRows={2} {...form.text('description')} />
      <TagField value={form.values.tags} change={ids => form.set('tags', ids)} error={form.errors.tags} />
    </Sheet>
  );
}
