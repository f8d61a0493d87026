// SPDX-License-Identifier: BSD-2-Clause
// Subnets: those that sensors reported, those that people wrote down, and the two for what is elsewhere.

import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { IconBinaryTree } from '@tabler/icons-react';
import { useMemo } from 'react';

import { subnets as api, subnetTypes } from '../../api';
import { useLoaded, useNetworkId, useRows } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { TagChips, TagField, TagMenu } from '../../parts/Tags';
import { addressKey, compareText } from '../../state/address';
import { roomOf } from '../../state/addressForm';
import type { Interface, Subnet } from '../../state/entities';
import { tagIds } from '../../tags';
import { texts } from '../../texts';
import { useTagField, wordField } from '../fields';
import { byNumber, byString } from '../list';
import css from './Subnets.module.css';

const words = texts.things.subnets;
const { name, description, tagsTitle, origin, originText } = texts.things;
const EVERYWHERE = '0.0.0.0/0';

const typeText = (type: string) => words.type[type] ?? type;
const searchText = (subnet: Subnet) => `\n${[subnet.name, subnet.cidr, typeText(subnet.subnet_type), subnet.description].filter(Boolean).join('\n')}\n`.toLowerCase();

// How many interfaces, hosts and addresses are in each subnet.
function useMembers() {
  const faces = useRows<Interface>('interface');
  return useMemo(() => {
    const members = new Map<string, { faces: number; hosts: Set<string>; addresses: Set<string> }>();
    for (const face of faces) {
      if (!face.subnet_id) continue;
      const of = members.get(face.subnet_id) ?? { faces: 0, hosts: new Set(), addresses: new Set() };
      of.faces++;
      of.hosts.add(face.host_id);
      if (face.ip) of.addresses.add(face.ip);
      members.set(face.subnet_id, of);
    }
    return (id: string) => ({ faces: members.get(id)?.faces ?? 0, hosts: members.get(id)?.hosts.size ?? 0, addresses: members.get(id)?.addresses.size ?? 0 });
  }, [faces]);
}

// Its hosts, in their list.
const HostsLink = ({ id, count }: { id: string; count: number }) => (count ? <a className="link" {...linkTo(`/hosts?scope=all&subnet=${encodeURIComponent(id)}`)}>{count}</a> : <Dash />);

// How full it is, as far as addresses of IPv4 can be counted.
function useOf(subnet: Subnet, addresses: number): { room: number; share: number } | null {
  const room = subnet.cidr === EVERYWHERE ? null : roomOf(subnet.cidr);
  return room === null ? null : { room, share: Math.min(1, addresses / room) };
}

function Used({ subnet, addresses }: { subnet: Subnet; addresses: number }) {
  const of = useOf(subnet, addresses);
  if (!of) return <Dash />;
  return (
    <span className={css.used} title={words.usedHint(addresses, of.room)}>
      <span className={css.bar} aria-hidden="true" data-full={of.share > 0.9 || undefined}>
        <span style={{ width: `${Math.max(addresses ? 3 : 0, of.share * 100)}%` }} />
      </span>
      <span>{words.usedText(addresses, of.room)}</span>
    </span>
  );
}

const fields: Field<Subnet>[] = [
  wordField('type', words.typeTitle, subnet => subnet.subnet_type, typeText),
  wordField('origin', origin, subnet => subnet.origin, key => originText[key] ?? key),
];

