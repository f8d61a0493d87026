// SPDX-License-Identifier: BSD-2-Clause
// The tags of the organization.

import { Button, Textarea, TextInput } from '@mantine/core';
import { IconTags } from '@tabler/icons-react';
import { useMemo } from 'react';

import { tags as api, type Tag } from '../../api';
import { useRows } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { useForm } from '../../parts/form';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { ColorField, TagChip } from '../../parts/Tags';
import { changed } from '../../remote';
import { compareText } from '../../state/address';
import { tagIds, useTags } from '../../tags';
import { texts } from '../../texts';
import { wordField } from '../fields';
import css from './Tags.module.css';
import { byNumber } from '../list';

const words = texts.things.tags;
const { name, description } = texts.things;

type Tagged = { id: string; tags?: unknown };

// By what each tag is used in this network, as far as the feed brings it.
const pages = ['host', 'service', 'subnet', 'group', 'sensor'] as const;
type Use = Partial<Record<(typeof pages)[number], number>>;

function useUse(): (id: string) => Use {
  const rows = [useRows<Tagged>('host'), useRows<Tagged>('service'), useRows<Tagged>('subnet'), useRows<Tagged>('group'), useRows<Tagged>('sensor')];
  return useMemo(() => {
    const counts = new Map<string, Use>();
    rows.forEach((list, i) => {
      const page = pages[i]!;
      for (const row of list)
        for (const id of tagIds(row.tags)) {
          const use = counts.get(id) ?? {};
          use[page] = (use[page] ?? 0) + 1;
          counts.set(id, use);
        }
    });
    return (id: string) => counts.get(id) ?? {};
  }, rows);
}

const sumOf = (use: Use) => Object.values(use).reduce((sum, count) => sum + count, 0);

// How often in all, and what by: each the list of those that have it.
function Used({ id, use }: { id: string; use: Use }) {
  const parts = pages.filter(page => use[page]);
  return (
    <span>
      {words.usedBy(sumOf(use))}
      {parts.map(page => (
        <span key={page}>
          {' · '}
          <a className={`link ${css.used}`} {...linkTo(page === 'sensor' ? '/sensors' : `/${page}s?tag=${id}${page === 'host' ? '&scope=all' : ''}`)}>
            {words.usedAs(page, use[page]!)}
          </a>
        </span>
      ))}
    </span>
  );
}

const searchText = (tag: Tag) => `\n${[tag.name, tag.description].filter(Boolean).join('\n')}\n`.toLowerCase();

const fields: Field<Tag>[] = [{ ...wordField<Tag>('color', texts.things.colorTitle, tag => tag.color, color => texts.things.color[color] ?? color), color: color => color }];

export default function Tags({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const { tags, problem, loaded } = useTags();
  const use = useUse();
  const columns = useMemo(
    (): Column<Tag>[] => [
      { id: 'name', title: name, min: 9, grow: 1.2, compare: (a, b) => compareText(a.name, b.name), cell: tag => <RowLink id={tag.id}><TagChip tag={tag} /></RowLink>, text: tag => tag.name },
      { id: 'description', title: description, min: 12, grow: 3, compare: (a, b) => compareText(a.description ?? '', b.description ?? ''), cell: tag => tag.description || <Dash />, text: tag => tag.description ?? '' },
      { id: 'used', title: words.used, min: 9, grow: 1.6, descending: true, compare: byNumber(tag => sumOf(use(tag.id))), cell: tag => <Used id={tag.id} use={use(tag.id)} />, text: tag => String(sumOf(use(tag.id))) },
    ],
    [use],
  );
  const edited = tags.find(tag => tag.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.small}
        placeholder={words.filter}
        rows={loaded ? tags : null}
        problem={problem}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={searchText}
        card={tag => <ThingCard title={<RowLink id={tag.id}><TagChip tag={tag} /></RowLink>} aside={<span className="dim">{words.usedBy(sumOf(use(tag.id)))}</span>}>{tag.description}</ThingCard>}
        empty={<Empty icon={<IconTags aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.small)}</Button>}</Empty>}
        add={rights.manage ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={api.csv(null)}
        remove={rights.manage ? ids => api.remove(ids).then(() => changed('tags')) : undefined}
      />
      {(edit.isNew || edited) && <EditTag key={edited ? `${edited.id} ${edited.revision}` : NEW} of={edited ?? null} close={edit.close} />}
    </>
  );
}

const bodyOf = (values: { name: string; description: string; color: string }) => ({ name: values.name.trim(), description: values.description.trim() || null, color: values.color });

function EditTag({ of, close }: { of: Tag | null; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    { name: of?.name ?? '', description: of?.description ?? '', color: of?.color ?? 'Teal' },
    values => (of ? api.update(of.id, bodyOf(values), of.revision) : api.create(bodyOf(values))),
    (_, values) => {
      changed('tags');
      say(of ? texts.things.saved(values.name) : texts.things.made(values.name));
      close();
    },
    { against: { operation: of ? 'put /api/tags/{id}' : 'post /api/tags', body: bodyOf } },
  );
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => changed('tags')} readOnly={!rights.manage && texts.form.viewer}>
      <TextInput data-autofocus label={name} {...form.text('name')} />
      <Textarea label={description} autosize minRows={2} {...form.text('description')} />
      <ColorField label={texts.things.colorTitle} value={form.values.color} change={color => form.set('color', color)} />
      <p>
        <TagChip tag={{ name: form.values.name.trim() || words.one, color: form.values.color }} />
      </p>
    </Sheet>
  );
}
