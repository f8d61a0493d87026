// SPDX-License-Identifier: BSD-2-Clause
// The people of the organization: who they are, what they may do, and which networks they see.

import { SegmentedControl, TextInput } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';

import { people, type Role, type User } from '../../api';
import { rolesToGive, useMe, useRights } from '../../me';
import { setParams } from '../../navigate';
import { networkName, useNetworks } from '../../networks';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { NetworkChoice, RoleChoice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { Dash, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { Invites } from './Invites';

const words = texts.people;

const Name = ({ user }: { user: User }) => {
  const me = useMe();
  return (
    <>
      <RowLink id={user.id}>{user.name || user.email}</RowLink> {user.id === me.id && <Chip>{words.you}</Chip>}
    </>
  );
};

const RoleChip = ({ role }: { role: Role }) => <Chip tone={role === 'owner' || role === 'admin' ? 'accent' : 'plain'}>{words.role[role] ?? role}</Chip>;

export function NetworkNames({ ids }: { ids: string[] | null }) {
  const networks = useNetworks();
  if (ids === null) return <span className="dim">{words.allNetworks}</span>;
  if (!ids.length) return <span className="dim">{words.noNetworks}</span>;
  return <span title={ids.map(id => networkName(networks, id)).join('\n')}>{ids.map(id => networkName(networks, id)).join(', ')}</span>;
}

const Ways = ({ user }: { user: User }) => <span>{[...(user.has_password ? [words.withPassword] : []), ...user.oidc_providers].join(', ') || <Dash />}</span>;
const Last = ({ user }: { user: User }) => (user.last_used === null ? <span className="dim">{texts.never}</span> : <Ago at={user.last_used} />);

const columns: Column<User>[] = [
  { id: 'name', title: words.name, min: 10, grow: 2, compare: (a, b) => compareText(a.name || a.email, b.name || b.email), cell: user => <Name user={user} />, text: user => user.name },
  { id: 'email', title: words.email, min: 11, grow: 2, compare: (a, b) => compareText(a.email, b.email), cell: user => user.email, text: user => user.email },
  { id: 'role', title: words.roleTitle, min: 5, grow: 0.6, compare: (a, b) => compareText(a.permissions, b.permissions), cell: user => <RoleChip role={user.permissions} />, text: user => words.role[user.permissions] ?? user.permissions },
  { id: 'networks', title: words.networks, min: 7, grow: 1.4, compare: byNumber(user => user.network_ids?.length ?? Infinity), cell: user => <NetworkNames ids={user.network_ids} /> },
  { id: 'ways', title: words.signsIn, min: 7, grow: 1, compare: (a, b) => Number(b.has_password) - Number(a.has_password), cell: user => <Ways user={user} /> },
  { id: 'last', title: words.lastUsed, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(user => user.last_used ?? 0), cell: user => <Last user={user} /> },
  { id: 'since', title: words.since, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(user => user.created_at), cell: user => <Ago at={user.created_at} /> },
];

const searchText = (user: User) => `\n${[user.name, user.email, words.role[user.permissions]].join('\n')}\n`.toLowerCase();

const fields = [wordField<User>('role', words.roleTitle, user => user.permissions, role => words.role[role] ?? role), wordField<User>('ways', words.signsIn, user => (user.has_password ? words.withPassword : (user.oidc_providers[0] ?? null)))];

export default function Users({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const show = rights.manage && params.get('show') === 'invites' ? 'invites' : 'users';
  const tools = rights.manage && <SegmentedControl aria-label={words.title} value={show} onChange={value => setParams({ show: value === 'users' ? null : value, edit: null, q: null })} data={[{ value: 'users', label: words.show.users }, { value: 'invites', label: words.show.invites }]} />;
  return show === 'invites' ? <Invites params={params} tools={tools} /> : <UserList params={params} tools={tools} />;
}

function UserList({ params, tools }: { params: URLSearchParams; tools: React.ReactNode }) {
  const me = useMe();
  const rights = useRights();
  const edit = useEdit(params);
  const { value, problem } = useRemote('users', people.list);
  const edited = value?.rows.find(user => user.id === edit.id);
  const remove = async (ids: string[]) => {
    await people.remove(ids);
    changed('users');
  };
  const give = useMemo(() => rolesToGive(me.permissions), [me.permissions]);
  return (
    <>
      <ListPage
        title={words.title}
        name="users"
        one="user"
        placeholder={words.filter}
        rows={value?.rows ?? null}
        problem={problem}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={searchText}
        card={user => (
          <ThingCard title={<Name user={user} />} aside={<RoleChip role={user.permissions} />}>
            <span>{user.email}</span>
            <Last user={user} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconUsers aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />}
        tools={tools}
        add={rights.manage ? { title: words.invites.open, run: () => setParams({ show: 'invites', edit: 'new' }, 'push') } : undefined}
        csv={rights.manage ? people.csv : undefined}
        remove={rights.manage ? remove : undefined}
        removable={user => user.id !== me.id && give.includes(user.permissions)}
      />
      {edited && <EditUser key={`${edited.id} ${edited.revision}`} user={edited} close={edit.close} />}
    </>
  );
}

// Owners and administrators see every network.
export const isNarrowed = (role: Role) => role === 'member' || role === 'viewer';
const bodyOf = (values: { name: string; permissions: Role; network_ids: string[] }) => ({ name: values.name.trim(), permissions: values.permissions, ...(isNarrowed(values.permissions) ? { network_ids: values.network_ids } : {}) });

function EditUser({ user, close }: { user: User; close: () => void }) {
  const me = useMe();
  const give = rolesToGive(me.permissions);
  const form = useForm(
    { name: user.name, permissions: user.permissions, network_ids: user.network_ids ?? [] },
    values => people.update(user.id, bodyOf(values), user.revision),
    saved => {
      changed('users');
      say(words.saved(saved.name || saved.email));
      close();
    },
    { against: { operation: 'put /api/users/{id}/admin', body: bodyOf } },
  );
  useEffect(() => () => changed('users'), []);
  const mayNot = !give.includes(user.permissions) && user.id !== me.id;
  const narrowed = isNarrowed(form.values.permissions);
  return (
    <Sheet title={words.edit} close={close} form={form} act={texts.save} reload={() => changed('users')} readOnly={mayNot && words.noMore}>
      <TextInput label={words.email} value={user.email} readOnly />
      <TextInput label={words.name} {...form.text('name')} />
      <RoleChoice roles={[...new Set([...give, user.permissions])]} value={form.values.permissions} change={role => form.set('permissions', role)} error={form.errors.permissions} />
      {narrowed && <NetworkChoice value={form.values.network_ids} change={ids => form.set('network_ids', ids)} placeholder={words.noNetworks} error={form.errors.network_ids} />}
    </Sheet>
  );
}
