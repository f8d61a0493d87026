// SPDX-License-Identifier: BSD-2-Clause
// The networks that one may see, and which of them is on show.

import { Button, Textarea, TextInput } from '@mantine/core';
import { IconNetwork } from '@tabler/icons-react';
import { useMemo } from 'react';

import { networks as api, type Network } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { useNetworks } from '../../networks';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { TagChips, TagField } from '../../parts/Tags';
import { changed } from '../../remote';
import { NETWORK } from '../../route';
import { compareText } from '../../state/address';
import { tagIds } from '../../tags';
import { texts } from '../../texts';
import { useTagField } from '../fields';
import { byNumber } from '../list';

const words = texts.things.networks;
const { name, description, tagsTitle, created } = texts.things;

const searchText = (network: Network) => `\n${[network.name, network.description].filter(Boolean).join('\n')}\n`.toLowerCase();

function Look({ id }: { id: string }) {
  const current = useNetworkId();
  if (id === current) return <Chip tone="live">{words.current}</Chip>;
  return (
    <Button component="a" size="compact-sm" variant="default" {...linkTo(`/hosts?${NETWORK}=${id}`)}>
      {words.look}
    </Button>
  );
}

const columns: Column<Network>[] = [
  { id: 'name', title: name, min: 10, grow: 1.5, compare: (a, b) => compareText(a.name, b.name), cell: network => <RowLink id={network.id}>{network.name}</RowLink> },
  { id: 'description', title: description, min: 12, grow: 3, compare: (a, b) => compareText(a.description ?? '', b.description ?? ''), cell: network => network.description || <Dash /> },
  { id: 'tags', title: tagsTitle, min: 8, grow: 1.5, compare: byNumber(network => tagIds(network.tags).length), cell: network => <TagChips of={network.tags} /> },
  { id: 'created', title: created, min: 6, grow: 0.6, end: true, descending: true, compare: byNumber(network => network.created_at ?? 0), cell: network => (network.created_at ? <Ago at={network.created_at} /> : <Dash />) },
  { id: 'look', title: words.look, min: 7, grow: 0.5, end: true, compare: () => 0, cell: network => <Look id={network.id} /> },
];

export default function Networks({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const networks = useNetworks();
  const tag = useTagField<Network>(network => network.tags);
  const fields = useMemo(() => [tag], [tag]);
  const rows = useMemo(() => [...networks], [networks]);
  const edited = networks.find(network => network.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={rows}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={searchText}
        card={network => <ThingCard title={<RowLink id={network.id}>{network.name}</RowLink>} aside={<Look id={network.id} />}>{network.description}</ThingCard>}
        empty={<Empty icon={<IconNetwork aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}</Empty>}
        add={rights.manage ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={api.csv(null)}
        remove={rights.manage ? ids => api.remove(ids).then(() => changed('networks')) : undefined}
      />
      {(edit.isNew || edited) && <EditNetwork key={edited ? `${edited.id} ${edited.revision}` : NEW} of={edited ?? null} close={edit.close} />}
    </>
  );
}

const bodyOf = (values: { name: string; description: string; tags: string[] }) => ({ name: values.name.trim(), description: values.description.trim() || null, tags: values.tags });

function EditNetwork({ of, close }: { of: Network | null; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    { name: of?.name ?? '', description: of?.description ?? '', tags: tagIds(of?.tags) },
    values => (of ? api.update(of.id, bodyOf(values), of.revision) : api.create(bodyOf(values))),
    (_, values) => {
      changed('networks');
      say(of ? texts.things.saved(values.name) : texts.things.made(values.name));
      close();
    },
    { against: { operation: of ? 'put /api/networks/{id}' : 'post /api/networks', body: bodyOf } },
  );
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => changed('networks')} readOnly={!rights.manage && texts.form.viewer}>
      {!of && <p className="dim">{words.hint}</p>}
      <TextInput data-autofocus label={name} {...form.text('name')} />
      <Textarea label={description} autosize minRows={2} {...form.text('description')} />
      <TagField value={form.values.tags} change={ids => form.set('tags', ids)} error={form.errors.tags} />
    </Sheet>
  );
}
