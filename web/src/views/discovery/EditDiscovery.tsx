// SPDX-License-Identifier: BSD-2-Clause
// The form of a discovery: which sensor looks at what, and when.

import { Checkbox, SegmentedControl, TextInput } from '@mantine/core';

import { discovery, type Discovery } from '../../api';
import { cronOf, readCron } from '../../cron';
import { useRows, useViews } from '../../live';
import { useRights } from '../../me';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { compareText } from '../../state/address';
import type { Sensor } from '../../state/entities';
import { readDiscoveries, readPorts } from '../../sensor';
import { texts } from '../../texts';
import css from './EditDiscovery.module.css';
import { draftOf, typeOf, type Draft } from './draft';
import { portsIn } from './effort';
import { NetworkFields } from './NetworkFields';
import { PlanFields } from './PlanFields';

const words = texts.discovery.schedules;

export function EditDiscovery({ of, close, now = false }: { of: Discovery | null; close: () => void; now?: boolean }) {
  const rights = useRights();
  const { tables } = useViews('sensor');
  const sensors = [...tables.sensor.values()].sort((a, b) => Number(b.connected) - Number(a.connected) || compareText(a.name, b.name));
  const form = useForm(
    draftOf(of, sensors[0]?.id ?? '', now),
    async (values: Draft) => {
      const draft = {
        name: values.name.trim(),
        sensor_id: values.sensor_id,
        discovery_type: typeOf(values),
        run_type: values.when === 'AdHoc' ? { type: 'AdHoc' as const } : { type: 'Scheduled' as const, cron: cronOf(values), timezone: values.timezone, enabled: values.enabled },
      };
      const saved = of ? await discovery.update(of.id, draft, of.revision) : await discovery.create(draft);
      if (now) await discovery.start(saved.id);
      return saved;
    },
    saved => {
      say(now ? texts.discovery.sessions.started(saved.name) : words.saved(saved.name));
      close();
    },
    values => ({
      ...(values.sensor_id ? {} : { sensor_id: words.noSensor }),
      ...(values.kind === 'Network' && values.ports.trim() && values.ports.trim() !== 'all' && portsIn(values.ports) === null ? { ports: words.portsBad } : {}),
      ...(values.when === 'Scheduled' && !readCron(cronOf(values)) ? { cron: words.cronBad } : {}),
    }),
  );
  const { values, set, errors } = form;
  const subnets = useSubnetOptions();
  const sensor = tables.sensor.get(values.sensor_id);
  return (
    <Sheet
      title={of ? words.edit : now ? texts.discovery.sessions.now : words.newTitle}
      close={close}
      form={form}
      act={of ? texts.save : now ? words.makeAndRun : words.make}
      disabled={!values.name.trim()}
      reload={of ? () => form.reset(draftOf(of, '', false)) : undefined}
      readOnly={!rights.edit && texts.form.viewer}
    >
      <TextInput data-autofocus label={words.name} maxLength={100} {...form.text('name')} />
      <Choice label={words.sensor} options={sensors.map(each => ({ value: each.id, label: each.name }))} value={values.sensor_id || null} change={id => set('sensor_id', id)} error={errors.sensor_id} searchable />
      <Kind value={values.kind} change={kind => set('kind', kind)} sensor={sensor} error={(errors as Record<string, string>).discovery_type} />
      {values.kind !== 'SelfReport' && <Choice label={texts.discovery.namingTitle} options={Object.entries(texts.discovery.naming).map(([value, label]) => ({ value, label }))} value={values.host_naming_fallback} change={naming => set('host_naming_fallback', naming as Draft['host_naming_fallback'])} />}
      {values.kind === 'Network' && <NetworkFields form={form} subnets={subnets} />}
      {!now && (
        <>
          <SegmentedControl aria-label={words.whenTitle} value={values.when} onChange={when => set('when', when as Draft['when'])} data={Object.entries(words.whenOptions).map(([value, label]) => ({ value, label }))} />
          {values.when === 'Scheduled' && (
            <>
              <PlanFields form={form} />
              <Checkbox label={words.enabled} description={of?.disabled_reason ? words.disabled(of.disabled_reason) : words.enabledHint} checked={values.enabled} onChange={event => set('enabled', event.currentTarget.checked)} />
            </>
          )}
        </>
      )}
    </Sheet>
  );
}

export function useSubnetOptions() {
  const subnets = useRows<{ id: string; cidr: string; name: string }>('subnet');
  return subnets.map(subnet => ({ value: subnet.id, label: subnet.name && subnet.name !== subnet.cidr ? `${subnet.name} (${subnet.cidr})` : subnet.cidr }));
}

// All kinds are told, so that one sees what there is; what this sensor can't do is not offered.
function Kind({ value, change, sensor, error }: { value: string; change: (kind: Draft['kind']) => void; sensor: Sensor | undefined; error: string | undefined }) {
  const can = sensor ? readDiscoveries(sensor.capabilities) : [];
  const mirror = sensor && readPorts(sensor.interfaces).find(port => port.span);
  return (
    <fieldset className={css.kinds}>
      <legend>{words.kind}</legend>
      {(['SelfReport', 'Docker', 'Network'] as const).map(kind => (
        <label key={kind} className={css.kind} data-off={!can.includes(kind) || undefined}>
          <input type="radio" name="kind" value={kind} checked={value === kind} disabled={!can.includes(kind) && value !== kind} onChange={() => change(kind)} />
          <span>
            <strong>{texts.discovery.type[kind]}</strong>
            <span className={css.hint}>{can.includes(kind) || !sensor ? texts.discovery.typeHint[kind] : kind === 'Network' && mirror ? texts.discovery.cannotScan(sensor.name, mirror.name) : texts.discovery.cannot(sensor.name)}</span>
          </span>
        </label>
      ))}
      {error && <p className={css.error}>{error}</p>}
    </fieldset>
  );
}

