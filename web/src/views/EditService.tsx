// SPDX-License-Identifier: BSD-2-Clause
// What a person says about a service. It stands over what is discovered.

import { TextInput } from '@mantine/core';

import { services } from '../api';
import { useRights } from '../me';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { TagField } from '../parts/Tags';
import type { Service } from '../state/entities';
import { portText, serviceLabel } from '../state/selectors';
import { tagIds } from '../tags';
import { texts } from '../texts';

const words = texts.things.services;

const valuesOf = (service: Service) => ({ name: service.name ?? '', tags: tagIds(service.tags) });

const bodyOf = (values: ReturnType<typeof valuesOf>) => ({ name: values.name.trim() || null, tags: values.tags });

export function EditService({ service, close }: { service: Service; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    valuesOf(service),
    values => services.update(service.id, bodyOf(values), service.revision),
    (_, values) => {
      say(texts.things.saved(values.name.trim() || serviceLabel(service)));
      close();
    },
    { against: { operation: 'put /api/services/{id}', body: bodyOf } },
  );
  return (
    <Sheet title={words.edit} close={close} form={form} act={texts.save} reload={() => form.reset(valuesOf(service))} readOnly={!rights.edit && texts.form.viewer}>
      <TextInput label={texts.services.port} value={[portText(service), service.ip].filter(Boolean).join('  ')} readOnly classNames={{ input: 'mono' }} />
      <TextInput data-autofocus label={texts.things.name} description={words.nameHint} {...form.text('name')} />
      <TagField value={form.values.tags} change={ids => form.set('tags', ids)} error={form.errors.tags} />
    </Sheet>
  );
}
