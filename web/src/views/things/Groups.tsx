// SPDX-License-Identifier: BSD-2-Clause
// Groups: how services belong together.

import { Button } from '@mantine/core';
import { IconAffiliate } from '@tabler/icons-react';
import { useMemo } from 'react';

import { groups as api } from '../../api';
import { useLoaded, useNetworkId, useRows } from '../../live';
import { useRights } from '../../me';
import { setParams } from '../../navigate';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { ColorDot, TagChips, TagMenu } from '../../parts/Tags';
import { compareText } from '../../state/address';
import type { Group } from '../../state/entities';
import { tagIds } from '../../tags';
import { texts } from '../../texts';
import { useTagField, wordField } from '../fields';
import { byNumber } from '../list';
import { EditGroup } from './EditGroup';
import { LookForGroups, Proposals } from './Proposals';
import { memberIds, useMembers } from './members';

const words = texts.things.groups;
const { name, description, tagsTitle } = texts.things;

const typeField = wordField<Group>('type', words.typeTitle, group => group.group_type, type => words.type[type] ?? type);
const colorField: Field<Group> = { ...wordField<Group>('color', texts.things.colorTitle, group => group.color, color => texts.things.color[color] ?? color), color: color => color };

export default function Groups({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const loaded = useLoaded();
  const network = useNetworkId();
  const rows = useRows<Group>('group');
  const members = useMembers();
  const tag = useTagField<Group>(group => group.tags);
  const fields = useMemo(() => [typeField, colorField, tag], [tag]);
  const columns = useMemo(
    (): Column<Group>[] => [
      { id: 'name', title: name, min: 9, grow: 1.4, compare: (a, b) => compareText(a.name, b.name), cell: group => <><ColorDot color={group.color} /> <RowLink id={group.id}>{group.name}</RowLink></>, text: group => group.name },
      { id: 'type', title: words.typeTitle, min: 7, grow: 0.7, compare: (a, b) => compareText(a.group_type, b.group_type), cell: group => <Chip>{words.type[group.group_type] ?? group.group_type}</Chip> },
      { id: 'members', title: words.members, min: 12, grow: 3, descending: true, compare: byNumber(group => memberIds(group).length), cell: group => <MemberNames group={group} /> },
      { id: 'description', title: description, min: 10, grow: 1.6, off: true, compare: (a, b) => compareText(a.description ?? '', b.description ?? ''), cell: group => group.description || <Dash /> },
      { id: 'tags', title: tagsTitle, min: 8, grow: 1.2, compare: byNumber(group => tagIds(group.tags).length), cell: group => <TagChips of={group.tags} /> },
    ],
    [],
  );
  const edited = rows.find(group => group.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={loaded ? rows : null}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={group => `\n${[group.name, group.description, ...memberIds(group).map(id => members.title(id))].filter(Boolean).join('\n')}\n`.toLowerCase()}
        card={group => (
          <ThingCard title={<><ColorDot color={group.color} /> <RowLink id={group.id}>{group.name}</RowLink></>} aside={<Chip>{words.type[group.group_type] ?? group.group_type}</Chip>}>
            <span>{words.membersCount(memberIds(group).length)}</span>
            <TagChips of={group.tags} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconAffiliate aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.edit && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}</Empty>}
        {...(network ? { above: <Proposals network={network} />, ...(rights.edit ? { tools: <LookForGroups network={network} /> } : {}) } : {})}
        add={rights.edit ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={api.csv(network)}
        remove={rights.edit ? ids => api.remove(ids) : undefined}
        {...(rights.edit ? { bulk: (ids: string[]) => <TagMenu entity="Group" ids={ids} tagged={tag => rows.filter(row => ids.includes(row.id) && tagIds(row.tags).includes(tag)).length} /> } : {})}
      />
      {(edit.isNew || edited) && network && <EditGroup key={edited?.id ?? NEW} of={edited ?? null} members={(params.get('members') ?? '').split(',').filter(Boolean)} network={network} close={() => setParams({ edit: null, members: null })} />}
    </>
  );
}

function MemberNames({ group }: { group: Group }) {
  const members = useMembers();
  const ids = memberIds(group);
  if (!ids.length) return <Dash />;
  const text = ids.map(id => members.title(id)).join(group.group_type === 'RequestPath' ? ' → ' : ', ');
  return <span title={text}>{text}</span>;
}
