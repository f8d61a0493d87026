// SPDX-License-Identifier: BSD-2-Clause
// What can be done with a host without leaving the picture: a name, tags, a group, hiding it.

import { ActionIcon, Menu } from '@mantine/core';
import { IconAffiliate, IconDots, IconEyeOff, IconPencil, IconPinnedOff, IconTag } from '@tabler/icons-react';
import { useState } from 'react';

import { groups as groupApi, hosts, tags as tagApi } from '../../../api';
import { errorText } from '../../../errors';
import { useRights } from '../../../me';
import { linkTo } from '../../../navigate';
import { MenuChoice } from '../../../parts/MenuChoice';
import { confirm, say } from '../../../parts/overlay';
import { TagChip } from '../../../parts/Tags';
import type { Group } from '../../../state/entities';
import type { HostView, Views } from '../../../state/selectors';
import { tagIds, useTags } from '../../../tags';
import { texts } from '../../../texts';
import { NameDialog } from '../NameDialog';

const words = texts.topology.inspect;

const telling = (work: Promise<unknown>, done: string) =>
  void work.then(
    () => say(done),
    (error: unknown) => say(errorText(error), { tone: 'bad' }),
  );

export function HostTools({ view, views, placed, forget }: { view: HostView; views: Views; placed: boolean; forget: () => void }) {
  const rights = useRights();
  const [naming, setNaming] = useState(false);
  const { tags } = useTags();
  if (!rights.edit) return null;
  const mine = tagIds(view.host.tags);
  const hide = async () => {
    if (!(await confirm({ title: words.hideTitle(view.title), text: words.hideText, act: words.hide }))) return;
    telling(hosts.update(view.id, { hidden: true }, view.host.revision), words.hidden(view.title));
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={230} closeOnItemClick>
        <Menu.Target>
          <ActionIcon variant="default" size={26} aria-label={words.actions}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={() => setNaming(true)}>
            {words.rename}
          </Menu.Item>
          <Menu.Sub>
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconTag size={15} aria-hidden />}>{words.tag}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {tags.map(tag => {
                const on = mine.includes(tag.id);
                return (
                  <MenuChoice key={tag.id} on={on} toggle={() => telling(on ? tagApi.takeAway('Host', [view.id], tag.id) : tagApi.add('Host', [view.id], tag.id), on ? words.untagged(tag.name) : words.tagged(tag.name))} left={on ? '✓' : <span style={{ width: '0.7em', display: 'inline-block' }} />}>
                    <TagChip tag={tag} />
                  </MenuChoice>
                );
              })}
              {!tags.length && (
                <Menu.Item component="a" {...linkTo('/tags')}>
                  {texts.things.tags.none}
                </Menu.Item>
              )}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
          <GroupMenu view={view} views={views} />
          {placed && (
            <Menu.Item leftSection={<IconPinnedOff size={15} aria-hidden />} onClick={forget}>
              {words.forget}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconEyeOff size={15} aria-hidden />} onClick={() => void hide()}>
            {words.hide}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          title={words.rename}
          act={texts.save}
          initial={view.host.name ?? ''}
          description={words.nameHint}
          maybeEmpty
          send={name => hosts.update(view.id, { name: name || null }, view.host.revision).then(() => say(name ? words.renamed(name) : words.unnamed))}
          close={() => setNaming(false)}
        />
      )}
    </>
  );
}

const members = (group: Group): string[] => tagIds(group.binding_ids);

function GroupMenu({ view, views }: { view: HostView; views: Views }) {
  const { tables } = views;
  const services = new Set(view.services.map(service => service.id));
  const bindings = [...tables.binding.values()].filter(binding => services.has(binding.service_id));
  const groups = [...tables.group.values()];
  const [first] = bindings;
  const add = (group: Group) => first && telling(groupApi.update(group.id, { binding_ids: [...members(group), first.id] }, group.revision), words.grouped(group.name));
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<IconAffiliate size={15} aria-hidden />}>{words.addToGroup}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {!first && <Menu.Label>{words.noBinding}</Menu.Label>}
        {first &&
          groups.map(group => (
            <Menu.Item key={group.id} disabled={bindings.some(binding => members(group).includes(binding.id))} onClick={() => add(group)}>
              {group.name}
            </Menu.Item>
          ))}
        {first && !groups.length && (
          <Menu.Item component="a" {...linkTo('/groups?edit=new')}>
            {words.noGroup}
          </Menu.Item>
        )}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
