// SPDX-License-Identifier: BSD-2-Clause
// What a person says about a host. It stands over what is discovered.

import { Checkbox, Textarea, TextInput } from '@mantine/core';

import { hosts } from '../api';
import { useRights } from '../me';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { TagField } from '../parts/Tags';
import type { HostView } from '../state/selectors';
import { tagIds } from '../tags';
import { texts } from '../texts';

const words = texts.host;

export function EditHost({ view, close }: { view: HostView; close: () => void }) {
  const rights = useRights();
  const now = () => ({ name: view.host.name ?? '', description: view.host.description ?? '', hidden: view.host.hidden ?? false, tags: tagIds(view.host.tags) });
  const form = useForm(
    now(),
    values => hosts.update(view.id, { name: values.name.trim() || null, description: values.description.trim() || null, hidden: values.hidden, tags: values.tags }, view.host.revision),
    (_, values) => {
      say(words.saved(values.name.trim() || view.title));
      close();
    },
  );
  return (
    <Sheet title={words.editTitle} close={close} form={form} act={texts.save} reload={() => form.reset(now())} readOnly={!rights.edit && texts.form.viewer}>
      <TextInput data-autofocus label={words.name} description={words.nameHint} maxLength={100} placeholder={view.addresses[0] ?? ''} {...form.text('name')} />
      <Textarea label={words.description} autosize minRows={2} maxRows={8} maxLength={500} {...form.text('description')} />
      <TagField value={form.values.tags} change={tags => form.set('tags', tags)} error={form.errors.tags} />
      <Checkbox label={words.hide} description={words.hiddenHint} checked={form.values.hidden} onChange={event => form.set('hidden', event.currentTarget.checked)} />
    </Sheet>
  );
}
