// SPDX-License-Identifier: BSD-2-Clause
// One's own keys, for scripts that act as oneself or as less.

import { TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import { userKeys, type UserKey } from '../../api';
import { errorText } from '../../errors';
import { rolesUpTo, useMe } from '../../me';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { DayField, NetworkChoice, RoleChoice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { confirm, say } from '../../parts/overlay';
import { SecretModal } from '../../parts/SecretModal';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { byNumber } from '../list';
import { EnabledField, keyColumns, KeyState, keyText, Used } from './key';
import { RotateButton } from './SensorKeys';
import { NetworkNames } from './Users';

const words = texts.people.keys;
const remote = 'my-keys';

const columns: Column<UserKey>[] = keyColumns<UserKey>([
  { id: 'role', title: texts.people.roleTitle, min: 5, grow: 0.6, compare: (a, b) => compareText(a.permissions, b.permissions), cell: key => <Chip>{texts.people.role[key.permissions]}</Chip> },
  { id: 'networks', title: texts.people.networks, min: 7, grow: 1.2, compare: byNumber(key => key.network_ids?.length ?? Infinity), cell: key => <NetworkNames ids={key.network_ids} /> },
]);

export function MyKeys({ params, tools }: { params: URLSearchParams; tools: ReactNode }) {
  const edit = useEdit(params);
  const [secret, setSecret] = useState<string | null>(null);
  const { value, problem } = useRemote(remote, userKeys.list);
  const edited = value?.rows.find(key => key.id === edit.id);
  const made = (key: string) => {
    changed(remote);
    edit.close();
    setSecret(key);
  };
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={value?.rows ?? null}
        problem={problem}
        columns={columns}
        order="name"
        params={params}
        text={keyText}
        card={key => (
          <ThingCard title={<RowLink id={key.id}>{key.name}</RowLink>} aside={<KeyState of={key} />}>
            <span className="mono">{key.prefix}…</span>
            <span>{texts.people.role[key.permissions]}</span>
            <Used of={key} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconKey aria-hidden />} title={words.emptyTitle} hint={words.emptyMine} />}
        tools={tools}
        add={{ title: words.new, run: () => edit.open(NEW) }}
        csv={userKeys.csv}
        remove={ids => userKeys.remove(ids).then(() => changed(remote))}
      />
      {edit.isNew && <KeySheet of={null} close={edit.close} made={made} />}
      {edited && <KeySheet key={`${edited.id} ${edited.revision}`} of={edited} close={edit.close} made={made} />}
      {secret && <SecretModal title={words.title} hint={words.once} label={words.key} text={secret} close={() => setSecret(null)} />}
    </>
  );
}

function KeySheet({ of, close, made }: { of: UserKey | null; close: () => void; made: (key: string) => void }) {
  const me = useMe();
  const form = useForm(
    { name: of?.name ?? '', permissions: of?.permissions ?? me.permissions, network_ids: of?.network_ids ?? [], is_enabled: of?.is_enabled ?? true, expires_at: of?.expires_at ?? null },
    async values => {
      const key = { ...values, name: values.name.trim(), network_ids: values.network_ids.length ? values.network_ids : null };
      if (of) return userKeys.update(of.id, key, of.revision).then(() => null);
      const { is_enabled: _, ...fresh } = key;
      return (await userKeys.create(fresh)).key;
    },
    secret => {
      if (secret) made(secret);
      else {
        changed(remote);
        close();
      }
    },
  );
  const rotate = async () => {
    if (!of || !(await confirm({ title: words.rotateTitle, text: words.rotateMineText, act: words.make }))) return;
    userKeys.rotate(of.id).then(
      key => made(key.key),
      (error: unknown) => say(errorText(error), { tone: 'bad' }),
    );
  };
  return (
    <Sheet title={of ? words.edit : words.newMine} close={close} form={form} act={of ? texts.save : words.make} disabled={!form.values.name.trim()} reload={() => changed(remote)} left={of && <RotateButton run={() => void rotate()} />}>
      {!of && <p className="dim">{words.newMineHint}</p>}
      <TextInput data-autofocus label={words.name} description={words.nameHint} maxLength={100} {...form.text('name')} />
      <RoleChoice roles={rolesUpTo(me.permissions)} value={form.values.permissions} change={role => form.set('permissions', role)} error={form.errors.permissions} />
      <NetworkChoice value={form.values.network_ids} change={ids => form.set('network_ids', ids)} placeholder={texts.people.allNetworks} error={form.errors.network_ids} />
      {of && <EnabledField value={form.values.is_enabled} change={on => form.set('is_enabled', on)} />}
      <DayField label={words.expires} description={words.expiresHint} value={form.values.expires_at} change={day => form.set('expires_at', day)} error={form.errors.expires_at} />
    </Sheet>
  );
}
