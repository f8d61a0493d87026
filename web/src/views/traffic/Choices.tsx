// SPDX-License-Identifier: BSD-2-Clause
// What the traffic is narrowed to: a host, a subnet, a port. All of it in the address bar.

import { CloseButton, Select, TextInput } from '@mantine/core';
import { useState } from 'react';

import { useRows, useViews } from '../../live';
import { setParams } from '../../navigate';
import type { Subnet } from '../../state/entities';
import { texts } from '../../texts';
import { readService, type Asked } from './data';
import css from './Traffic.module.css';

const words = texts.traffic;
const OFFERED = 40;

interface Option {
  value: string;
  label: string;
}

export function Choices({ asked }: { asked: Asked }) {
  return (
    <>
      <HostChoice host={asked.host} />
      <SubnetChoice subnet={asked.subnet} />
      <PortChoice service={asked.service} />
    </>
  );
}

// Only when it is opened is a list made of all hosts: there may be many.
function HostChoice({ host }: { host: string | null }) {
  const views = useViews('host');
  const option = (id: string): Option => ({ value: id, label: views.host(id)?.title || texts.hosts.unnamed });
  return <Choice name="host" label={words.host} any={words.anyHost} value={host} known={host ? option(host) : null} all={() => views.allHosts().map(view => option(view.id))} />;
}

function SubnetChoice({ subnet }: { subnet: string | null }) {
  const subnets = useRows<Subnet>('subnet');
  // What has no range of its own (the internet, other places) holds every address.
  const options = subnets.filter(each => !each.cidr.endsWith('/0')).map((each): Option => ({ value: each.id, label: each.name || each.cidr }));
  if (!options.length && !subnet) return null;
  return <Choice name="subnet" label={words.subnet} any={words.anySubnet} value={subnet} known={options.find(each => each.value === subnet) ?? null} all={() => options} />;
}

function Choice({ name, label, any, value, known, all }: { name: string; label: string; any: string; value: string | null; known: Option | null; all: () => Option[] }) {
  const [open, setOpen] = useState(false);
  const choose = (id: string | null) => setParams({ [name]: id });
  return (
    <Select
      aria-label={label}
      className={css.choice}
      placeholder={any}
      data={open ? all() : known ? [known] : []}
      value={value}
      searchable
      limit={OFFERED}
      rightSection={value && <CloseButton size="sm" aria-label={words.noFilter(known?.label ?? texts.unknown)} onClick={() => choose(null)} />}
      rightSectionPointerEvents={value ? 'all' : 'none'}
      nothingFoundMessage={texts.table.nothing}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onChange={choose}
    />
  );
}

function PortChoice({ service }: { service: string | null }) {
  const bad = Boolean(service) && !readService(service);
  return (
    <TextInput
      aria-label={words.service}
      className={css.port}
      placeholder={words.anyService}
      value={service ?? ''}
      error={bad}
      title={bad ? words.serviceBad : undefined}
      spellCheck={false}
      onChange={event => setParams({ service: event.currentTarget.value })}
      onKeyDown={event => event.key === 'Escape' && setParams({ service: null })}
      rightSection={service && <CloseButton size="sm" aria-label={words.noFilter(service)} onClick={() => setParams({ service: null })} />}
    />
  );
}
