// SPDX-License-Identifier: BSD-2-Clause
// What can be done with a host.

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconEye, IconEyeOff, IconGitMerge, IconPencil, IconTopologyStar3, IconTrash } from '@tabler/icons-react';

import { hosts } from '../api';
import { errorText } from '../errors';
import { useRights } from '../me';
import { go, linkTo, setParams } from '../navigate';
import { confirm, say } from '../parts/overlay';
import type { HostView } from '../state/selectors';
import { texts } from '../texts';
import css from './Host.module.css';

const words = texts.host;
const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

export function HostActions({ view }: { view: HostView }) {
  const rights = useRights();
  return (
    <div className={css.actions}>
      <Button component="a" variant="default" size="sm" leftSection={<IconTopologyStar3 size={16} aria-hidden />} {...linkTo(`/topology?selected=${encodeURIComponent(view.id)}`)}>
        {words.inTopology}
      </Button>
      {rights.edit && <Changes view={view} />}
    </div>
  );
}

function Changes({ view }: { view: HostView }) {
  const { hidden } = view.host;
  const hide = () => hosts.update(view.id, { hidden: !hidden }).then(() => say(words.saved(view.title)), refused);
  const remove = async () => {
    if (!(await confirm({ title: words.deleteTitle(view.title), text: words.deleteText, act: texts.delete, danger: true }))) return;
    await hosts.remove([view.id]).then(() => {
      say(words.deleted(view.title));
      go('/hosts');
    }, refused);
  };
  return (
    <>
      <Button variant="default" size="sm" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setParams({ edit: 'host' }, 'push')}>
        {words.edit}
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={words.actions}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconGitMerge size={16} aria-hidden />} onClick={() => setParams({ edit: 'consolidate' }, 'push')}>
            {texts.history.consolidate.open}
          </Menu.Item>
          <Menu.Item leftSection={hidden ? <IconEye size={16} aria-hidden /> : <IconEyeOff size={16} aria-hidden />} onClick={() => void hide()}>
            {hidden ? words.show : words.hide}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="coral" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
