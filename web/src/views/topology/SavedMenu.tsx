// SPDX-License-Identifier: BSD-2-Clause
// Which arrangement is on show, and what one can do with it: another, a copy, another name, a lock.

import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconCopy, IconLock, IconLockOpen, IconPencil, IconPlus, IconTrash, IconWand } from '@tabler/icons-react';
import { useState } from 'react';

import { useRights } from '../../me';
import { MenuChoice } from '../../parts/MenuChoice';
import { confirm } from '../../parts/overlay';
import { texts } from '../../texts';
import { freeName } from '../../topology/session/useSaved';
import css from './Bar.module.css';
import type { Desk } from './desk';
import { NameDialog } from './NameDialog';

const words = texts.topology.saved;

export function SavedMenu({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { saved, list, editor } = session;
  const rights = useRights();
  const [naming, setNaming] = useState<'new' | 'copy' | 'name' | null>(null);
  const kept = saved?.id ? saved : null;
  const name = kept?.name ?? words.none;
  const past = session.readOnly === 'past';

  const remove = () =>
    kept &&
    void confirm({ title: words.removeTitle(kept.name), text: words.removeText, act: texts.delete, danger: true }).then(yes => {
      if (yes) void session.remove(kept);
    });
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={270}>
        <Menu.Target>
          <Button variant="default" size="sm" className={css.saved} leftSection={kept?.is_locked ? <IconLock size={15} aria-hidden /> : kept ? undefined : <IconWand size={15} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />} aria-label={`${words.title}: ${name}`} data-testid="saved">
            <span className={css.savedName}>{name}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{words.title}</Menu.Label>
          <MenuChoice one on={!kept} toggle={() => session.choose(null)} left={<IconWand size={15} aria-hidden />}>
            <span title={words.noneHint}>{words.none}</span>
          </MenuChoice>
          {list.map(each => (
            <MenuChoice key={each.id} one on={each.id === kept?.id} toggle={() => session.choose(each.id)} left={each.is_locked ? <IconLock size={15} aria-hidden /> : <span style={{ width: 15 }} />}>
              {each.name}
            </MenuChoice>
          ))}
          {rights.edit && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setNaming('new')}>
                {words.new}
              </Menu.Item>
              {kept && (
                <>
                  <Menu.Item leftSection={<IconCopy size={15} aria-hidden />} onClick={() => setNaming('copy')}>
                    {words.duplicate}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} disabled={kept.is_locked || past} onClick={() => setNaming('name')}>
                    {words.rename}
                  </Menu.Item>
                  <Menu.Item leftSection={kept.is_locked ? <IconLockOpen size={15} aria-hidden /> : <IconLock size={15} aria-hidden />} disabled={past} onClick={() => editor?.do({ kind: 'lock', on: !kept.is_locked })}>
                    {kept.is_locked ? words.unlock : words.lock}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconTrash size={15} aria-hidden />} color="red" onClick={remove}>
                    {words.remove}
                  </Menu.Item>
                </>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming === 'new' && <NameDialog title={words.newTitle} hint={words.newHint} act={words.make} initial={freeName(words.first, list)} send={name => session.create(name, null)} close={() => setNaming(null)} />}
      {naming === 'copy' && kept && <NameDialog title={words.duplicate} hint={words.newHint} act={words.make} initial={freeName(words.copyOf(kept.name), list)} send={name => session.create(name, kept)} close={() => setNaming(null)} />}
      {naming === 'name' && kept && <NameDialog title={words.rename} act={texts.save} initial={kept.name} send={async name => editor?.do({ kind: 'name', name })} close={() => setNaming(null)} />}
    </>
  );
}
