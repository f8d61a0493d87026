// SPDX-License-Identifier: BSD-2-Clause
// A definition, as a form or as JSON: one's own is changed here, of one that came along a copy is made. Tried before it is saved.

import { Button, Checkbox, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';

import { definitions as api, type DefinitionRow } from '../../api';
import { useRights } from '../../me';
import { definitionsChanged } from '../../own';
import { Choice } from '../../parts/Fields';
import { useForm } from '../../parts/form';
import { confirm, say } from '../../parts/overlay';
import { Shape } from '../../parts/Shape';
import { Sheet } from '../../parts/Sheet';
import { categories, certainties } from '../../services/catalogue';
import { allIcons } from '../../topology/icons';
import { errorText } from '../../errors';
import { texts } from '../../texts';
import { faultText, type Fault } from './check';
import css from './Definitions.module.css';
import { empty, faultsIn, idOf, read, textOf, type Draft } from './draft';
import { ReadDefinition } from './ReadDefinition';
import { RuleEditor } from './RuleEditor';
import { Trial } from './Trial';

const words = texts.definitions;

interface Props {
  row: DefinitionRow | null; // null: a new one
  like: Draft | null; // a new one begins as this
  id: string; // of a new one that takes another's place
  all: readonly DefinitionRow[];
  copy: (row: DefinitionRow) => void;
  close: () => void;
}

export function EditDefinition({ row, like, id, all, copy, close }: Props) {
  const rights = useRights();
  const own = row === null || row.origin === 'own';
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const form = useForm(
    { id: row?.id ?? id, text: textOf(row?.definition ?? like ?? empty) },
    ({ id: given, text }) => (row ? api.update(row.id, read(text)!, row.revision ?? 1) : api.create(given || idOf(String(read(text)!.name ?? '')), read(text)!)),
    saved => {
      definitionsChanged();
      say(words.saved(saved.name ?? saved.id));
      close();
    },
    values => {
      const wrong = faultsIn(values.text);
      const named = values.id || idOf(String(read(values.text)?.name ?? ''));
      const errors: { id?: string; text?: string } = wrong.length ? { text: faultText(wrong[0]!) } : {};
      if (!row && values.id && !/^[a-z0-9][a-z0-9-]*$/.test(values.id)) errors.id = words.idForm;
      else if (!row && all.some(each => each.origin === 'own' && each.id === named)) errors.id = words.idTaken;
      return errors;
    },
  );
  const { text } = form.values;
  const faults = useMemo(() => faultsIn(text), [text]);
  const draft = read(text);
  const shown = form.touched || row || like ? faults : [];
  const change = (next: Draft) => form.set('text', textOf(next));
  const replaces = all.find(each => each.origin === 'built-in' && each.id === (row?.id ?? form.values.id));
  const readOnly = !own ? (row.origin === 'built-in' ? words.builtIn : words.fromFile) : !rights.manage && words.notYours;
  const remove = row && own && (
    <Button variant="subtle" color="red" onClick={() => void removeIt(row, close)}>
      {texts.delete}
    </Button>
  );
  return (
    <Sheet
      wide
      title={row ? `${words.edit}: ${row.name ?? row.id}` : words.new}
      close={close}
      form={form}
      act={words.save}
      disabled={faults.length > 0}
      readOnly={readOnly}
      left={remove || undefined}
      below={
        <>
          {readOnly && draft && <ReadDefinition of={draft} />}
          {!own && rights.manage && (
            <div>
              <Button variant="default" onClick={() => copy(row)}>
                {words.mine}
              </Button>
            </div>
          )}
          {rights.edit && <Trial definition={faults.length || !draft ? null : draft} />}
        </>
      }
    >
      {row?.fault && <p className={css.fault}>{words.unused(row.fault)}</p>}
      {!readOnly && (
        <>
          <SegmentedControl className={css.mode} aria-label={words.edit} value={mode} onChange={to => setMode(to as typeof mode)} data={[{ value: 'form', label: words.form }, { value: 'json', label: words.json }]} />
          {mode === 'form' && draft && <About draft={draft} faults={shown} change={change} />}
          {!row && <TextInput label={words.id} description={words.idHint(replaces?.name ?? null)} placeholder={idOf(String(draft?.name ?? ''))} {...form.text('id')} classNames={{ input: 'mono' }} />}
          {mode === 'form' && draft ? <Rules draft={draft} faults={shown} change={change} /> : <Textarea label={words.jsonLabel} description={words.jsonHint} autosize minRows={14} maxRows={32} spellCheck={false} value={text} onChange={event => form.set('text', event.currentTarget.value)} classNames={{ input: css.json }} />}
          {shown.length > 0 && (
            <div className={css.faults} role="group" aria-label={words.wrong}>
              <strong>{words.wrong}</strong>
              <ul>
                {shown.map((each, i) => (
                  <li key={i}>{faultText(each)}</li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Sheet>
  );
}

async function removeIt(row: DefinitionRow, close: () => void) {
  const name = row.name ?? row.id;
  if (!(await confirm(words.remove(name)))) return;
  try {
    await api.remove(row.id);
    say(words.removed(name));
    close();
  } catch (error) {
    say(errorText(error));
  }
  definitionsChanged();
}

const icons = allIcons();
const iconOptions = icons.map(name => ({ value: name, label: name.replace(/^logo:/, '') }));
const categoryOptions = [...categories.values()].map(each => ({ value: each.id, label: each.title }));

interface PartProps {
  draft: Draft;
  faults: readonly Fault[];
  change: (draft: Draft) => void;
}

function About({ draft, faults, change }: PartProps) {
  const error = (path: string) => faults.find(each => each.path === path)?.why;
  const icon = draft.logo ? `logo:${draft.logo}` : (draft.icon ?? '');
  const setIcon = (name: string | null) => {
    if (!name) return;
    const { logo: _, icon: __, ...others } = draft;
    change(name.startsWith('logo:') ? { ...others, logo: name.slice(5) } : { ...others, icon: name });
  };
  const setCertainty = (to: string) => {
    const { certainty: _, ...others } = draft;
    change(to ? { ...others, certainty: to as NonNullable<Draft['certainty']> } : others);
  };
  return (
    <>
      <div className={css.two}>
        <TextInput data-autofocus label={words.name} value={draft.name ?? ''} error={error('name')} onChange={event => change({ ...draft, name: event.currentTarget.value })} />
        <Choice label={words.category} options={categoryOptions} value={draft.category ?? null} change={category => change({ ...draft, category })} error={error('category')} searchable />
      </div>
      <TextInput label={words.description} value={draft.description ?? ''} error={error('description')} onChange={event => change({ ...draft, description: event.currentTarget.value })} />
      <div className={css.two}>
        <Select
          label={words.icon}
          data={iconOptions}
          limit={60}
          searchable
          allowDeselect={false}
          value={icons.includes(icon) ? icon : null}
          placeholder={icon}
          leftSection={<Shape name={icon} size={17} />}
          renderOption={({ option }) => (
            <span className={css.option}>
              <Shape name={option.value} size={17} /> {option.label}
            </span>
          )}
          nothingFoundMessage={texts.table.nothing}
          onChange={setIcon}
        />
        <Choice label={words.certainty} description={words.certaintyHint} options={[{ value: '', label: words.noCertainty }, ...certainties.map(each => ({ value: each, label: texts.rules.certainty[each]![0] }))]} value={draft.certainty ?? ''} change={setCertainty} />
      </div>
      <Checkbox label={words.generic} checked={draft.is_generic === true} onChange={event => change({ ...draft, is_generic: event.currentTarget.checked })} />
    </>
  );
}

const Rules = ({ draft, faults, change }: PartProps) => (
      <fieldset className={css.rules}>
        <legend>{words.rule}</legend>
        <p className={css.hint}>{words.ruleHint}</p>
        {draft.match && typeof draft.match === 'object' ? (
          <RuleEditor rule={draft.match} path="match" faults={faults} change={match => change({ ...draft, match })} />
        ) : (
          <Button variant="default" onClick={() => change({ ...draft, match: empty.match! })}>{words.addRule}</Button>
        )}
      </fieldset>
);
