// SPDX-License-Identifier: BSD-2-Clause
// Which network one looks at. The choice is in the address, and every link keeps it.

import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconNetwork, IconSelector } from '@tabler/icons-react';

import { useNetworkId } from '../live';
import { go, linkTo } from '../navigate';
import { useNetworks } from '../networks';
import { NETWORK, withParams } from '../route';
import css from '../Shell.module.css';
import { texts } from '../texts';
import { MenuChoice } from './MenuChoice';

export function NetworkMenu() {
  const networks = useNetworks();
  const current = useNetworkId();
  if (!networks.length) return null;
  const name = networks.find(network => network.id === current)?.name ?? '…';
  // Whose page one is on stays behind with the old network; a list is shown again with the new one's rows.
  const choose = (id: string) => go(withParams(/^\/hosts\//.test(location.pathname) ? '/hosts' : location.pathname, '', { [NETWORK]: id }));
  return (
    <Menu position="bottom-start" shadow="md" width={230}>
      <Menu.Target>
        <UnstyledButton className={css.network} aria-label={`${texts.nav.network}: ${name}`}>
          <IconNetwork size={17} stroke={1.8} aria-hidden />
          <span>{name}</span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {networks.map(network => (
          <MenuChoice key={network.id} one on={network.id === current} toggle={() => choose(network.id)} right={network.id === current && <IconCheck size={14} aria-hidden />}>
            {network.name}
          </MenuChoice>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" {...linkTo('/networks')} leftSection={<IconNetwork size={16} aria-hidden />}>
          {texts.nav.allNetworks}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
