// SPDX-License-Identifier: BSD-2-Clause
// The host editor's services: what they are, what they are called, and where they are reached.

import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { ShapeIcon } from '../../parts/ShapeIcon';
import { categories, kindNamed, kinds } from '../../services/catalogue';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { ChildText, MoveSigns, newKey, RemoveSign, useProblem, Whose } from './ChildFields';
import { moved, type Bound, type Draft, type Service } from './draft';
import css from './EditHost.module.css';
import { faceTitle } from './FacesTab';
import { portTitle } from './PortsTab';
import { serviceIcon, serviceTitle } from './serviceTitle';

const words = texts.editHost.services;
const OWN = 'own:';
const FOUND_MAX = 60;

const catalogue = [...kinds].sort((a, b) => compareText(a.name, b.name)).map(kind => ({ value: kind.id, label: kind.name, category: categories.get(kind.category)?.title ?? '', icon: kind.icon }));

const isTwice = (service: Service, at: number) => service.bindings.some((other, i) => i < at && other.port === service.bindings[at]!.port && other.face === service.bindings[at]!.face);
const bindingWrong = (service: Service, at: number): string | null => (service.bindings[at]!.port === null && service.bindings[at]!.face === null ? words.needs : isTwice(service, at) ? words.twice : null);

export const servicesWrong = (draft: Draft, problem: (field: string, value: unknown) => string | null) => draft.services.some(service => problem('name', service.name.trim() || null) !== null || service.bindings.some((_, i) => bindingWrong(service, i) !== null));

export function ServicesTab({ draft, set }: { draft: Draft; set: (changes: Partial<Draft>) => void }) {
  const { services } = draft;
  const [open, setOpen] = useState<string | null>(null);
  const put = (key: string, changes: Partial<Service>) => set({ services: services.map(service => (service.key === key ? { ...service, ...changes } : service)) });
  const add = (id: string, typed: string) => {
    const key = newKey();
    const kind = id === OWN ? undefined : kindNamed(id);
    set({ services: [...services, { key, id: null, discovered: false, service_definition: kind?.id ?? null, name: kind?.name ?? typed, bindings: [], virtualization: null, seen: '' }] });
    setOpen(key);
  };
  return (
    <>
      <p className={css.hint}>{services.length ? words.hint : words.none}</p>
      <AddService add={add} />
      <ul className={css.items}>
        {services.map((service, i) => {
          const title = serviceTitle(service);
          const isOpen = open === service.key;
          return (
            <li key={service.key} className={css.item} aria-label={title}>
              <div className={css.itemTop}>
                <button type="button" className={css.itemTitle} aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : service.key)}>
                  <span className={css.sign}><ShapeIcon name={serviceIcon(service)} /></span>
                  <span>{title}</span>
                  <Whose discovered={service.discovered} isNew={service.id === null} />
                  {service.seen && <span className={`${css.hint} mono`}>{service.seen}</span>}
                </button>
                <MoveSigns name={title} at={i} count={services.length} move={to => set({ services: moved(services, i, to) })} />
                <RemoveSign name={title} remove={() => set({ services: services.filter(other => other.key !== service.key) })} />
              </div>
              {isOpen && <Details draft={draft} service={service} put={changes => put(service.key, changes)} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

// By its name or its category; what is in no catalogue can be added by its own name.
function AddService({ add }: { add: (id: string, typed: string) => void }) {
  const [search, setSearch] = useState('');
  const data = useMemo(() => {
    const text = search.trim().toLowerCase();
    const found = catalogue.filter(each => each.label.toLowerCase().includes(text) || each.category.toLowerCase().includes(text)).slice(0, FOUND_MAX);
    return text && !found.some(each => each.label.toLowerCase() === text) ? [...found, { value: OWN, label: words.own(search.trim()), category: '', icon: 'plus' }] : found;
  }, [search]);
  const iconOf = new Map(data.map(each => [each.value, each]));
  return (
    <Select
      label={words.add}
      placeholder={words.addHint}
      leftSection={<IconPlus size={16} aria-hidden />}
      openOnFocus={false}
      searchable
      data={data.map(({ value, label }) => ({ value, label }))}
      filter={({ options }) => options}
      value={null}
      searchValue={search}
      onSearchChange={setSearch}
      maxDropdownHeight={300}
      renderOption={({ option }) => (
        <span className={css.itemTitle}>
          <span className={css.sign}><ShapeIcon name={iconOf.get(option.value)?.icon ?? 'point'} /></span>
          <span>{option.label}</span>
          <span className={css.hint}>{iconOf.get(option.value)?.category}</span>
        </span>
      )}
      onChange={id => {
        if (id === null) return;
        add(id, search.trim());
        setSearch('');
      }}
    />
  );
}

const NONE = '';

function Details({ draft, service, put }: { draft: Draft; service: Service; put: (changes: Partial<Service>) => void }) {
  const problem = useProblem('post /api/services');
  const ports = [{ value: NONE, label: words.anyPort }, ...draft.ports.map(port => ({ value: port.key, label: portTitle(port) }))];
  const faces = [{ value: NONE, label: words.anyFace }, ...draft.interfaces.map((face, i) => ({ value: face.key, label: faceTitle(face, i) }))];
  const definitions = service.service_definition && !kindNamed(service.service_definition) ? [{ value: service.service_definition, label: service.service_definition }, ...catalogue] : catalogue;
  const bind = (at: number, changes: Partial<Bound>) => put({ bindings: service.bindings.map((bound, i) => (i === at ? { ...bound, ...changes } : bound)) });
  const free = draft.ports.find(port => !draft.services.some(other => other.bindings.some(bound => bound.port === port.key)));
  const add = () => put({ bindings: [...service.bindings, { port: free?.key ?? draft.ports[0]?.key ?? null, face: draft.ports.length ? null : (draft.interfaces[0]?.key ?? null), discovered: false }] });
  return (
    <>
      <div className={css.pair}>
        <Select label={words.definition} data={definitions.map(({ value, label }) => ({ value, label }))} value={service.service_definition ? (kindNamed(service.service_definition)?.id ?? service.service_definition) : null} placeholder={words.noDefinition} searchable clearable limit={80} clearButtonProps={{ 'aria-label': texts.clear }} onChange={id => put({ service_definition: id })} nothingFoundMessage={texts.table.nothing} maxDropdownHeight={260} />
        <ChildText label={words.name} placeholder={words.nameHint} value={service.name} change={name => put({ name })} problem={problem('name', service.name.trim() || null)} />
      </div>
      <div className={css.block} role="group" aria-label={words.bindings}>
        <span className={css.label}>{words.bindings}</span>
        {service.bindings.map((bound, i) => {
          const wrong = bindingWrong(service, i);
          return (
            <div key={i} className={css.bound}>
              <Select aria-label={texts.editHost.ports.number} data={ports} value={bound.port ?? NONE} allowDeselect={false} disabled={bound.discovered} onChange={key => bind(i, { port: key || null })} />
              <Select aria-label={texts.editHost.parts.interfaces!} data={faces} value={bound.face ?? NONE} allowDeselect={false} disabled={bound.discovered} onChange={key => bind(i, { face: key || null })} />
              {bound.discovered ? <Whose discovered isNew={false} /> : <RemoveSign name={words.unbind} remove={() => put({ bindings: service.bindings.filter((_, at) => at !== i) })} />}
              {wrong && <p className={css.problem}>{wrong}</p>}
            </div>
          );
        })}
        <div>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} disabled={!draft.ports.length && !draft.interfaces.length} onClick={add}>
            {words.bind}
          </Button>
        </div>
      </div>
    </>
  );
}
