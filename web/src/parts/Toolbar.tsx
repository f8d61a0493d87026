// SPDX-License-Identifier: BSD-2-Clause
// What narrows a list: words, VLANs, and which columns are shown. All of it in the address bar.

import { ActionIcon, Button, Checkbox, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconChevronDown, IconFilter, IconSortDescending, IconX } from '@tabler/icons-react';
import type { SortingState } from '@tanstack/react-table';
import { useMemo, type ReactNode } from 'react';

import { setParams } from '../navigate';
import { compareText } from '../state/address';
import { texts } from '../texts';
import { UNTAGGED } from '../views/list';
import { useNarrow } from './media';
import { MenuChoice } from './MenuChoice';
import css from './Toolbar.module.css';

export function Filter({ value, placeholder }: { value: string; placeholder: string }) {
  return (
    <TextInput
      className={css.filter}
      aria-label={texts.table.filter}
      placeholder={placeholder}
      value={value}
      onChange={event => setParams({ q: event.currentTarget.value })}
      onKeyDown={event => event.key === 'Escape' && setParams({ q: null })}
      leftSection={<IconFilter size={16} aria-hidden />}
      rightSection={
        value && (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={texts.clear} onClick={() => setParams({ q: null })}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
    />
  );
}




export function VlanFilter({ chosen, known }: { chosen: string[]; known: string[] }) {
  const options = useMemo(() => [...new Set([...known, ...chosen])].sort(compareText), [known, chosen]);
  if (options.length < 2 && !chosen.length) return null;
  const toggle = (vlan: string) => {
    const next = chosen.includes(vlan) ? chosen.filter(each => each !== vlan) : [...chosen, vlan];
    setParams({ vlan: next.sort(compareText).join(',') });
  };
  const name = (vlan: string) => (vlan === UNTAGGED ? texts.table.untagged : `${texts.table.vlan} ${vlan}`);
  return (
    <Menu closeOnItemClick={false} position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />} className={css.button} data-on={chosen.length > 0 || undefined}>
          {chosen.length ? chosen.map(name).join(', ') : texts.table.allVlans}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        {options.map(vlan => (
          <Check key={vlan} on={chosen.includes(vlan)} toggle={() => toggle(vlan)}>
            {name(vlan)}
          </Check>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Check({ on, toggle, children, one = false }: { on: boolean; toggle: () => void; children: ReactNode; one?: boolean }) {
  return (
    <MenuChoice one={one} on={on} toggle={toggle} left={<Checkbox.Indicator checked={on} size="xs" radius={one ? 'xl' : 'sm'} />}>
      {children}
    </MenuChoice>
  );
}

interface ColumnName {
  id: string;
  title: string;
  off?: boolean;
}

const defaultColumns = (columns: readonly ColumnName[]) => columns.filter(column => !column.off).map(column => column.id);

export function readColumns(text: string | null, columns: readonly ColumnName[]): string[] {
  const ids = text?.split(',').filter(id => columns.some(column => column.id === id)) ?? [];
  return ids.length ? ids : defaultColumns(columns);
}

export function ColumnMenu({ columns, shown, sort }: { columns: readonly ColumnName[]; shown: string[]; sort: SortingState }) {
  const narrow = useNarrow();
  if (narrow) return <OrderMenu columns={columns} sort={sort} />;
  const toggle = (id: string) => {
    const next = columns.map(column => column.id).filter(each => (each === id ? !shown.includes(id) : shown.includes(each)));
    if (next.length) setParams({ cols: next.join() === defaultColumns(columns).join() ? null : next.join() });
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-end" shadow="md">
      <Menu.Target>
        <Tooltip label={texts.table.columns}>
          <ActionIcon className={css.columns} variant="default" size={36} aria-label={texts.table.columns}>
            <IconAdjustmentsHorizontal size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        {columns.map(column => (
          <Check key={column.id} on={shown.includes(column.id)} toggle={() => toggle(column.id)}>
            {column.title}
          </Check>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => setParams({ cols: null })}>{texts.table.resetColumns}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function OrderMenu({ columns, sort }: { columns: readonly ColumnName[]; sort: SortingState }) {
  const current = sort[0];
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon className={css.columns} variant="default" size={36} aria-label={texts.table.order}>
          <IconSortDescending size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        <Menu.Label>{texts.table.order}</Menu.Label>
        {columns.map(column => (
          <Check key={column.id} one on={current?.id === column.id} toggle={() => setParams({ sort: current?.id === column.id && !current.desc ? `-${column.id}` : column.id })}>
            {column.title}
          </Check>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
