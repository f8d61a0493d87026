// SPDX-License-Identifier: BSD-2-Clause
// Fields that several forms have: a choice, several networks, a role, a day.

import { MultiSelect, Select, TextInput } from '@mantine/core';

import type { Role } from '../api';
import { useNetworks } from '../networks';
import { texts } from '../texts';

export interface Option {
  value: string;
  label: string;
}

interface ChoiceProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  placeholder?: string;
  options: Option[];
  value: string | null;
  change: (value: string) => void;
  searchable?: boolean;
  first?: boolean; // has the focus when its form opens
}

export function Choice({ options, change, first = false, ...others }: ChoiceProps) {
  return <Select allowDeselect={false} checkIconPosition="right" maxDropdownHeight={280} nothingFoundMessage={texts.table.nothing} {...others} {...(first ? { 'data-autofocus': true } : {})} data={options} onChange={value => value !== null && change(value)} />;
}

interface SeveralProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  placeholder?: string;
  options: Option[];
  value: string[];
  change: (value: string[]) => void;
}

export function Several({ options, change, placeholder, ...others }: SeveralProps) {
  const hint = placeholder && !others.value.length ? { placeholder } : {};
  return <MultiSelect searchable hidePickedOptions clearable maxDropdownHeight={280} nothingFoundMessage={texts.table.nothing} clearButtonProps={{ 'aria-label': texts.clear }} {...others} {...hint} data={options} onChange={change} />;
}

export function RoleChoice({ roles, value, change, error }: { roles: Role[]; value: Role; change: (role: Role) => void; error?: string | undefined }) {
  const words = texts.people;
  return <Choice label={words.roleTitle} description={words.roleHint[value]} error={error} options={roles.map(role => ({ value: role, label: words.role[role]! }))} value={value} change={role => change(role as Role)} />;
}

export function NetworkChoice({ value, change, placeholder, error }: { value: string[]; change: (ids: string[]) => void; placeholder: string; error?: string | undefined }) {
  const networks = useNetworks();
  return <Several label={texts.people.networks} description={texts.people.networksHint} placeholder={placeholder} error={error} options={networks.map(network => ({ value: network.id, label: network.name }))} value={value} change={change} />;
}

const pad = (value: number) => String(value).padStart(2, '0');
const dayOf = (seconds: number | null) => {
  if (seconds === null) return '';
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
};

// The end of a day in the viewer's zone, as seconds; empty is null.
export function DayField({ label, description, error, value, change }: { label: string; description?: string; error?: string | undefined; value: number | null; change: (seconds: number | null) => void }) {
  const read = (text: string) => {
    const at = text ? new Date(`${text}T23:59:59`).getTime() : NaN;
    change(Number.isFinite(at) ? Math.round(at / 1000) : null);
  };
  return <TextInput type="date" label={label} {...(description ? { description } : {})} error={error} value={dayOf(value)} min={dayOf(Date.now() / 1000)} onChange={event => read(event.currentTarget.value)} />;
}

// A moment in the viewer's zone.
export function MomentField({ label, value, change, error }: { label: string; value: number; change: (seconds: number) => void; error?: string | undefined }) {
  const date = new Date(value * 1000);
  const text = `${dayOf(value)}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
  return (
    <TextInput
      type="datetime-local"
      label={label}
      error={error}
      value={text}
      max={`${dayOf(Date.now() / 1000)}T23:59`}
      onChange={event => {
        const at = new Date(event.currentTarget.value).getTime();
        if (Number.isFinite(at)) change(Math.round(at / 1000));
      }}
    />
  );
}
