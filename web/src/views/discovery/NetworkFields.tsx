// SPDX-License-Identifier: BSD-2-Clause
// What a network scan looks at, and how hard.

import { Checkbox, Textarea, TextInput } from '@mantine/core';

import { Choice, Several, type Option } from '../../parts/Fields';
import type { Form } from '../../parts/form';
import { texts } from '../../texts';
import type { Draft } from './draft';
import css from './EditDiscovery.module.css';

const words = texts.discovery.schedules;

export function NetworkFields({ form, subnets }: { form: Form<Draft>; subnets: Option[] }) {
  const { values, set, errors } = form;
  return (
    <>
      <Several label={words.subnets} placeholder={words.subnetsAll} options={subnets} value={values.subnet_ids} change={ids => set('subnet_ids', ids)} error={errors.subnet_ids} />
      <Textarea label={words.targets} description={words.targetsHint} autosize minRows={2} maxRows={6} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('targets')} />
      <TextInput label={words.ports} description={words.portsHint} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('ports')} />
      <div className={css.pair}>
        <Choice label={words.depth} options={Object.entries(texts.discovery.depth).map(([value, label]) => ({ value, label }))} value={values.depth} change={depth => set('depth', depth as Draft['depth'])} error={errors.depth} />
        <TextInput label={words.rate} type="number" min={1} max={100000} {...form.text('rate')} />
      </div>
      <Checkbox label={words.raw} description={words.rawHint} checked={values.probe_raw_socket_ports} onChange={event => set('probe_raw_socket_ports', event.currentTarget.checked)} />
    </>
  );
}
