// SPDX-License-Identifier: BSD-2-Clause
// The tools above the picture, in one row: which view, which saved topology, search, and what else there is. What there is
// no room for is behind "more".

import { ActionIcon, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconApps, IconArrowBackUp, IconArrowForwardUp, IconDots, IconHistory, IconKeyboard, IconListTree, IconMap2, IconPlugConnected, IconSitemap, IconStack2, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { useNarrow } from '../../parts/media';
import { MenuChoice } from '../../parts/MenuChoice';
import { texts } from '../../texts';
import type { ViewKind } from '../../topology/model';
import { viewKinds } from '../../topology/session/address';
import css from './Bar.module.css';
import type { Desk } from './desk';
import { Find } from './Find';
import { SavedMenu } from './SavedMenu';
import { StateNote } from './StateNote';
import { TakeAway } from './TakeAway';

const words = texts.topology;

const viewIcons: Record<ViewKind, Icon> = { logical: IconSitemap, physical: IconPlugConnected, applications: IconApps, workloads: IconStack2 };

export function Bar({ desk }: { desk: Desk }) {
  const narrow = useNarrow();
  return (
    <div className={css.bar} role="toolbar" aria-label={words.toolbar}>
      {narrow ? <ViewMenu desk={desk} /> : <ViewSwitch desk={desk} />}
      <SavedMenu desk={desk} />
      <StateNote desk={desk} />
      <span className={css.space} />
      <Find desk={desk} />
      {narrow ? <More desk={desk} /> : <Tools desk={desk} />}
    </div>
  );
}

function ViewSwitch({ desk }: { desk: Desk }) {
  const { options, setView } = desk.session;
  return (
    <SegmentedControl
      size="sm"
      radius="md"
      aria-label={words.viewTitle}
      classNames={{ root: css.views!, label: css.view! }}
      transitionDuration={0}
      withItemsBorders={false}
      value={options.view}
      onChange={view => setView(view as ViewKind)}
      data={viewKinds.map(view => {
        const Sign = viewIcons[view];
        return {
          value: view,
          label: (
            <span className={css.viewLabel} title={words.viewHint[view]}>
              <Sign size={16} stroke={1.7} aria-hidden />
              <span>{words.view[view]}</span>
            </span>
          ),
        };
      })}
    />
  );
}

function ViewMenu({ desk }: { desk: Desk }) {
  const { options, setView } = desk.session;
  const Sign = viewIcons[options.view];
  return (
    <Menu position="bottom-start" shadow="md" width={240}>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={`${words.viewTitle}: ${words.view[options.view]}`}>
          <Sign size={18} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.viewTitle}</Menu.Label>
        {viewKinds.map(view => {
          const Own = viewIcons[view];
          return (
            <MenuChoice key={view} one on={view === options.view} toggle={() => setView(view)} left={<Own size={16} stroke={1.7} aria-hidden />}>
              {words.view[view]}
            </MenuChoice>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

interface Tool {
  name: string;
  icon: ReactNode;
  act: () => void;
  on?: boolean; // pressed, of what stays so
  off?: boolean; // can't be done now
  keys?: string;
}

function toolsOf(desk: Desk): { undo: Tool[]; panels: Tool[] } {
  const { session } = desk;
  const { editor, readOnly, address } = session;
  const icon = (Sign: Icon) => <Sign size={18} stroke={1.7} aria-hidden />;
  return {
    undo: [
      { name: words.tools.undo, icon: icon(IconArrowBackUp), act: () => editor?.undo(), off: Boolean(readOnly) || !editor?.canUndo(), keys: 'Control+Z' },
      { name: words.tools.redo, icon: icon(IconArrowForwardUp), act: () => editor?.redo(), off: Boolean(readOnly) || !editor?.canRedo(), keys: 'Control+Shift+Z' },
    ],
    panels: [
      { name: words.tools.time, icon: icon(IconHistory), act: desk.toggleTime, on: desk.timeOpen, keys: 'T' },
      { name: words.tools.options, icon: icon(IconAdjustmentsHorizontal), act: () => desk.panel('options'), on: address.panel === 'options', keys: 'O' },
      { name: words.tools.legend, icon: icon(IconMap2), act: () => desk.panel('legend'), on: address.panel === 'legend', keys: 'L' },
      { name: words.tools.outline, icon: icon(IconListTree), act: () => desk.panel('outline'), on: address.panel === 'outline', keys: 'U' },
    ],
  };
}

function Tools({ desk }: { desk: Desk }) {
  const { undo, panels } = toolsOf(desk);
  const button = (tool: Tool) => (
    <Tooltip key={tool.name} label={tool.name} openDelay={400}>
      <ActionIcon className={css.tool} variant="subtle" color="gray" size={34} aria-label={tool.name} aria-keyshortcuts={tool.keys} data-disabled={tool.off || undefined} aria-disabled={tool.off || undefined} {...(tool.on === undefined ? {} : { 'aria-pressed': tool.on })} onClick={() => tool.off || tool.act()}>
        {tool.icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <span className={css.group}>{undo.map(button)}</span>
      <span className={css.group}>{panels.map(button)}</span>
      <span className={css.group}>
        <TakeAway desk={desk} />
        {button({ name: words.tools.keys, icon: <IconKeyboard size={18} stroke={1.7} aria-hidden />, act: desk.help, keys: '?' })}
      </span>
    </>
  );
}

function More({ desk }: { desk: Desk }) {
  const { undo, panels } = toolsOf(desk);
  return (
    <>
      <TakeAway desk={desk} />
      <Menu position="bottom-end" shadow="md" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={words.more}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {undo.map(tool => (
            <Menu.Item key={tool.name} leftSection={tool.icon} disabled={tool.off ?? false} onClick={tool.act}>
              {tool.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {panels.map(tool => (
            <MenuChoice key={tool.name} on={tool.on ?? false} toggle={tool.act} left={tool.icon}>
              {tool.name}
            </MenuChoice>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
