// SPDX-License-Identifier: BSD-2-Clause
// A host that a person writes down, because no sensor sees it.

import { Textarea, TextInput } from '@mantine/core';

import { hosts } from '../api';
import { useRows } from '../live';
import { go } from '../navigate';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { TagField } from '../parts/Tags';
import { hostPath } from '../route';
import { subnetOf } from '../state/addressForm';
import type { Subnet } from '../state/entities';
import { texts } from '../texts';

const words = texts.hosts;

const faceOf = (values: { ip_address: string; mac_address: string }) => ({ ip_address: values.ip_address.trim() || null, mac_address: values.mac_address.trim().toLowerCase().replaceAll('-', ':') || null });

export function NewHost({ network, close }: { network: string; close: () => void }) {
  const subnets = useRows<Subnet>('subnet');
  const form = useForm(
    { name: '', description: '', ip_address: '', mac_address: '', tags: [] as string[] },
    values => {
      const face = { ...faceOf(values), subnet_id: subnetOf(values.ip_address.trim(), subnets) };
      return hosts.create({ network_id: network, name: values.name.trim() || null, description: values.description.trim() || null, hidden: false, tags: values.tags, interfaces: face.ip_address || face.mac_address ? [face] : [] });
    },
    (host, values) => {
      say(texts.things.made(values.name.trim() || values.ip_address.trim() || values.mac_address.trim()));
      go(hostPath(host.id));
    },
    {
      against: [
        { operation: 'post /api/hosts', body: values => ({ name: values.name.trim() || null, description: values.description.trim() || null, tags: values.tags }), only: ['name', 'description', 'tags'] },
        { operation: 'post /api/interfaces', body: faceOf, only: ['ip_address', 'mac_address'] },
      ],
      check: (values): { name?: string } => (values.name.trim() || values.ip_address.trim() || values.mac_address.trim() ? {} : { name: words.addNeeds }),
    },
  );
  return (
    <Sheet title={words.addTitle} close={close} form={form} act={texts.save}>
      <p className="dim">{words.addHint}</p>
      <TextInput data-autofocus label={words.name} {...form.text('name')} />
      <TextInput label={words.addAddress} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('ip_address')} />
      <TextInput label={words.addMac} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('mac_address')} />
      <Textarea label={texts.things.description} autosize minRows={2} {...form.text('description')} />
      <TagField value={form.values.tags} change={ids => form.set('tags', ids)} error={form.errors.tags} />
    </Sheet>
  );
}
