// SPDX-License-Identifier: BSD-2-Clause
// What a network scan looks at, and how hard.

import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { snmpCredentials } from '../../api';
import { spanText } from '../../format';
import { useNetworkId } from '../../live';
import { Choice, Several, type Option } from '../../parts/Fields';
import type { Form } from '../../parts/form';
import { useRemote } from '../../remote';
import { texts } from '../../texts';
import type { Draft } from './draft';
import css from './EditDiscovery.module.css';
import { effortOf, MANY } from './effort';

const words = texts.discovery.schedules;
const optionsOf = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));

export function NetworkFields({ form, subnets }: { form: Form<Draft>; subnets: Option[] }) {
  const { values, set, errors } = form;
  const effort = effortOf(values);
  return (
    <>
      <Several label={words.subnets} placeholder={words.subnetsAll} options={subnets} value={values.subnet_ids} change={ids => set('subnet_ids', ids)} error={errors.subnet_ids} />
      <Textarea label={words.targets} description={words.targetsHint} autosize minRows={2} maxRows={6} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('targets')} />
      <Choice label={words.depth} description={texts.discovery.depthHint[values.depth]} options={optionsOf(texts.discovery.depth)} value={values.depth} change={depth => set('depth', depth as Draft['depth'])} error={errors.depth} />
      <TextInput label={words.ports} description={words.portsHint} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('ports')} />
      <div className={css.pair}>
        <TextInput label={words.rate} type="number" min={1} max={1_000_000} {...form.text('rate')} />
        <TextInput label={words.hostRate} type="number" min={1} max={1_000_000} {...form.text('host_rate')} />
      </div>
      {effort && <p className={css.preview}>{words.effort(effort.ports, words.span(spanText(effort.one)), MANY, words.span(spanText(effort.many)))}</p>}
      <Credentials form={form} />
      <More form={form} />
    </>
  );
}

// Which credentials devices are asked with: their names, which is all that anybody sees of them.
function Credentials({ form }: { form: Form<Draft> }) {
  const { values, set, errors } = form;
  const network = useNetworkId();
  const { value } = useRemote(`credentials ${network}`, () => snmpCredentials.list(network));
  return (
    <>
      <Choice label={words.snmp} description={value?.rows.length === 0 ? words.snmpNone : undefined} options={optionsOf(words.snmpOptions)} value={values.snmp} change={which => set('snmp', which as Draft['snmp'])} error={errors.snmp} />
      {values.snmp === 'some' && <Several label={words.snmpSome} options={(value?.rows ?? []).map(each => ({ value: each.id, label: each.name }))} value={values.snmp_credential_ids} change={ids => set('snmp_credential_ids', ids)} error={errors.snmp_credential_ids} />}
    </>
  );
}

// What few want to change. What is wrong with a field in it is not to be hidden.
function More({ form }: { form: Form<Draft> }) {
  const { values, set, errors } = form;
  const place = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (errors.excludes && place.current) place.current.open = true;
  }, [errors.excludes]);
  const flag = (name: 'skip_alive' | 'identify' | 'probe_raw_socket_ports' | 'probe_industrial_ports', label: string, description: string) => <Checkbox label={label} description={description} checked={values[name]} onChange={event => set(name, event.currentTarget.checked)} />;
  return (
    <details ref={place} className={css.more}>
      <summary>{words.more}</summary>
      <div className={css.inside}>
        <Textarea label={words.excludes} description={words.excludesHint} autosize minRows={2} maxRows={6} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('excludes')} />
        {flag('identify', words.identify, words.identifyHint)}
        {flag('skip_alive', words.skipAlive, words.skipAliveHint)}
        {flag('probe_raw_socket_ports', words.raw, words.rawHint)}
        {flag('probe_industrial_ports', words.industrial, words.industrialHint)}
        <Choice label={words.engine} description={words.engineHint} options={optionsOf(texts.discovery.engine)} value={values.engine} change={engine => set('engine', engine as Draft['engine'])} error={errors.engine} />
      </div>
    </details>
  );
}
