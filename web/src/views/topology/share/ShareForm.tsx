// SPDX-License-Identifier: BSD-2-Clause
// A link: what it is called, until when, behind which password, on which sites, and what it shows.

import { Button, Checkbox, PasswordInput, TagsInput, TextInput } from '@mantine/core';

import { shares, type Share } from '../../../api/shares';
import { DayField } from '../../../parts/Fields';
import { useForm } from '../../../parts/form';
import { texts } from '../../../texts';
import { shareOptions } from '../../share/shared';
import { draftOf, type Values } from './draft';
import { domainsOf } from './links';
import css from './ShareDialog.module.css';

const words = texts.share;

interface Props {
  topology: { id: string; name: string };
  of: Share | null;
  done: () => void;
  cancel: () => void;
}

export function ShareForm({ topology, of, done, cancel }: Props) {
  const had = of?.has_password ?? false;
  const form = useForm<Values, unknown>(
    { name: of?.name ?? topology.name, is_enabled: of?.is_enabled ?? true, expires_at: of?.expires_at ?? null, ask: had, password: '', allowed_domains: of?.allowed_domains ?? [], ...shareOptions(of?.options) },
    values => (of ? shares.update(of.id, draftOf(values, had), of.revision) : shares.create({ topology_id: topology.id, ...draftOf(values, had) })),
    done,
    values => (values.ask && !values.password && !had ? { password: words.passwordNeeded } : {}),
  );
  const { values } = form;
  const check = (name: 'is_enabled' | 'ask' | 'show_inspect_panel' | 'show_zoom_controls' | 'show_export_button', label: string, description?: string) => (
    <Checkbox label={label} {...(description ? { description } : {})} checked={values[name]} onChange={event => form.set(name, event.currentTarget.checked)} />
  );
  return (
    <form className={css.form} onSubmit={form.submit} noValidate>
      <TextInput data-autofocus label={words.name} description={words.nameHint} maxLength={100} {...form.text('name')} />
      <DayField label={words.expires} description={words.expiresHint} value={values.expires_at} change={day => form.set('expires_at', day)} error={form.errors.expires_at} />
      <div className={css.group}>
        {check('ask', words.askPassword)}
        {values.ask && <PasswordInput label={words.password} description={had ? words.passwordKept : words.passwordHint} autoComplete="new-password" maxLength={256} {...form.text('password')} />}
      </div>
      <TagsInput
        label={words.domains}
        description={words.domainsHint}
        placeholder={values.allowed_domains.length ? '' : words.domainsAdd}
        error={form.errors.allowed_domains}
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
        maxTags={20}
        value={values.allowed_domains}
        onChange={typed => form.set('allowed_domains', domainsOf(typed))}
      />
      <fieldset className={css.group}>
        <legend className={css.legend}>{words.shows}</legend>
        {check('show_inspect_panel', words.inspect)}
        {check('show_zoom_controls', words.zoom)}
        {check('show_export_button', words.exportButton)}
      </fieldset>
      {of && check('is_enabled', words.enabled, words.enabledHint)}
      <div role="alert" className={css.problem}>
        {form.problem}
      </div>
      <div className={css.buttons}>
        <Button variant="default" onClick={cancel}>
          {texts.cancel}
        </Button>
        <Button type="submit" loading={form.busy} disabled={!values.name.trim()}>
          {of ? texts.save : words.make}
        </Button>
      </div>
    </form>
  );
}
