// SPDX-License-Identifier: BSD-2-Clause
// The form of a group: its kind, and its services in their order.

import { ActionIcon, Textarea, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';

import { edgeStyles, groups as api, groupTypes } from '../../api';
import { useRights } from '../../me';
import { Chip } from '../../parts/Chips';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { ColorField, TagField } from '../../parts/Tags';
import type { Group } from '../../state/entities';
import { tagIds } from '../../tags';
import { texts } from '../../texts';
import css from './EditGroup.module.css';
import { GroupPreview } from './GroupPreview';
import { memberIds, useMembers } from './members';

const words = texts.things.groups;

const valuesOf = (of: Group | null, members: string[]) => ({
  name: of?.name ?? '',
  description: of?.description ?? '',
  group_type: of?.group_type ?? 'RequestPath',
  binding_ids: of ? memberIds(of) : members,
  color: of?.color ?? 'Blue',
  edge_style: of?.edge_style ?? 'SmoothStep',
  tags: tagIds(of?.tags),
});

const bodyOf = (values: ReturnType<typeof valuesOf>) => ({ ...values, name: values.name.trim(), description: values.description.trim() || null });

export function EditGroup({ of, members = [], network, close }: { of: Group | null; members?: string[]; network: string; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    valuesOf(of, members),
    values => (of ? api.update(of.id, bodyOf(values), of.revision) : api.create({ network_id: network, ...bodyOf(values) })),
    (_, values) => {
      say(of ? texts.things.saved(values.name) : texts.things.made(values.name));
      close();
    },
    { against: { operation: of ? 'put /api/groups/{id}' : 'post /api/groups', body: bodyOf } },
  );
  const { values, set, errors } = form;
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => form.reset(valuesOf(of, members))} readOnly={!rights.edit && texts.form.viewer}>
      <TextInput data-autofocus label={texts.things.name} {...form.text('name')} />
      <Choice label={words.typeTitle} description={words.typeHint[values.group_type]} options={groupTypes.map(type => ({ value: type, label: words.type[type]! }))} value={values.group_type} change={type => set('group_type', type)} error={errors.group_type} />
      <MemberList ids={values.binding_ids} change={ids => set('binding_ids', ids)} hub={values.group_type === 'HubAndSpoke'} error={errors.binding_ids} />
      {values.binding_ids.length > 1 && <GroupPreview ids={values.binding_ids} hub={values.group_type === 'HubAndSpoke'} color={values.color} />}
      <ColorField label={texts.things.colorTitle} value={values.color} change={color => set('color', color)} />
      <Choice label={words.lines} options={edgeStyles.map(style => ({ value: style, label: words.style[style]! }))} value={values.edge_style} change={style => set('edge_style', style)} />
      <Textarea label={texts.things.description} autosize minRows={2} {...form.text('description')} />
      <TagField value={values.tags} change={ids => set('tags', ids)} error={errors.tags} />
    </Sheet>
  );
}

function MemberList({ ids, change, hub, error }: { ids: string[]; change: (ids: string[]) => void; hub: boolean; error: string | undefined }) {
  const members = useMembers();
  const move = (from: number, to: number) => {
    const next = [...ids];
    next.splice(to, 0, ...next.splice(from, 1));
    change(next);
  };
  return (
    <div className={css.members}>
      <span className={css.label}>{words.members}</span>
      {ids.length > 0 && (
        <ol className={css.list}>
          {ids.map((id, i) => {
            const title = members.title(id);
            return (
              <li key={id}>
                <span className="figures dim">{i + 1}</span>
                <span className={css.title} title={title}>{title}</span>
                {hub && i === 0 && <Chip tone="accent">{words.hub}</Chip>}
                <ActionIcon variant="subtle" color="gray" size="sm" disabled={i === 0} aria-label={words.up(title)} onClick={() => move(i, i - 1)}><IconArrowUp size={14} /></ActionIcon>
                <ActionIcon variant="subtle" color="gray" size="sm" disabled={i === ids.length - 1} aria-label={words.down(title)} onClick={() => move(i, i + 1)}><IconArrowDown size={14} /></ActionIcon>
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={words.remove(title)} onClick={() => change(ids.filter(each => each !== id))}><IconX size={14} /></ActionIcon>
              </li>
            );
          })}
        </ol>
      )}
      {/* A new field for each addition, so that it is empty again. */}
      <Choice key={ids.length} label={words.add} placeholder={words.addHint} options={members.options.filter(option => !ids.includes(option.value)).slice(0, 500)} value={null} change={id => change([...ids, id])} error={error} searchable />
    </div>
  );
}
