// SPDX-License-Identifier: BSD-2-Clause
// A host that a person writes down, because no sensor sees it.

import { Textarea, TextInput } from '@mantine/core';

import { hosts } from '../api';
import { go } from '../navigate';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { TagField } from '../parts/Tags';
import { hostPath } from '../route';
import { texts } from '../texts';

const words = texts.hosts;

export function NewHost({ network, close }: { network: string; close: () => void }) {
  const form = useForm(
    { name: '', description: '', ip_address: '', mac_address: '', tags: [] as string[] },
    values => {
      const face = { ip_address: values.ip_address.trim() || null, mac_address: values.mac_address.trim() || null };
      return hosts.create({ network_id: network, name: values.name.trim(), description: values.description.trim() || null, hidden: false, tags: values.tags, interfaces: face.ip_address || face.mac_address ? [face] : [] });
    },
    (host, values) => {
      say(texts.things.made(values.name.trim()));
      go(hostPath(host.id));
    },
  );
  return (
    <Sheet title={words.addTitle} close={close} form={form} act={texts.save} disabled={!form.values.name.trim()}>
      <p className="dim">{words.addHint}</p>
      <TextInput data-autofocus label={words.name} maxLength={100} {...form.text('name')} />
      <TextInput label={words.addAddress} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('ip_address')} />
      <TextInput label={words.addMac} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('mac_address')} />
      <Textarea label={texts.things.description} autosize minRows={2} maxLength={500} {...form.text('description')} />
      <TagField value={form.values.tags} change={ids => form.set('tags', ids)} error={form.errors.tags} />
    </Sheet>
  );
}
