// SPDX-License-Identifier: BSD-2-Clause
// Who is signed in, the appearance, and the way out.

import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconCode, IconFlag, IconLogout, IconMoon, IconSun, IconSunMoon, IconUserCircle, IconUserCog, type Icon } from '@tabler/icons-react';

import { useIdentity } from '../me';
import { linkTo } from '../navigate';
import css from '../Shell.module.css';
import { texts } from '../texts';
import { MenuChoice } from './MenuChoice';

const words = texts.nav;

export function AccountMenu() {
  const { me, signOut } = useIdentity();
  // Colours change at once: switching transitions off for that moment would put a <style> into the page.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = (value: 'light' | 'dark' | 'auto', title: string, Sign: Icon) => (
    <MenuChoice one on={colorScheme === value} toggle={() => setColorScheme(value)} left={<Sign size={16} aria-hidden />} right={colorScheme === value && <IconCheck size={14} aria-hidden />}>
      {title}
    </MenuChoice>
  );
  return (
    <Menu position="top-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon variant="transparent" className={css.account} size={36} aria-label={words.account}>
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.email}</Menu.Label>
        <Menu.Item component="a" {...linkTo('/account')} leftSection={<IconUserCog size={16} aria-hidden />}>
          {words.mine}
        </Menu.Item>
        <Menu.Item component="a" {...linkTo('/api-docs')} leftSection={<IconCode size={16} aria-hidden />}>
          {words.api}
        </Menu.Item>
        <Menu.Item component="a" {...linkTo('/welcome')} leftSection={<IconFlag size={16} aria-hidden />}>
          {texts.tour.again}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{words.scheme}</Menu.Label>
        {scheme('light', words.light, IconSun)}
        {scheme('dark', words.dark, IconMoon)}
        {scheme('auto', words.auto, IconSunMoon)}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut()}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
