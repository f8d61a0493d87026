// SPDX-License-Identifier: BSD-2-Clause
// How often, at what time, in which zone; and the same in words.

import { TextInput } from '@mantine/core';
import { useMemo } from 'react';

import { cronOf, cronText, type Often } from '../../cron';
import { Choice } from '../../parts/Fields';
import type { Form } from '../../parts/form';
import { texts } from '../../texts';
import type { Draft } from './draft';
import css from './EditDiscovery.module.css';

const words = texts.discovery.schedules;

export function useZones(current: string) {
  return useMemo(() => [...new Set(['UTC', current, ...Intl.supportedValuesOf('timeZone')])].map(zone => ({ value: zone, label: zone.replaceAll('_', ' ') })), [current]);
}

export function PlanFields({ form }: { form: Form<Draft> }) {
  const { values, set, errors } = form;
  const zones = useZones(values.timezone);
  const text = cronText(cronOf(values));
  const timed = values.often === 'day' || values.often === 'week' || values.often === 'month';
  return (
    <>
      <Choice label={words.often} options={Object.entries(words.oftenOptions).map(([value, label]) => ({ value, label }))} value={values.often} change={often => set('often', often as Often)} />
      {values.often === 'cron' && <TextInput label={words.cron} description={words.cronHint} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('cron')} />}
      {timed && (
        <div className={css.pair}>
          {values.often === 'week' && <Choice label={words.weekday} options={texts.discovery.cron.weekday.map((label, value) => ({ value: String(value), label }))} value={values.weekday} change={day => set('weekday', day)} />}
          <TextInput label={words.time} type="time" {...form.text('time')} {...(errors.cron ? { error: errors.cron } : {})} />
        </div>
      )}
      <Choice label={words.zone} options={zones} value={values.timezone} change={zone => set('timezone', zone)} error={errors.timezone} searchable />
      {text && <p className={css.preview}>{words.preview(text, values.timezone.replaceAll('_', ' '))}</p>}
    </>
  );
}
