// SPDX-License-Identifier: BSD-2-Clause
// One's own keys, for scripts that act as oneself or as less.

import type { ReactNode } from 'react';

import { userKeys, type UserKey } from '../../api';
import { errorText } from '../../errors';
import { rolesUpTo, useMe } from '../../me';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { NetworkChoice, RoleChoice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { confirm, say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { keyColumns, keyValues, LifeFields, NameField } from './key';
import { KeyList, RotateButton, type SheetProps } from './KeyList';
import { NetworkNames } from './Users';

const words = texts.people.keys;
const roleText = (role: string) => texts.people.role[role] ?? role;

const columns: Column<UserKey>[] = keyColumns<UserKey>([
  { id: 'role', title: texts.people.roleTitle, min: 5, grow: 0.6, compare: (a, b) => compareText(a.permissions, b.permissions), cell: key => <Chip>{roleText(key.permissions)}</Chip>, text: key => roleText(key.permissions) },
  { id: 'networks', title: texts.people.networks, min: 7, grow: 1.2, compare: byNumber(key => key.network_ids?.length ?? Infinity), cell: key => <NetworkNames ids={key.network_ids} /> },
]);

const fields = [wordField<UserKey>('role', texts.people.roleTitle, key => key.permissions, roleText)];

export const MyKeys = ({ params, tools }: { params: URLSearchParams; tools: ReactNode }) => (
  <KeyList params={params} tools={tools} name="my-keys" read={userKeys.list} columns={columns} fields={fields} line={key => <span>{roleText(key.permissions)}</span>} emptyHint={words.emptyMine} csv={userKeys.csv} remove={userKeys.remove} sheet={props => <KeySheet {...props} />} />
);

function KeySheet({ of, close, made, saved }: SheetProps<UserKey>) {
  const me = useMe();
  const body = ({ is_enabled, ...values }: typeof initial) => ({ ...values, name: values.name.trim(), network_ids: values.network_ids.length ? values.network_ids : null, ...(of ? { is_enabled } : {}) });
  const initial = { ...keyValues(of), permissions: of?.permissions ?? me.permissions, network_ids: of?.network_ids ?? [] };
  const form = useForm(
    initial,
    async values => {
      if (!of) return (await userKeys.create(body(values))).key;
      await userKeys.update(of.id, body(values), of.revision);
      return null;
    },
    secret => (secret ? made(secret) : saved()),
    { against: { operation: of ? 'put /api/auth/keys/{id}' : 'post /api/auth/keys', body } },
  );
  const rotate = async () => {
    if (!of || !(await confirm({ title: words.rotateTitle, text: words.rotateMineText, act: words.make }))) return;
    userKeys.rotate(of.id).then(
      key => made(key.key),
      (error: unknown) => say(errorText(error), { tone: 'bad' }),
    );
  };
  return (
    <Sheet title={of ? words.edit : words.newMine} close={close} form={form} act={of ? texts.save : words.make} reload={saved} left={of && <RotateButton run={() => void rotate()} />}>
      {!of && <p className="dim">{words.newMineHint}</p>}
      <NameField form={form} />
      <RoleChoice roles={rolesUpTo(me.permissions)} value={form.values.permissions} change={role => form.set('permissions', role)} error={form.errors.permissions} />
      <NetworkChoice value={form.values.network_ids} change={ids => form.set('network_ids', ids)} placeholder={texts.people.allNetworks} error={form.errors.network_ids} />
      <LifeFields form={form} isNew={!of} />
    </Sheet>
  );
}
