// SPDX-License-Identifier: BSD-2-Clause
// The keys with which sensors sign in.

import { Button, TextInput } from '@mantine/core';
import { IconKey, IconRotate } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import { sensorKeys, type SensorKey } from '../../api';
import { useNetworkId, useViews } from '../../live';
import { networkName, useNetworks } from '../../networks';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { Choice, DayField } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { ListPage } from '../../parts/ListPage';
import { NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { SecretModal } from '../../parts/SecretModal';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { startCommand } from '../../sensorCommand';
import { Copyable } from '../../parts/Copyable';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { EnabledField, keyColumns, KeyState, keyText, Used } from './key';

const words = texts.people.keys;
const remote = 'sensor-keys';

const Network = ({ id }: { id: string }) => <span>{networkName(useNetworks(), id)}</span>;

const columns: Column<SensorKey>[] = keyColumns<SensorKey>([
  { id: 'sensor', title: words.sensor, min: 7, grow: 1.2, compare: (a, b) => compareText(a.sensor_name, b.sensor_name), cell: key => key.sensor_name },
  { id: 'network', title: texts.nav.network, min: 7, grow: 1, compare: (a, b) => compareText(a.network_id, b.network_id), cell: key => <Network id={key.network_id} /> },
]);

export function SensorKeys({ params, tools }: { params: URLSearchParams; tools: ReactNode }) {
  const edit = useEdit(params);
  const [secret, setSecret] = useState<string | null>(null);
  const { value, problem } = useRemote(remote, sensorKeys.list);
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
        text={key => keyText(key, key.sensor_name)}
        card={key => (
          <ThingCard title={<RowLink id={key.id}>{key.name}</RowLink>} aside={<KeyState of={key} />}>
            <span className="mono">{key.prefix}…</span>
            <span>{key.sensor_name}</span>
            <Used of={key} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconKey aria-hidden />} title={words.emptyTitle} hint={words.emptySensors} />}
        tools={tools}
        add={{ title: words.new, run: () => edit.open(NEW) }}
        csv={sensorKeys.csv}
        remove={ids => sensorKeys.remove(ids).then(() => changed(remote))}
      />
      {edit.isNew && <NewKey close={edit.close} made={made} />}
      {edited && <EditKey key={`${edited.id} ${edited.revision}`} of={edited} close={edit.close} made={made} />}
      {secret && (
        <SecretModal title={words.title} hint={words.once} label={words.key} text={secret} close={() => setSecret(null)}>
          <Copyable label={texts.addSensor.start} text={startCommand(location)} />
        </SecretModal>
      )}
    </>
  );
}

const NEW_SENSOR = '';

function NewKey({ close, made }: { close: () => void; made: (key: string) => void }) {
  const { tables } = useViews('sensor');
  const network_id = useNetworkId();
  const sensors = [...tables.sensor.values()].sort((a, b) => compareText(a.name, b.name));
  const form = useForm(
    { name: '', sensor_id: NEW_SENSOR, expires_at: null as number | null },
    values => sensorKeys.create({ name: values.name.trim(), ...(values.sensor_id ? { sensor_id: values.sensor_id } : { network_id }), expires_at: values.expires_at }),
    key => made(key.key),
  );
  return (
    <Sheet title={words.newSensor} close={close} form={form} act={words.make} disabled={!form.values.name.trim()}>
      <TextInput data-autofocus label={words.name} description={words.nameHint} required withAsterisk={false} maxLength={100} {...form.text('name')} />
      <Choice label={words.forSensor} options={[{ value: NEW_SENSOR, label: words.newSensorChoice }, ...sensors.map(sensor => ({ value: sensor.id, label: sensor.name }))]} value={form.values.sensor_id} change={id => form.set('sensor_id', id)} error={form.errors.sensor_id} searchable />
      <DayField label={words.expires} description={words.expiresHint} value={form.values.expires_at} change={day => form.set('expires_at', day)} error={form.errors.expires_at} />
    </Sheet>
  );
}

function EditKey({ of, close, made }: { of: SensorKey; close: () => void; made: (key: string) => void }) {
  const [rotating, setRotating] = useState(false);
  const form = useForm(
    { name: of.name, is_enabled: of.is_enabled, expires_at: of.expires_at },
    values => sensorKeys.update(of.id, { ...values, name: values.name.trim() }, of.revision),
    () => {
      changed(remote);
      close();
    },
  );
  if (rotating) return <Rotate of={of} close={() => setRotating(false)} made={made} />;
  return (
    <Sheet title={words.edit} close={close} form={form} act={texts.save} disabled={!form.values.name.trim()} reload={() => changed(remote)} left={<RotateButton run={() => setRotating(true)} />}>
      <TextInput label={words.sensor} value={of.sensor_name} readOnly />
      <TextInput label={words.name} maxLength={100} {...form.text('name')} />
      <EnabledField value={form.values.is_enabled} change={on => form.set('is_enabled', on)} />
      <DayField label={words.expires} description={words.expiresHint} value={form.values.expires_at} change={day => form.set('expires_at', day)} error={form.errors.expires_at} />
    </Sheet>
  );
}

export const RotateButton = ({ run }: { run: () => void }) => (
  <Button variant="default" leftSection={<IconRotate size={16} aria-hidden />} onClick={run}>
    {words.rotate}
  </Button>
);

function Rotate({ of, close, made }: { of: SensorKey; close: () => void; made: (key: string) => void }) {
  const form = useForm(
    { overlap_hours: '24' },
    values => sensorKeys.rotate(of.id, Number(values.overlap_hours)),
    key => made(key.key),
  );
  return (
    <Sheet title={words.rotateTitle} close={close} form={form} act={words.make}>
      <p className="dim">{words.rotateText}</p>
      <Choice label={words.overlap} options={Object.entries(words.overlaps).map(([value, label]) => ({ value, label }))} value={form.values.overlap_hours} change={hours => form.set('overlap_hours', hours)} error={form.errors.overlap_hours} />
    </Sheet>
  );
}
