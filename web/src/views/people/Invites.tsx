// SPDX-License-Identifier: BSD-2-Clause
// Open invites, and a new one with its link.

import { Button, TextInput } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import { invites, type Invite, type Role } from '../../api';
import { rolesToGive, useMe } from '../../me';
import { useNetworks } from '../../networks';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { DayField, NetworkChoice, RoleChoice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, ThingCard, useEdit } from '../../parts/Manage';
import { SecretModal } from '../../parts/SecretModal';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { compareText } from '../../state/address';
import { dayText } from '../../format';
import { texts } from '../../texts';
import { byNumber } from '../list';
import { isNarrowed, NetworkNames } from './Users';

const words = texts.people.invites;
const roleText = (role: Role) => texts.people.role[role] ?? role;
const DAYS_7 = 7 * 86_400;

const columns: Column<Invite>[] = [
  { id: 'to', title: words.to, min: 11, grow: 2, compare: (a, b) => compareText(a.send_to ?? '~', b.send_to ?? '~'), cell: invite => invite.send_to ?? <span className="dim">{words.anyone}</span> },
  { id: 'role', title: texts.people.roleTitle, min: 5, grow: 0.6, compare: (a, b) => compareText(a.permissions, b.permissions), cell: invite => <Chip>{roleText(invite.permissions)}</Chip> },
  { id: 'networks', title: texts.people.networks, min: 7, grow: 1.4, compare: byNumber(invite => invite.network_ids?.length ?? Infinity), cell: invite => <NetworkNames ids={invite.network_ids} /> },
  { id: 'by', title: words.by, min: 7, grow: 1, compare: (a, b) => compareText(a.created_by_name ?? '', b.created_by_name ?? ''), cell: invite => invite.created_by_name ?? <Dash /> },
  { id: 'made', title: words.made, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(invite => invite.created_at), cell: invite => <Ago at={invite.created_at} /> },
  { id: 'expires', title: words.expires, min: 7, grow: 0.6, end: true, compare: byNumber(invite => invite.expires_at), cell: invite => dayText(invite.expires_at) },
];

const searchText = (invite: Invite) => `\n${[invite.send_to, roleText(invite.permissions), invite.created_by_name].join('\n')}\n`.toLowerCase();

export function Invites({ params, tools }: { params: URLSearchParams; tools: ReactNode }) {
  const edit = useEdit(params);
  const [link, setLink] = useState<string | null>(null);
  const { value, problem } = useRemote('invites', invites.list);
  const remove = async (ids: string[]) => {
    for (const id of ids) await invites.revoke(id);
    changed('invites');
  };
  return (
    <>
      <ListPage
        title={texts.people.title}
        name="invites"
        one="invite"
        placeholder={words.filter}
        rows={value?.rows ?? null}
        problem={problem}
        columns={columns}
        order="-made"
        params={params}
        text={searchText}
        card={invite => (
          <ThingCard title={invite.send_to ?? words.anyone} aside={<Chip>{roleText(invite.permissions)}</Chip>}>
            <span>{`${words.expires} ${dayText(invite.expires_at)}`}</span>
          </ThingCard>
        )}
        empty={<Empty icon={<IconMailForward aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}><Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button></Empty>}
        tools={tools}
        add={{ title: words.open, run: () => edit.open(NEW) }}
        remove={remove}
      />
      {edit.isNew && (
        <NewInvite
          close={edit.close}
          made={url => {
            edit.close();
            setLink(url);
          }}
        />
      )}
      {link && <SecretModal title={words.new} hint={words.linkHint} label={words.link} text={link} close={() => setLink(null)} />}
    </>
  );
}

const bodyOf = (values: { permissions: Role; network_ids: string[]; send_to: string; expires_at: number | null }) => ({
  permissions: values.permissions,
  network_ids: isNarrowed(values.permissions) ? values.network_ids : null,
  send_to: values.send_to.trim() || null,
  ...(values.expires_at ? { expires_at: values.expires_at } : {}),
});

function NewInvite({ close, made }: { close: () => void; made: (url: string) => void }) {
  const me = useMe();
  const networks = useNetworks();
  const form = useForm(
    { permissions: 'viewer' as Role, network_ids: networks.map(network => network.id), send_to: '', expires_at: Math.round(Date.now() / 1000) + DAYS_7 as number | null },
    values => invites.create(bodyOf(values)),
    invite => {
      changed('invites');
      made(invite.url);
    },
    { against: { operation: 'post /api/invites', body: bodyOf } },
  );
  const narrowed = isNarrowed(form.values.permissions);
  return (
    <Sheet title={words.new} close={close} form={form} act={words.make}>
      <RoleChoice roles={rolesToGive(me.permissions)} value={form.values.permissions} change={role => form.set('permissions', role)} error={form.errors.permissions} />
      {narrowed && <NetworkChoice value={form.values.network_ids} change={ids => form.set('network_ids', ids)} placeholder={texts.people.noNetworks} error={form.errors.network_ids} />}
      <TextInput data-autofocus label={words.sendTo} description={words.sendToHint} type="email" autoComplete="off" {...form.text('send_to')} />
      <DayField label={words.expiry} value={form.values.expires_at} change={day => form.set('expires_at', day)} error={form.errors.expires_at} />
    </Sheet>
  );
}
