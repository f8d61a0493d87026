// SPDX-License-Identifier: BSD-2-Clause
// The host editor's virtualization: what this host runs on, which hosts are its machines, which of its services are containers.

import { TextInput } from '@mantine/core';
import { useMemo } from 'react';

import { useViews } from '../../live';
import { Choice } from '../../parts/Fields';
import { compareText } from '../../state/address';
import type { HostView } from '../../state/selectors';
import { texts } from '../../texts';
import { RemoveSign } from './ChildFields';
import type { Draft, Service } from './draft';
import css from './EditHost.module.css';
import type { Machine } from './machines';
import { serviceTitle } from './serviceTitle';
import { containerType, machineType, runsContainers, runsMachines } from './virtualization';

const words = texts.editHost.machines;
const BARE = '';

interface Props {
  view: HostView;
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  machines: Machine[];
  setMachines: (machines: Machine[]) => void;
}

export function VirtualizationTab({ view, draft, set, machines, setMachines }: Props) {
  const views = useViews('host', 'service');
  const others = useMemo(() => views.allHosts().filter(other => other.id !== view.id).sort((a, b) => compareText(a.title, b.title)), [views, views.tables.versions.host, view.id]);
  const hypervisors = draft.services.filter(service => runsMachines(service.service_definition));
  const runtimes = draft.services.filter(service => runsContainers(service.service_definition));
  return (
    <>
      <Itself view={view} others={others} draft={draft} set={set} />
      {hypervisors.map(service => (
        <Machines key={service.key} service={service} others={others} machines={machines} setMachines={setMachines} />
      ))}
      {runtimes.map(service => (
        <Containers key={service.key} service={service} draft={draft} set={set} />
      ))}
      {hypervisors.length + runtimes.length === 0 && (
        <section className={css.block}>
          <p className={css.hint}>
            {words.none} {words.noneHint}
          </p>
        </section>
      )}
    </>
  );
}

// Every service elsewhere that runs machines.
function Itself({ view, others, draft, set }: { view: HostView; others: HostView[]; draft: Draft; set: Props['set'] }) {
  const of = draft.virtualization;
  const runners = useMemo(() => others.flatMap(other => other.services.filter(service => runsMachines(service.service_definition)).map(service => ({ value: service.id, label: `${other.title}: ${service.name || service.service_definition}`, definition: service.service_definition }))), [others]);
  const known = of?.service_id && !runners.some(each => each.value === of.service_id) ? [{ value: of.service_id, label: of.type, definition: null }] : [];
  if (!runners.length && !of) return null;
  const choose = (id: string) => set({ virtualization: id === BARE ? null : { ...of, type: machineType(runners.find(each => each.value === id)?.definition ?? null), service_id: id, vm_name: of?.vm_name ?? view.host.name } });
  return (
    <section className={css.block} aria-label={words.itself}>
      <h3>{words.itself}</h3>
      <p className={css.hint}>{words.itselfHint}</p>
      <Choice label={words.runsOn} options={[{ value: BARE, label: words.bare }, ...runners, ...known]} value={of ? (of.service_id ?? BARE) : BARE} change={choose} searchable />
      {of && (
        <div className={css.pair}>
          <TextInput label={words.vmName} value={of.vm_name ?? ''} onChange={event => set({ virtualization: { ...of, vm_name: event.currentTarget.value || null } })} />
          <TextInput label={words.vmId} value={of.vm_id ?? ''} onChange={event => set({ virtualization: { ...of, vm_id: event.currentTarget.value || null } })} />
        </div>
      )}
    </section>
  );
}

function Machines({ service, others, machines, setMachines }: { service: Service; others: HostView[] } & Pick<Props, 'machines' | 'setMachines'>) {
  const title = serviceTitle(service);
  const own = machines.filter(machine => machine.service_id === service.id);
  const change = (hostId: string, changes: Partial<Machine>) => setMachines(machines.map(machine => (machine.host_id === hostId ? { ...machine, ...changes } : machine)));
  const nameOf = (id: string) => others.find(other => other.id === id)?.title ?? texts.unknown;
  const add = (id: string) => setMachines([...machines.filter(machine => machine.host_id !== id), { host_id: id, service_id: service.id!, vm_name: others.find(other => other.id === id)?.host.name ?? '', vm_id: '' }]);
  return (
    <section className={css.block} aria-label={words.vms(title)}>
      <h3>{words.vms(title)}</h3>
      <p className={css.hint}>{service.id ? words.vmsHint : words.saveFirst}</p>
      {own.length > 0 && (
        <ul className={css.items}>
          {own.map(machine => {
            const name = nameOf(machine.host_id);
            return (
              <li key={machine.host_id} className={css.item} aria-label={name}>
                <div className={css.itemTop}>
                  <span className={css.itemTitle}><span>{name}</span></span>
                  <RemoveSign name={name} remove={() => setMachines(machines.filter(each => each.host_id !== machine.host_id))} />
                </div>
                <div className={css.pair}>
                  <TextInput label={words.vmName} value={machine.vm_name} onChange={event => change(machine.host_id, { vm_name: event.currentTarget.value })} />
                  <TextInput label={words.vmId} value={machine.vm_id} onChange={event => change(machine.host_id, { vm_id: event.currentTarget.value })} />
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {service.id && <Choice key={own.length} label={words.addVm} placeholder={texts.history.consolidate.otherPlaceholder} options={others.filter(other => !own.some(machine => machine.host_id === other.id)).slice(0, 1000).map(other => ({ value: other.id, label: [other.title, other.named ? other.addresses[0] : ''].filter(Boolean).join(' · ') }))} value={null} change={add} searchable />}
    </section>
  );
}

function Containers({ service, draft, set }: { service: Service; draft: Draft; set: Props['set'] }) {
  const title = serviceTitle(service);
  const own = draft.services.filter(each => each.virtualization?.service_id === service.key);
  const free = draft.services.filter(each => each.key !== service.key && !each.virtualization && !runsContainers(each.service_definition));
  const put = (key: string, changes: Partial<Service>) => set({ services: draft.services.map(each => (each.key === key ? { ...each, ...changes } : each)) });
  const add = (key: string) => put(key, { virtualization: { type: containerType(service.service_definition), service_id: service.key, container_name: serviceTitle(draft.services.find(each => each.key === key)!).toLowerCase().replaceAll(' ', '-') } });
  return (
    <section className={css.block} aria-label={words.containers(title)}>
      <h3>{words.containers(title)}</h3>
      <p className={css.hint}>{service.id ? words.containersHint : words.saveFirst}</p>
      {own.length > 0 && (
        <ul className={css.items}>
          {own.map(each => {
            const name = serviceTitle(each);
            return (
              <li key={each.key} className={css.item} aria-label={name}>
                <div className={css.itemTop}>
                  <span className={css.itemTitle}><span>{name}</span></span>
                  <RemoveSign name={name} remove={() => put(each.key, { virtualization: null })} />
                </div>
                <TextInput label={words.containerName} value={each.virtualization?.container_name ?? ''} onChange={event => put(each.key, { virtualization: { ...each.virtualization!, container_name: event.currentTarget.value || null } })} />
              </li>
            );
          })}
        </ul>
      )}
      {service.id && free.length > 0 && <Choice key={own.length} label={words.addContainer} options={free.map(each => ({ value: each.key, label: serviceTitle(each) }))} value={null} change={add} searchable />}
    </section>
  );
}
