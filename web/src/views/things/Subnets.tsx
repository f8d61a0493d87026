// SPDX-License-Identifier: BSD-2-Clause
// Subnets: those that sensors reported, those that people wrote down, and the two for what is elsewhere.

import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { IconBinaryTree } from '@tabler/icons-react';
import { useMemo } from 'react';

import { subnets as api, subnetTypes } from '../../api';
import { useLoaded, useNetworkId, useRows } from '../../live';
import { useRights } from '../../me';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { TagChips, TagField, TagMenu } from '../../parts/Tags';
import { addressKey, compareText } from '../../state/address';
import type { Interface, Subnet } from '../../state/entities';
import { tagIds } from '../../tags';
import { texts } from '../../texts';
import { byNumber, byString } from '../list';

const words = texts.things.subnets;
const { name, description, tagsTitle, origin, originText } = texts.things;
const EVERYWHERE = '0.0.0.0/0';

const typeText = (type: string) => words.type[type] ?? type;
const searchText = (subnet: Subnet) => `\n${[subnet.name, subnet.cidr, typeText(subnet.subnet_type), subnet.description].filter(Boolean).join('\n')}\n`.toLowerCase();

// How many interfaces and hosts are in each subnet.
function useMembers() {
  const faces = useRows<Interface>('interface');
  return useMemo(() => {
    const members = new Map<string, { faces: number; hosts: Set<string> }>();
    for (const face of faces) {
      if (!face.subnet_id) continue;
      const of = members.get(face.subnet_id) ?? { faces: 0, hosts: new Set() };
      of.faces++;
      of.hosts.add(face.host_id);
      members.set(face.subnet_id, of);
    }
    return (id: string) => ({ faces: members.get(id)?.faces ?? 0, hosts: members.get(id)?.hosts.size ?? 0 });
  }, [faces]);
}

export default function Subnets({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const loaded = useLoaded();
  const network = useNetworkId();
  const rows = useRows<Subnet>('subnet');
  const members = useMembers();
  const columns = useMemo(
    (): Column<Subnet>[] => [
      { id: 'name', title: name, min: 9, grow: 1.5, compare: (a, b) => compareText(a.name, b.name), cell: subnet => <RowLink id={subnet.id}>{subnet.name}</RowLink> },
      { id: 'cidr', title: words.cidr, min: 9, grow: 1.2, compare: byString(subnet => addressKey(subnet.cidr.split('/')[0]!)), cell: subnet => subnet.cidr === EVERYWHERE ? <span className="dim">{words.elsewhere}</span> : <span className="mono">{subnet.cidr}</span> },
      { id: 'type', title: words.typeTitle, min: 7, grow: 0.8, compare: (a, b) => compareText(typeText(a.subnet_type), typeText(b.subnet_type)), cell: subnet => <Chip>{typeText(subnet.subnet_type)}</Chip> },
      { id: 'description', title: description, min: 10, grow: 2, off: true, compare: (a, b) => compareText(a.description ?? '', b.description ?? ''), cell: subnet => subnet.description || <Dash /> },
      { id: 'tags', title: tagsTitle, min: 8, grow: 1.4, compare: byNumber(subnet => tagIds(subnet.tags).length), cell: subnet => <TagChips of={subnet.tags} /> },
      { id: 'origin', title: origin, min: 6.5, grow: 0.7, compare: (a, b) => compareText(a.origin, b.origin), cell: subnet => originText[subnet.origin] ?? subnet.origin },
      { id: 'hosts', title: words.hosts, min: 4, grow: 0.4, end: true, descending: true, compare: byNumber(subnet => members(subnet.id).hosts), cell: subnet => members(subnet.id).hosts },
      { id: 'interfaces', title: words.interfaces, min: 5, grow: 0.4, end: true, descending: true, compare: byNumber(subnet => members(subnet.id).faces), cell: subnet => members(subnet.id).faces },
    ],
    [members],
  );
  const edited = rows.find(subnet => subnet.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={loaded ? [...rows] : null}
        columns={columns}
        order="cidr"
        params={params}
        text={searchText}
        card={subnet => (
          <ThingCard title={<RowLink id={subnet.id}>{subnet.name}</RowLink>} aside={<Chip>{typeText(subnet.subnet_type)}</Chip>}>
            <span className="mono">{subnet.cidr}</span>
            <span>{texts.history.consolidate.interfaces(members(subnet.id).faces)}</span>
            <TagChips of={subnet.tags} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconBinaryTree aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />}
        add={rights.edit ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={api.csv(network)}
        remove={rights.edit ? ids => api.remove(ids) : undefined}
        {...(rights.edit ? { bulk: (ids: string[]) => <TagMenu entity="Subnet" ids={ids} tagged={tag => rows.filter(row => ids.includes(row.id) && tagIds(row.tags).includes(tag)).length} /> } : {})}
      />
      {(edit.isNew || edited) && network && <EditSubnet key={edited?.id ?? NEW} of={edited ?? null} network={network} close={edit.close} />}
    </>
  );
}

const valuesOf = (of: Subnet | null) => ({
  cidr: of?.cidr === EVERYWHERE ? '' : (of?.cidr ?? ''),
  elsewhere: of?.cidr === EVERYWHERE,
  name: of && of.name !== of.cidr ? of.name : '',
  description: of?.description ?? '',
  subnet_type: of?.subnet_type ?? 'Lan',
  tags: tagIds(of?.tags),
});

function bodyOf(values: ReturnType<typeof valuesOf>) {
  const cidr = values.elsewhere ? EVERYWHERE : values.cidr.trim();
  return { cidr, name: values.name.trim() || cidr || undefined, description: values.description.trim() || null, subnet_type: values.subnet_type, tags: values.tags };
}

function EditSubnet({ of, network, close }: { of: Subnet | null; network: string; close: () => void }) {
  const rights = useRights();
  const form = useForm(
    valuesOf(of),
    values => (of ? api.update(of.id, bodyOf(values), of.revision) : api.create({ network_id: network, ...bodyOf(values) })),
    (_, values) => {
      const title = values.name.trim() || values.cidr.trim();
      say(of ? texts.things.saved(title) : texts.things.made(title));
      close();
    },
    { against: { operation: of ? 'put /api/subnets/{id}' : 'post /api/subnets', body: bodyOf } },
  );
  const { values, set, errors } = form;
  const elsewhere = (on: boolean) => {
    set('elsewhere', on);
    set('subnet_type', on ? 'Internet' : 'Lan');
  };
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => form.reset(valuesOf(of))} readOnly={!rights.edit && texts.form.viewer}>
      {!values.elsewhere && <TextInput data-autofocus label={words.cidr} description={words.cidrHint} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('cidr')} />}
      {(!of || values.elsewhere) && <Checkbox label={words.elsewhere} description={words.elsewhereHint} checked={values.elsewhere} disabled={of !== null} onChange={event => elsewhere(event.currentTarget.checked)} />}
      <TextInput label={name} description={words.nameHint} {...form.text('name')} />
      <Choice label={words.typeTitle} options={subnetTypes.map(type => ({ value: type, label: typeText(type) }))} value={values.subnet_type} change={type => set('subnet_type', type)} error={errors.subnet_type} />
      <Textarea label={description} autosize minRows={2} {...form.text('description')} />
      <TagField value={values.tags} change={ids => set('tags', ids)} error={errors.tags} />
    </Sheet>
  );
}
