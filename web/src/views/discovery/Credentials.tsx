// SPDX-License-Identifier: BSD-2-Clause
// What scans ask devices with by SNMP. Whoever starts scans sees which there are; those who manage make them; nobody reads a secret.

import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMemo } from 'react';

import { snmpCredentials, type SnmpCredential } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { changed, useRemote } from '../../remote';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { EditCredential } from './EditCredential';

const words = texts.discovery.credentials;

const targetsText = (of: SnmpCredential) => of.targets.join(', ') || words.targetsAll;
const securityText = (of: SnmpCredential) => (of.version === 'V3' ? words.secured(of.auth_protocol, of.privacy_protocol) : '');
const Version = ({ of }: { of: SnmpCredential }) => <Chip tone={of.version === 'V3' && of.privacy_protocol ? 'live' : 'plain'}>{words.versions[of.version]}</Chip>;

const columns: Column<SnmpCredential>[] = [
  { id: 'name', title: words.name, min: 9, grow: 2, compare: (a, b) => compareText(a.name, b.name), cell: of => <RowLink id={of.id}>{of.name}</RowLink>, text: of => of.name },
  { id: 'version', title: words.version, min: 4.5, grow: 0.4, compare: (a, b) => compareText(a.version, b.version), cell: of => <Version of={of} />, text: of => of.version },
  { id: 'username', title: words.username, min: 6, grow: 0.8, compare: (a, b) => compareText(a.username ?? '', b.username ?? ''), cell: of => of.username ?? <Dash />, text: of => of.username ?? '' },
  { id: 'security', title: words.security, min: 7, grow: 0.8, compare: (a, b) => compareText(securityText(a), securityText(b)), cell: of => securityText(of) || <Dash />, text: securityText },
  { id: 'targets', title: words.targets, min: 9, grow: 1.6, compare: (a, b) => compareText(targetsText(a), targetsText(b)), cell: of => (of.targets.length ? <span className="mono">{targetsText(of)}</span> : <span className="dim">{words.targetsAll}</span>), text: targetsText },
  { id: 'made', title: words.made, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(of => of.created_at), cell: of => <Ago at={of.created_at} /> },
];
const fields: Field<SnmpCredential>[] = [wordField('version', words.version, of => of.version, version => words.versions[version] ?? version)];

export default function Credentials({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const network = useNetworkId();
  const { value, problem } = useRemote(`credentials ${network}`, () => snmpCredentials.list(network));
  const rows = useMemo(() => value?.rows ?? null, [value]);
  const edited = rows?.find(of => of.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={rows}
        problem={problem}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={of => `\n${[of.name, of.version, of.username, securityText(of), ...of.targets].filter(Boolean).join('\n')}\n`.toLowerCase()}
        card={of => (
          <ThingCard title={<RowLink id={of.id}>{of.name}</RowLink>} aside={<Version of={of} />}>
            {of.username && <span>{of.username}</span>}
            {securityText(of) && <span>{securityText(of)}</span>}
            <span className="mono">{targetsText(of)}</span>
          </ThingCard>
        )}
        empty={
          <Empty icon={<IconLock aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
            {rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}
          </Empty>
        }
        add={rights.manage ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={snmpCredentials.csv(network)}
        remove={rights.manage ? ids => snmpCredentials.remove(ids).then(() => changed('credentials')) : undefined}
      />
      {(edit.isNew || edited) && <EditCredential key={edited ? `${edited.id} ${edited.revision}` : NEW} of={edited ?? null} close={edit.close} />}
    </>
  );
}
