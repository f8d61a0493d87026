// SPDX-License-Identifier: BSD-2-Clause
// The keys with which sensors sign in.

import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { sensorKeys, type SensorKey } from '../../api';
import { useNetworkId, useViews } from '../../live';
import { networkName, useNetworks } from '../../networks';
import { Copyable } from '../../parts/Copyable';
import type { Column } from '../../parts/DataTable';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { Sheet } from '../../parts/Sheet';
import { startCommand } from '../../sensorCommand';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { keyColumns, keyValues, LifeFields, NameField, type KeyValues } from './key';
import { KeyList, RotateButton, type SheetProps } from './KeyList';

const words = texts.people.keys;

const Network = ({ id }: { id: string }) => <span>{networkName(useNetworks(), id)}</span>;

const columns: Column<SensorKey>[] = keyColumns<SensorKey>([
  { id: 'sensor', title: words.sensor, min: 7, grow: 1.2, compare: (a, b) => compareText(a.sensor_name, b.sensor_name), cell: key => key.sensor_name, text: key => key.sensor_name },
  { id: 'network', title: texts.nav.network, min: 7, grow: 1, compare: (a, b) => compareText(a.network_id, b.network_id), cell: key => <Network id={key.network_id} /> },
]);

const fields = [wordField<SensorKey>('sensor', words.sensor, key => key.sensor_name)];

export const SensorKeys = ({ params, tools }: { params: URLSearchParams; tools: ReactNode }) => (
  <KeyList
    params={params}
    tools={tools}
    name="sensor-keys"
    read={sensorKeys.list}
    columns={columns}
    fields={fields}
    text={key => key.sensor_name}
    line={key => <span>{key.sensor_name}</span>}
    emptyHint={words.emptySensors}
    csv={sensorKeys.csv}
    remove={sensorKeys.remove}
    sheet={props => (props.of ? <EditKey {...props} of={props.of} /> : <NewKey {...props} />)}
    below={() => <Copyable label={texts.addSensor.start} text={startCommand(location)} />}
  />
);

const NEW_SENSOR = '';

function NewKey({ close, made }: SheetProps<SensorKey>) {
  const { tables } = useViews('sensor');
  const network_id = useNetworkId();
  const sensors = [...tables.sensor.values()].sort((a, b) => compareText(a.name, b.name));
  const body = (values: KeyValues & { sensor_id: string }) => ({ name: values.name.trim(), ...(values.sensor_id ? { sensor_id: values.sensor_id } : { network_id }), expires_at: values.expires_at });
  const form = useForm(
    { ...keyValues(null), sensor_id: NEW_SENSOR },
    values => sensorKeys.create(body(values)),
    key => made(key.key),
    { against: { operation: 'post /api/auth/daemon', body } },
  );
  return (
    <Sheet title={words.newSensor} close={close} form={form} act={words.make}>
      <NameField form={form} />
      <Choice label={words.forSensor} options={[{ value: NEW_SENSOR, label: words.newSensorChoice }, ...sensors.map(sensor => ({ value: sensor.id, label: sensor.name }))]} value={form.values.sensor_id} change={id => form.set('sensor_id', id)} error={form.errors.sensor_id} searchable />
      <LifeFields form={form} isNew />
    </Sheet>
  );
}

function EditKey({ of, close, made, saved }: SheetProps<SensorKey> & { of: SensorKey }) {
  const [rotating, setRotating] = useState(false);
  const body = (values: KeyValues) => ({ ...values, name: values.name.trim() });
  const form = useForm(keyValues(of), values => sensorKeys.update(of.id, body(values), of.revision), saved, { against: { operation: 'put /api/auth/daemon/{id}', body } });
  if (rotating) return <Rotate of={of} close={() => setRotating(false)} made={made} />;
  return (
    <Sheet title={words.edit} close={close} form={form} act={texts.save} reload={saved} left={<RotateButton run={() => setRotating(true)} />}>
      <TextInput label={words.sensor} value={of.sensor_name} readOnly />
      <NameField form={form} />
      <LifeFields form={form} isNew={false} />
    </Sheet>
  );
}

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
