// SPDX-License-Identifier: BSD-2-Clause
// The form of a rule: what it looks for, about whom, when nobody is told, and who is.

import { Checkbox, TextInput } from '@mantine/core';

import { alertChannels, alertKinds, alertRules, type AlertKind, type AlertRule, type AlertRuleDraft, type Severity } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Choice, Several, type Option } from '../../parts/Fields';
import { useForm, type Form } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { deviceKinds } from '../../services/catalogue';
import { useTags } from '../../tags';
import { texts } from '../../texts';
import { useSubnetOptions } from '../discovery/EditDiscovery';
import css from '../discovery/EditDiscovery.module.css';
import { useZones } from '../discovery/PlanFields';

const words = texts.alertRules;
const optionsOf = (names: Record<string, string>): Option[] => Object.entries(names).map(([value, label]) => ({ value, label }));
const usual: Partial<Record<AlertKind, number>> = { device_gone: 30, address_conflict: 24, impostor: 24, service_opened: 49151, service_gone: 1, certificate_expiring: 21, sensor_loss: 1, sensor_silent: 15, discovery_failed: 1 };
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

interface Values {
  name: string;
  kind: AlertKind;
  enabled: boolean;
  severity: Severity;
  threshold: string;
  tags: string[];
  subnet_ids: string[];
  host_kinds: string[];
  quiet_from: string;
  quiet_to: string;
  quiet_days: string[];
  timezone: string;
  tells: 'all' | 'some' | 'none';
  channel_ids: string[];
}

const valuesOf = (of: AlertRule | null): Values => ({
  name: of?.name ?? '',
  kind: of?.kind ?? 'device_gone',
  enabled: of?.enabled ?? true,
  severity: of?.severity ?? 'warn',
  threshold: of ? String(of.threshold ?? '') : String(usual.device_gone),
  tags: of?.tags ?? [],
  subnet_ids: of?.subnet_ids ?? [],
  host_kinds: of?.host_kinds ?? [],
  quiet_from: of?.quiet_from ?? '',
  quiet_to: of?.quiet_to ?? '',
  quiet_days: of?.quiet_days.map(String) ?? [],
  timezone: of?.quiet_from ? of.timezone : Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  tells: !of?.channel_ids ? 'all' : of.channel_ids.length ? 'some' : 'none',
  channel_ids: of?.channel_ids ?? [],
});

const draftOf = (values: Values): AlertRuleDraft => ({
  name: values.name.trim(),
  enabled: values.enabled,
  severity: values.severity,
  threshold: values.kind in usual ? Number(values.threshold) : null,
  tags: values.tags,
  subnet_ids: values.subnet_ids,
  host_kinds: values.host_kinds,
  quiet_from: values.quiet_from || null,
  quiet_to: values.quiet_to || null,
  quiet_days: values.quiet_days.map(Number).sort(),
  timezone: values.timezone,
  channel_ids: values.tells === 'all' ? null : values.tells === 'none' ? [] : values.channel_ids,
});

function problemsOf(values: Values) {
  const found: Partial<Record<keyof Values, string>> = {};
  for (const side of ['quiet_from', 'quiet_to'] as const) if (values[side] && !TIME.test(values[side])) found[side] = words.time;
  if (Boolean(values.quiet_from) !== Boolean(values.quiet_to)) found[values.quiet_from ? 'quiet_to' : 'quiet_from'] = words.quietOne;
  return found;
}

