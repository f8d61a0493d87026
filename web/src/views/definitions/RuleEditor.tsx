// SPDX-License-Identifier: BSD-2-Clause
// A rule as a form: groups of signs, each of a kind, with the fields of that kind.

import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';

import { Choice } from '../../parts/Fields';
import type { Rule } from '../../services/details';
import { subnetTypes } from '../../api';
import { texts } from '../../texts';
import { exampleAt, type Fault } from './check';
import { fieldsOf, fieldText, kindsOffered, ofKind, withField } from './draft';
import css from './Definitions.module.css';
import { isGroup, kindOf, type RuleKind } from './rule';

const words = texts.definitions;
const DEPTH_MAX = 4;

interface Props {
  rule: Rule;
  path: string; // as faults name it
  faults: readonly Fault[];
  change: (rule: Rule) => void;
  remove?: (() => void) | undefined;
  depth?: number;
}

export function RuleEditor({ rule, path, faults, change, remove, depth = 0 }: Props) {
  const kind = kindOf(rule) ?? 'any';
  const at = `${path}.${kind}`;
  const options = kindsOffered.filter(each => depth < DEPTH_MAX || !(isGroup(each) || each === 'not') || each === kind).map(each => ({ value: each, label: texts.rules.kinds[each] ?? each }));
  if (!options.some(each => each.value === kind)) options.push({ value: kind, label: texts.rules.kinds[kind] ?? kind });
  return (
    <div className={css.rule} data-depth={depth}>
      <div className={css.ruleHead}>
        <Choice label={words.signKind} options={options} value={kind} change={to => change(ofKind(to as RuleKind, rule))} searchable />
        {remove && (
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.removeSign} title={words.removeSign} onClick={remove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {isGroup(kind) ? <Group kind={kind} rule={rule} path={at} faults={faults} change={change} depth={depth} /> : kind === 'not' ? <RuleEditor rule={rule.not!} path={at} faults={faults} change={not => change({ not })} depth={depth + 1} /> : <Sign kind={kind} value={rule[kind]} path={at} faults={faults} change={value => change({ [kind]: value })} />}
    </div>
  );
}

function Group({ kind, rule, path, faults, change, depth }: Required<Pick<Props, 'rule' | 'path' | 'faults' | 'change' | 'depth'>> & { kind: 'any' | 'all' | 'together' }) {
  const parts = rule[kind] ?? [];
  const set = (next: Rule[]) => change({ [kind]: next });
  return (
    <div className={css.ruleParts}>
      {parts.map((part, i) => (
        <RuleEditor
          key={i}
          rule={part}
          path={`${path}[${i}]`}
          faults={faults}
          change={next => set(parts.map((each, k) => (k === i ? next : each)))}
          remove={parts.length > 1 ? () => set(parts.filter((_, k) => k !== i)) : undefined}
          depth={depth + 1}
        />
      ))}
      <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} className={css.addSign} onClick={() => set([...parts, { http: { title: '' } }])}>
        {words.addSign}
      </Button>
    </div>
  );
}

function Sign({ kind, value, path, faults, change }: { kind: RuleKind; value: unknown; path: string; faults: readonly Fault[]; change: (value: unknown) => void }) {
  const fields = fieldsOf[kind];
  const example = (at: string) => exampleAt(at) ?? '';
  const error = (at: string) => faults.find(each => each.path === at)?.why;
  if (kind === 'gateway') {
    return <SegmentedControl aria-label={texts.rules.kinds.gateway ?? kind} value={value === false ? 'no' : 'yes'} onChange={to => change(to === 'yes')} data={[{ value: 'yes', label: words.gatewayYes }, { value: 'no', label: words.gatewayNo }]} />;
  }
  if (kind === 'subnet') return <Choice label={texts.rules.kinds.subnet!} options={subnetTypes.map(type => ({ value: type, label: type }))} value={String(value ?? '') || null} change={change} error={error(path)} />;
  if (!fields) return <TextInput label={texts.rules.kinds[kind] ?? kind} placeholder={example(path)} value={typeof value === 'string' ? value : ''} error={error(path)} onChange={event => change(event.currentTarget.value)} classNames={{ input: 'mono' }} />;
  return (
    <div className={css.signFields}>
      {fields.map(field => (
        <TextInput
          key={field}
          label={texts.rules.fields[field] ?? field}
          placeholder={example(`${kind}.${field}`)}
          value={fieldText(kind, value, field)}
          error={error(`${path}.${field}`) ?? (kind === 'mdns' && field === 'type' ? error(path) : undefined)}
          onChange={event => change(withField(kind, value, field, event.currentTarget.value))}
          classNames={{ input: 'mono' }}
        />
      ))}
      {error(path) && kind !== 'mdns' && <p className={css.fault}>{error(path)}</p>}
    </div>
  );
}
