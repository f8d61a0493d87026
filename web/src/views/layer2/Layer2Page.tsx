// SPDX-License-Identifier: BSD-2-Clause
// What is below addresses: who is a neighbour of whom, which bridge is the root of which tree, and which VLANs there are.

import { Tabs } from '@mantine/core';
import { useMemo } from 'react';

import { errorText } from '../../errors';
import { switchesOf } from '../../topology/graph/switches';
import { vlansOf } from '../../layer2/vlans';
import { useLoaded } from '../../live';
import { setParams } from '../../navigate';
import { Loading } from '../../parts/Empty';
import { Page } from '../../parts/Page';
import { texts } from '../../texts';
import hostCss from '../Host.module.css';
import { useLayer2 } from './data';
import css from './Layer2.module.css';
import { Neighbors } from './Neighbors';
import { Trees } from './Trees';
import { Vlans } from './Vlans';

const words = texts.layer2;
const tabs = ['neighbors', 'trees', 'vlans'] as const;

export default function Layer2Page({ params }: { params: URLSearchParams }) {
  const data = useLayer2();
  const loaded = useLoaded();
  const tab = tabs.find(each => each === params.get('tab')) ?? 'neighbors';
  const { tables } = data.views;
  const said = switchesOf([...tables.neighbor.values()].filter(row => row.source !== 'stp'));
  const { interface: faces, neighbor: neighbors } = tables.versions;
  // Of ten thousand addresses not with every word about something else.
  const vlans = useMemo(() => vlansOf(tables.interface.values(), tables.neighbor.values(), data.trees, data.beside), [tables, faces, neighbors, data.trees, data.beside]);
  return (
    <Page title={words.title} note={loaded && words.note(said.switches.length + said.others.length, data.trees.length, vlans.filter(row => row.id !== '').length)}>
      {data.problem !== null && <p className={css.problem} role="alert">{words.failed(errorText(data.problem))}</p>}
      {!loaded ? (
        <Loading />
      ) : (
        <Tabs value={tab} onChange={value => setParams({ tab: value === 'neighbors' ? null : value, q: null }, 'push')} keepMounted={false} classNames={{ list: hostCss.tabs }}>
          <Tabs.List aria-label={words.tabs}>
            {tabs.map(each => (
              <Tabs.Tab key={each} value={each}>
                {words.tab[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="neighbors">
            <Neighbors data={data} said={said} search={params.get('q') ?? ''} />
          </Tabs.Panel>
          <Tabs.Panel value="trees">
            <Trees data={data} />
          </Tabs.Panel>
          <Tabs.Panel value="vlans">
            <Vlans data={data} rows={vlans} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  );
}
