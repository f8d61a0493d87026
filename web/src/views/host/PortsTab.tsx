// SPDX-License-Identifier: BSD-2-Clause
// The host editor's ports: on which something answers, and whose they are.

import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';

import { texts } from '../../texts';
import { ChildText, newKey, RemoveSign, useProblem, Whose } from './ChildFields';
import { ownerOf, transfer, withoutPort, type Draft, type Port } from './draft';
import css from './EditHost.module.css';
import { serviceTitle } from './serviceTitle';

const words = texts.editHost.ports;
const NOBODY = '';

export const portTitle = (port: Port) => `${port.number.trim() || '?'}/${port.protocol}`;

const numberOf = (port: Port): unknown => (/^\d+$/.test(port.number.trim()) ? Number(port.number) : port.number.trim() || null);
const isTwice = (draft: Draft, port: Port) => draft.ports.some(other => other.key !== port.key && other.number.trim() === port.number.trim() && other.protocol === port.protocol);

function whyNot(draft: Draft, port: Port, problem: (field: string, value: unknown) => string | null): string | null {
  const value = numberOf(port);
  if (value === null) return texts.check.needed;
  return problem('number', value) ?? (isTwice(draft, port) ? words.twice : null);
}

export const portsWrong = (draft: Draft, problem: (field: string, value: unknown) => string | null) => draft.ports.some(port => port.id === null && whyNot(draft, port, problem) !== null);

export function PortsTab({ draft, set }: { draft: Draft; set: (changes: Partial<Draft>) => void }) {
  const problem = useProblem('post /api/ports');
  const { ports, services } = draft;
  const change = (key: string, changes: Partial<Port>) => set({ ports: ports.map(port => (port.key === key ? { ...port, ...changes } : port)) });
  const options = [{ value: NOBODY, label: words.unclaimed }, ...services.map(service => ({ value: service.key, label: serviceTitle(service) }))];
  return (
    <>
      <p className={css.hint}>{ports.length ? words.hint : words.none}</p>
      <ul className={css.items}>
        {ports.map(port => {
          const title = portTitle(port);
          const owner = ownerOf(draft, port.key);
          const isNew = port.id === null;
          return (
            <li key={port.key} className={css.item} aria-label={title}>
              <div className={css.port}>
                {isNew ? <ChildText mono focus hidden inputMode="numeric" label={words.number} placeholder={words.number} value={port.number} change={number => change(port.key, { number })} problem={whyNot(draft, port, problem)} /> : <span className={`${css.static} mono`}>{title}</span>}
                {isNew ? <SegmentedControl size="xs" aria-label={words.protocol} value={port.protocol} onChange={protocol => change(port.key, { protocol })} data={['tcp', 'udp']} /> : <span className={css.static}><Whose discovered={port.discovered} isNew={false} /></span>}
                <Select aria-label={`${title}: ${words.service}`} data={options} value={owner?.service.key ?? NOBODY} allowDeselect={false} onChange={key => set({ services: transfer(draft, port.key, key || null) })} />
                <RemoveSign name={title} remove={() => set(withoutPort(draft, port.key))} />
              </div>
            </li>
          );
        })}
      </ul>
      <div>
        <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set({ ports: [...ports, { key: newKey(), id: null, discovered: false, number: '', protocol: 'tcp' }] })}>
          {words.add}
        </Button>
      </div>
    </>
  );
}
