// SPDX-License-Identifier: BSD-2-Clause
// How the picture is drawn: what is in it, and how. Each change shows at once, and is kept with the topology, or for this
// person alone where it can't be.

import { Button, Select, Switch, TextInput, UnstyledButton } from '@mantine/core';
import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { countText } from '../../format';
import { Several } from '../../parts/Fields';
import { say } from '../../parts/overlay';
import { categories, describeService } from '../../services/catalogue';
import { useTags } from '../../tags';
import { texts } from '../../texts';
import { edgeKinds } from '../../topology/model';
import { defaults, type Options } from '../../topology/options';
import { NETWORKS_MAX } from '../../topology/session/sources';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import { EdgeMark } from './marks/EdgeMark';
import css from './OptionsPanel.module.css';
import { Sign } from './Sign';

const words = texts.topology.options;
export default function OptionsPanel({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { options, setOptions, readOnly } = session;
  const counts = useCategoryCounts(desk);
  const { tags } = useTags();
  const flag = (name: FlagName) => <Flag key={name} name={name} options={options} set={setOptions} />;
  const toggled = <T extends string>(list: readonly T[], value: T): T[] => (list.includes(value) ? list.filter(each => each !== value) : [...list, value]);
  const reset = () => {
    setOptions({ ...defaults, view: options.view, network_ids: options.network_ids });
    say(words.resetDone, { action: { title: texts.topology.tools.undo, run: () => session.editor?.undo() } });
  };
  const others = session.networks.filter(each => each.id !== session.network);
  return (
    <div className={css.options}>
      {(readOnly === 'viewer' || readOnly === 'locked') && <p className={css.note}>{texts.topology.readOnly[readOnly]}</p>}
      <Group title={words.general}>
        {others.length > 0 && (
          <Several
            label={words.networks}
            description={words.networksHint(NETWORKS_MAX)}
            placeholder={words.networksNone}
            options={others.map(each => ({ value: each.id, label: each.name }))}
            value={options.network_ids.filter(id => others.some(each => each.id === id))}
            change={ids => setOptions({ network_ids: ids.slice(0, NETWORKS_MAX - 1) })}
          />
        )}
        <Field title={words.edges} hint={words.edgesHint}>
          <ul className={css.edges}>
            {edgeKinds.map(kind => (
              <li key={kind}>
                <Switch
                  size="xs"
                  checked={!options.hide_edge_types.includes(kind)}
                  onChange={() => setOptions({ hide_edge_types: toggled(options.hide_edge_types, kind) })}
                  label={
                    <span className={css.edge} title={texts.topology.edgeHint[kind]}>
                      {texts.topology.edges[kind]}
                      <EdgeMark kind={kind} />
                    </span>
                  }
                />
              </li>
            ))}
          </ul>
        </Field>
        <Field title={words.categories} hint={words.categoriesHint} all={() => setOptions({ hide_service_categories: [] })} none={() => setOptions({ hide_service_categories: [...categories.keys()] })}>
          <Categories filter counts={counts} chosen={id => !options.hide_service_categories.includes(id)} toggle={id => setOptions({ hide_service_categories: toggled(options.hide_service_categories, id) })} />
        </Field>
        <Field title={words.tags} hint={tags.length ? words.tagsHint : words.tagsNone}>
          {tags.length > 0 &&
            (
              [
                ['hidden_host_tag_ids', words.tagHosts],
                ['hidden_service_tag_ids', words.tagServices],
                ['hidden_subnet_tag_ids', words.tagSubnets],
              ] as const
            ).map(([name, title]) => (
              <div key={name} className={css.tags} role="group" aria-label={title}>
                <span className={css.small}>{title}</span>
                {tags.map(tag => (
                  <Pill key={tag.id} filter on={!options.tag_filter[name].includes(tag.id)} toggle={() => setOptions({ tag_filter: { ...options.tag_filter, [name]: toggled(options.tag_filter[name], tag.id) } })}>
                    {tag.name}
                  </Pill>
                ))}
              </div>
            ))}
        </Field>
      </Group>
      <Group title={words.docker}>{(['group_docker_bridges_by_host', 'hide_vm_title_on_docker_container'] as const).map(flag)}</Group>
      <Group title={words.left}>
        <Title value={options.left_zone_title} set={left_zone_title => setOptions({ left_zone_title })} />
        {flag('show_gateway_in_left_zone')}
        <Field title={words.left_zone_service_categories} hint={words.left_zone_service_categories_hint}>
          <Categories counts={counts} chosen={id => options.left_zone_service_categories.includes(id)} toggle={id => setOptions({ left_zone_service_categories: toggled(options.left_zone_service_categories, id) })} />
        </Field>
      </Group>
      <Group title={words.display}>
        {(['hide_services', 'hide_ports', 'hide_quiet', 'hide_remote', 'bundle_dependencies', 'no_fade_edges', 'hide_resize_handles', 'auto_rebuild'] as const).map(flag)}
        <Select
          size="sm"
          label={words.group_applications_by}
          allowDeselect={false}
          checkIconPosition="right"
          data={(['host', 'category', 'tag', 'group'] as const).map(value => ({ value, label: words.group[value]! }))}
          value={options.group_applications_by}
          onChange={value => value && setOptions({ group_applications_by: value as Options['group_applications_by'] })}
        />
      </Group>
      <Button variant="default" size="compact-sm" className={css.reset} onClick={reset}>
        {words.reset}
      </Button>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.group} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Field({ title, hint, all, none, children }: { title: string; hint: string; all?: () => void; none?: () => void; children: ReactNode }) {
  return (
    <div className={css.field} role="group" aria-label={title}>
      <div className={css.fieldHead}>
        <span>{title}</span>
        {all && none && (
          <>
            <UnstyledButton onClick={all}>{words.all}</UnstyledButton>
            <UnstyledButton onClick={none}>{words.nothing}</UnstyledButton>
          </>
        )}
      </div>
      <p className={css.hint}>{hint}</p>
      {children}
    </div>
  );
}

type FlagName = { [Name in keyof Options]: Options[Name] extends boolean ? Name : never }[keyof Options];

function Flag({ name, options, set }: { name: FlagName; options: Options; set: (changes: Partial<Options>) => void }) {
  const hint = (words as unknown as Record<string, string | undefined>)[`${name}_hint`];
  return <Switch size="xs" label={words[name]} {...(hint ? { description: hint } : {})} checked={options[name]} onChange={event => set({ [name]: event.currentTarget.checked })} />;
}

function Pill({ on, filter = false, toggle, children }: { on: boolean; filter?: boolean; toggle: () => void; children: ReactNode }) {
  return (
    <UnstyledButton className={css.pill} role="checkbox" aria-checked={on} data-filter={filter || undefined} onClick={toggle}>
      {children}
    </UnstyledButton>
  );
}

// Those that occur come first, most first; the others when asked for.
function Categories({ counts, filter = false, chosen, toggle }: { counts: ReadonlyMap<string, number>; filter?: boolean; chosen: (id: string) => boolean; toggle: (id: string) => void }) {
  const [all, setAll] = useState(false);
  const [order] = useState(() => [...categories.values()].sort((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0)));
  const shown = order.filter(each => all || counts.has(each.id));
  return (
    <div className={css.pills}>
      {shown.map(each => (
        <Pill key={each.id} filter={filter} on={chosen(each.id)} toggle={() => toggle(each.id)}>
          <Sign name={each.icon} size={14} />
          {each.title}
          {counts.has(each.id) && <small>{countText(counts.get(each.id)!)}</small>}
        </Pill>
      ))}
      {!all && shown.length < order.length && (
        <UnstyledButton className={css.more} onClick={() => setAll(true)}>
          {words.more(order.length - shown.length)}
        </UnstyledButton>
      )}
    </div>
  );
}

// How many services there are of each category, hidden or not.
function useCategoryCounts(desk: Desk): ReadonlyMap<string, number> {
  const { stage } = desk.session;
  const graph = useGraphNow(stage, 10_000);
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const source of stage.sources()) {
      for (const service of source.views().tables.service.values()) {
        const { category } = describeService(service);
        counts.set(category, (counts.get(category) ?? 0) + 1);
      }
    }
    return counts;
  }, [graph.structure, stage]);
}

const TYPED_MS = 600;

// Sent when one stops typing.
function Title({ value, set }: { value: string; set: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => set(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return <TextInput size="sm" label={words.left_zone_title} maxLength={60} value={typed} onChange={event => setTyped(event.currentTarget.value)} />;
}