export default function Subnets({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const loaded = useLoaded();
  const network = useNetworkId();
  const rows = useRows<Subnet>('subnet');
  const members = useMembers();
  const tag = useTagField<Subnet>(subnet => subnet.tags);
  const everyField = useMemo(() => [...fields, tag], [tag]);
  const columns = useMemo(
    (): Column<Subnet>[] => [
      { id: 'name', title: name, min: 9, grow: 1.5, compare: (a, b) => compareText(a.name, b.name), cell: subnet => <RowLink id={subnet.id}>{subnet.name}</RowLink>, text: subnet => subnet.name },
      { id: 'cidr', title: words.cidr, min: 9, grow: 1.2, compare: byString(subnet => addressKey(subnet.cidr.split('/')[0]!)), cell: subnet => subnet.cidr === EVERYWHERE ? <span className="dim">{words.elsewhere}</span> : <span className="mono">{subnet.cidr}</span>, text: subnet => subnet.cidr },
      { id: 'type', title: words.typeTitle, min: 7, grow: 0.8, compare: (a, b) => compareText(typeText(a.subnet_type), typeText(b.subnet_type)), cell: subnet => <Chip>{typeText(subnet.subnet_type)}</Chip>, text: subnet => typeText(subnet.subnet_type) },
      { id: 'description', title: description, min: 10, grow: 2, off: true, compare: (a, b) => compareText(a.description ?? '', b.description ?? ''), cell: subnet => subnet.description || <Dash /> },
      { id: 'tags', title: tagsTitle, min: 8, grow: 1.4, compare: byNumber(subnet => tagIds(subnet.tags).length), cell: subnet => <TagChips of={subnet.tags} /> },
      { id: 'origin', title: origin, min: 6.5, grow: 0.7, compare: (a, b) => compareText(a.origin, b.origin), cell: subnet => originText[subnet.origin] ?? subnet.origin },
      { id: 'hosts', title: words.hosts, min: 4, grow: 0.4, end: true, descending: true, compare: byNumber(subnet => members(subnet.id).hosts), cell: subnet => <HostsLink id={subnet.id} count={members(subnet.id).hosts} />, text: subnet => String(members(subnet.id).hosts) },
      { id: 'used', title: words.used, min: 9, grow: 0.8, descending: true, compare: byNumber(subnet => useOf(subnet, members(subnet.id).addresses)?.share ?? -1), cell: subnet => <Used subnet={subnet} addresses={members(subnet.id).addresses} />, text: subnet => String(members(subnet.id).addresses) },
      { id: 'interfaces', title: words.interfaces, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(subnet => members(subnet.id).faces), cell: subnet => members(subnet.id).faces },
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
        rows={loaded ? rows : null}
        columns={columns}
        fields={everyField}
        order="cidr"
        params={params}
        text={searchText}
        card={subnet => (
          <ThingCard title={<RowLink id={subnet.id}>{subnet.name}</RowLink>} aside={<Chip>{typeText(subnet.subnet_type)}</Chip>}>
            <span className="mono">{subnet.cidr}</span>
            <span>{texts.things.hostsCount(members(subnet.id).hosts)}</span>
            <Used subnet={subnet} addresses={members(subnet.id).addresses} />
            <TagChips of={subnet.tags} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconBinaryTree aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.edit && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}</Empty>}
        add={rights.edit ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={api.csv(network)}
        remove={rights.edit ? ids => api.remove(ids) : undefined}
        {...(rights.edit ? { bulk: (ids: string[]) => <TagMenu entity="Subnet" ids={ids} tagged={tag => rows.filter(row => ids.includes(row.id) && tagIds(row.tags).includes(tag)).length} /> } : {})}
      />
      {(edit.isNew || edited) && network && <EditSubnet key={edited?.id ?? NEW} of={edited ?? null} network={network} close={edit.close} />}
    </>
  );
}

// What has no range of its own is one of these.
const elsewhereTypes = ['Internet', 'Remote'] as const;

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
      <Choice label={words.typeTitle} description={values.elsewhere ? words.elsewhereType : undefined} options={(values.elsewhere ? elsewhereTypes : subnetTypes).map(type => ({ value: type, label: typeText(type) }))} value={values.subnet_type} change={type => set('subnet_type', type)} error={errors.subnet_type} />
      <Textarea label={description} autosize minRows={2} {...form.text('description')} />
      <TagField value={values.tags} change={ids => set('tags', ids)} error={errors.tags} />
    </Sheet>
  );
}
