// SPDX-License-Identifier: BSD-2-Clause
// The form of a channel. A secret that is there is not in it: it stays unless another is typed. A test shows at once whether it works.

import { Button, Checkbox, PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';

import { alertChannels, type AlertChannel, type AlertChannelDraft, type ChannelKind, type ChannelMessage, type ChannelTls, type Severity } from '../../api';
import { errorText } from '../../errors';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { Choice, Several, type Option } from '../../parts/Fields';
import { useForm, type Form } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { changed, useRemote } from '../../remote';
import { useTags } from '../../tags';
import { texts } from '../../texts';
import css from '../discovery/EditDiscovery.module.css';
import own from './Alerts.module.css';

const words = texts.channels;
const optionsOf = (names: Record<string, string>): Option[] => Object.entries(names).map(([value, label]) => ({ value, label }));
const TEST_MS = 500;
const TEST_TURNS = 30;
const MESSAGES_MAX = 8;

interface Values {
  name: string;
  kind: ChannelKind;
  enabled: boolean;
  min_severity: Severity;
  tells_resolved: boolean;
  url: string;
  secret: string;
  host: string;
  port: string;
  tls: ChannelTls;
  ca_certificate: string;
  username: string;
  password: string;
  from_address: string;
  to_addresses: string;
  topic: string;
  home_assistant: boolean;
  discovery_prefix: string;
  presence_tags: string[];
  away_minutes: string;
}

const valuesOf = (of: AlertChannel | null): Values => ({
  name: of?.name ?? '', kind: of?.kind ?? 'Webhook', enabled: of?.enabled ?? true, min_severity: of?.min_severity ?? 'warn', tells_resolved: of?.tells_resolved ?? true, url: '', secret: '', host: of?.host ?? '', port: String(of?.port ?? ''),
  tls: of?.tls ?? 'none', ca_certificate: of?.ca_certificate ?? '', username: of?.username ?? '', password: '', from_address: of?.from_address ?? '', to_addresses: of?.to_addresses.join('\n') ?? '', topic: of?.topic ?? 'netvisor',
  home_assistant: of?.home_assistant ?? true, discovery_prefix: of?.discovery_prefix ?? 'homeassistant', presence_tags: of?.presence_tags ?? [], away_minutes: String(of?.away_minutes ?? 10),
});

// What its kind does not use is nothing.
function draftOf(values: Values): AlertChannelDraft {
  const isWeb = values.kind === 'Webhook';
  const isMqtt = values.kind === 'Mqtt';
  const orNull = (used: boolean, text: string) => (used && text.trim() ? text.trim() : null);
  return {
    name: values.name.trim(),
    enabled: values.enabled,
    min_severity: values.min_severity,
    tells_resolved: values.tells_resolved,
    host: orNull(!isWeb, values.host),
    port: !isWeb && values.port ? Number(values.port) : null,
    tls: isWeb ? 'none' : values.tls,
    ca_certificate: orNull(true, values.ca_certificate),
    username: orNull(!isWeb, values.username),
    from_address: orNull(values.kind === 'Email', values.from_address),
    to_addresses: values.kind === 'Email' ? values.to_addresses.split(/[\s,]+/).filter(Boolean) : [],
    topic: orNull(isMqtt, values.topic),
    home_assistant: isMqtt && values.home_assistant,
    discovery_prefix: orNull(isMqtt, values.discovery_prefix),
    presence_tags: isMqtt ? values.presence_tags : [],
    away_minutes: Number(values.away_minutes) || 10,
    ...(isWeb && values.url.trim() ? { url: values.url.trim() } : {}),
    ...(isWeb && values.secret ? { secret: values.secret } : {}),
    ...(!isWeb && values.password ? { password: values.password } : {}),
  };
}

function problemsOf(values: Values, isNew: boolean) {
  const found: Partial<Record<keyof Values, string>> = {};
  if (values.kind === 'Webhook' && isNew && !values.url.trim()) found.url = words.missing;
  if (values.kind !== 'Webhook' && !values.host.trim()) found.host = words.missing;
  if (values.kind === 'Email' && !values.from_address.trim()) found.from_address = words.missing;
  if (values.kind === 'Email' && !values.to_addresses.trim()) found.to_addresses = words.missing;
  if (values.password && !values.username.trim()) found.username = words.missing;
  return found;
}

export function EditChannel({ of, close }: { of: AlertChannel | null; close: () => void }) {
  const rights = useRights();
  const network_id = useNetworkId();
  const form = useForm(
    valuesOf(of),
    values => (of ? alertChannels.update(of.id, draftOf(values), of.revision) : alertChannels.create({ network_id, kind: values.kind, ...draftOf(values) })),
    (_, values) => {
      changed('channels');
      say(words.saved(values.name.trim()));
      close();
    },
    { against: { operation: of ? 'put /api/alert-channels/{id}' : 'post /api/alert-channels', body: draftOf, only: ['name', 'url', 'secret', 'port', 'away_minutes', 'from_address'] }, check: values => problemsOf(values, of === null) },
  );
  const { values, set } = form;
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => changed('channels')} readOnly={!rights.manage && texts.form.viewer}>
      <TextInput data-autofocus label={words.name} description={words.nameHint} maxLength={100} {...form.text('name')} />
      <div>
        <p className={css.label}>{words.kind}</p>
        {of ? <p>{words.kinds[of.kind]}</p> : <SegmentedControl aria-label={words.kind} value={values.kind} onChange={kind => set('kind', kind as ChannelKind)} data={optionsOf(words.kinds)} />}
        <p className={css.hint}>{words.kindHint[values.kind]}</p>
      </div>
      {values.kind === 'Webhook' ? <WebFields form={form} of={of} /> : <ServerFields form={form} of={of} />}
      {values.kind === 'Email' && <MailFields form={form} />}
      {values.kind === 'Mqtt' && <MqttFields form={form} />}
      <Choice label={words.severity} options={optionsOf(words.severities)} value={values.min_severity} change={severity => set('min_severity', severity as Severity)} />
      <Checkbox label={words.tellsResolved} checked={values.tells_resolved} onChange={event => set('tells_resolved', event.currentTarget.checked)} />
      <Checkbox label={words.enabled} checked={values.enabled} onChange={event => set('enabled', event.currentTarget.checked)} />
      {of && <Messages of={of} manage={rights.manage} />}
    </Sheet>
  );
}