export function EditRule({ of, close }: { of: AlertRule | null; close: () => void }) {
  const rights = useRights();
  const network_id = useNetworkId();
  const form = useForm(
    valuesOf(of),
    values => (of ? alertRules.update(of.id, draftOf(values), of.revision) : alertRules.create({ network_id, kind: values.kind, ...draftOf(values) })),
    (_, values) => {
      changed('alert rules');
      say(words.saved(values.name.trim()));
      close();
    },
    { against: { operation: of ? 'put /api/alert-rules/{id}' : 'post /api/alert-rules', body: draftOf, only: ['name', 'threshold'] }, check: problemsOf },
  );
  const { values, set, errors } = form;
  const choose = (kind: AlertKind) => {
    set('kind', kind);
    set('threshold', String(usual[kind] ?? ''));
  };
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => changed('alert rules')} readOnly={!rights.manage && texts.form.viewer}>
      <TextInput data-autofocus label={words.name} maxLength={100} {...form.text('name')} />
      {of ? (
        <div>
          <p className={css.label}>{words.kind}</p>
          <p>{texts.alerts.kinds[of.kind]}</p>
          <p className={css.hint}>{words.kindHint[of.kind]}</p>
        </div>
      ) : (
        <Choice label={words.kind} description={words.kindHint[values.kind]} options={alertKinds.map(kind => ({ value: kind, label: texts.alerts.kinds[kind] }))} value={values.kind} change={kind => choose(kind as AlertKind)} error={errors.kind} />
      )}
      <Checkbox label={words.enabled} checked={values.enabled} onChange={event => set('enabled', event.currentTarget.checked)} />
      <Choice label={words.severity} options={optionsOf(words.severities)} value={values.severity} change={severity => set('severity', severity as Severity)} error={errors.severity} />
      {words.threshold[values.kind] && <TextInput label={words.threshold[values.kind]} type="number" min={0} {...form.text('threshold')} />}
      {!values.kind.startsWith('sensor_') && values.kind !== 'discovery_failed' && <Scope form={form} />}
      <Quiet form={form} />
      <Tells form={form} />
    </Sheet>
  );
}

function Scope({ form: { values, set, errors } }: { form: Form<Values> }) {
  const { tags } = useTags();
  const subnets = useSubnetOptions();
  return (
    <fieldset className={css.kinds}>
      <legend>{words.scope}</legend>
      <Several label={words.tags} placeholder={words.everything} options={tags.map(tag => ({ value: tag.id, label: tag.name }))} value={values.tags} change={ids => set('tags', ids)} error={errors.tags} />
      <Several label={words.subnets} placeholder={words.everything} options={subnets} value={values.subnet_ids} change={ids => set('subnet_ids', ids)} error={errors.subnet_ids} />
      <Several label={words.kinds} placeholder={words.everything} options={[...deviceKinds.values()].map(kind => ({ value: kind.id, label: kind.title }))} value={values.host_kinds} change={kinds => set('host_kinds', kinds)} error={errors.host_kinds} />
    </fieldset>
  );
}

function Quiet({ form }: { form: Form<Values> }) {
  const { values, set, errors } = form;
  const zones = useZones(values.timezone);
  return (
    <fieldset className={css.kinds}>
      <legend>{words.quiet}</legend>
      <p className={css.hint}>{words.quietHint}</p>
      <div className={css.pair}>
        <TextInput label={words.quietFrom} type="time" {...form.text('quiet_from')} />
        <TextInput label={words.quietTo} type="time" {...form.text('quiet_to')} />
      </div>
      {(values.quiet_from || values.quiet_to) && (
        <>
          <Several label={words.quietDays} placeholder={words.everyDay} options={optionsOf(words.days)} value={values.quiet_days} change={days => set('quiet_days', days)} error={errors.quiet_days} />
          <Choice label={words.timezone} options={zones} value={values.timezone} change={zone => set('timezone', zone)} error={errors.timezone} searchable />
        </>
      )}
    </fieldset>
  );
}

// Whoever may not see channels sees how many there are.
function Tells({ form: { values, set, errors } }: { form: Form<Values> }) {
  const rights = useRights();
  const network = useNetworkId();
  const { value } = useRemote(rights.edit ? `channels ${network}` : 'channels none', () => (rights.edit ? alertChannels.list(network) : Promise.resolve({ rows: [], total: 0 })));
  return (
    <>
      <Choice label={words.tells} options={optionsOf(words.choice)} value={values.tells} change={tells => set('tells', tells as Values['tells'])} />
      {values.tells === 'some' && <Several label={words.channelsSome} options={(value?.rows ?? []).map(each => ({ value: each.id, label: each.name }))} value={values.channel_ids} change={ids => set('channel_ids', ids)} error={errors.channel_ids} />}
    </>
  );
}