interface Part {
  form: Form<Values>;
  of: AlertChannel | null;
}

// Secrets are not passwords of this site: browsers are not to keep them.
function WebFields({ form, of }: Part) {
  return (
    <>
      <PasswordInput label={words.url} description={of?.url_shown ? words.urlKept(of.url_shown) : words.urlHint} autoComplete="new-password" {...form.text('url')} />
      <PasswordInput label={words.secret} description={of?.has_secret ? words.secretKept : words.secretHint} autoComplete="new-password" {...form.text('secret')} />
      <Authority form={form} />
    </>
  );
}

function ServerFields({ form, of }: Part) {
  const { values, set, errors } = form;
  const tls = optionsOf(words.tlsNames).filter(({ value }) => values.kind === 'Email' || value !== 'starttls');
  return (
    <>
      <div className={css.pair}>
        <TextInput label={words.host} autoComplete="off" spellCheck={false} {...form.text('host')} />
        <TextInput label={words.port} placeholder={words.portHint} type="number" min={1} max={65535} {...form.text('port')} />
      </div>
      <Choice label={words.tls} description={values.tls === 'none' ? words.plain : undefined} options={tls} value={values.tls} change={name => set('tls', name as ChannelTls)} error={errors.tls} />
      {values.tls !== 'none' && <Authority form={form} />}
      <TextInput label={words.username} autoComplete="off" spellCheck={false} {...form.text('username')} />
      <PasswordInput label={words.password} description={of?.has_password ? words.passwordKept : words.passwordHint} autoComplete="new-password" {...form.text('password')} />
    </>
  );
}

const Authority = ({ form }: { form: Form<Values> }) => (
  <Textarea label={words.ca} description={words.caHint} autosize minRows={1} maxRows={6} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('ca_certificate')} />
);

const MailFields = ({ form }: { form: Form<Values> }) => (
  <>
    <TextInput label={words.from} type="email" autoComplete="off" {...form.text('from_address')} />
    <Textarea label={words.addresses} description={words.addressesHint} autosize minRows={2} maxRows={6} spellCheck={false} {...form.text('to_addresses')} />
  </>
);

function MqttFields({ form }: { form: Form<Values> }) {
  const { values, set, errors } = form;
  const { tags } = useTags();
  return (
    <>
      <TextInput label={words.topic} description={words.topicHint} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('topic')} />
      <Checkbox label={words.home} description={words.homeHint} checked={values.home_assistant} onChange={event => set('home_assistant', event.currentTarget.checked)} />
      {values.home_assistant && (
        <>
          <Several label={words.presenceTags} placeholder={words.presenceAll} options={tags.map(tag => ({ value: tag.id, label: tag.name }))} value={values.presence_tags} change={ids => set('presence_tags', ids)} error={errors.presence_tags} />
          <div className={css.pair}>
            <TextInput label={words.away} type="number" min={1} max={1440} {...form.text('away_minutes')} />
            <TextInput label={words.prefix} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('discovery_prefix')} />
          </div>
        </>
      )}
    </>
  );
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

// Ask until the test has arrived, or it is said why not.
async function test(id: string): Promise<string | null> {
  const { id: message } = await alertChannels.test(id);
  let why: string | null = null;
  for (let turn = 0; turn < TEST_TURNS; turn++) {
    await pause(TEST_MS);
    const found = (await alertChannels.messages(id)).find(each => each.id === message);
    if (found?.told_at) return null;
    why = found?.error ?? why;
    if (why) return why;
  }
  return words.waits;
}

function Messages({ of, manage }: { of: AlertChannel; manage: boolean }) {
  const { value } = useRemote(`channel messages ${of.id}`, () => alertChannels.messages(of.id));
  const [result, setResult] = useState<{ text: string; bad: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setResult({ text: words.testing, bad: false });
    try {
      const why = await test(of.id);
      setResult(why ? { text: words.testFailed(why), bad: true } : { text: words.tested, bad: false });
    } catch (error) {
      setResult({ text: errorText(error), bad: true });
    }
    setBusy(false);
    changed('channel messages');
  };
  return (
    <section aria-label={words.messages} className={css.kinds}>
      {manage && (
        <div className={own.test}>
          <Button variant="default" size="compact-sm" loading={busy} onClick={() => void run()}>
            {words.test}
          </Button>
          <span role="status" data-bad={result?.bad || undefined}>
            {result?.text}
          </span>
        </div>
      )}
      <p className={css.label}>{words.messages}</p>
      {value?.length === 0 && <p className={css.hint}>{words.noMessages}</p>}
      <ul className={own.messages}>{value?.slice(0, MESSAGES_MAX).map(each => <Message key={each.id} of={each} />)}</ul>
    </section>
  );
}

const Message = ({ of }: { of: ChannelMessage }) => (
  <li>
    <span>
      {words.events[of.event]}: {of.title}
    </span>
    <span className="dim">
      {of.told_at === null ? (of.error ?? words.waits) : words.told} <Ago at={of.told_at ?? of.created_at} />
    </span>
  </li>
);
