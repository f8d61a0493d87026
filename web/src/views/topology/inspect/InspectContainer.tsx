// SPDX-License-Identifier: BSD-2-Clause
// A place in the picture: a subnet with its range and how full it is, or what else holds things together.

import { Button, UnstyledButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';

import { countText } from '../../../format';
import { linkTo } from '../../../navigate';
import { Ago } from '../../../parts/Ago';
import { Chip } from '../../../parts/Chips';
import { TagChips } from '../../../parts/Tags';
import { hostPath } from '../../../route';
import { categories } from '../../../services/catalogue';
import { texts } from '../../../texts';
import type { GraphContainer } from '../../../topology/model';
import { endOf, usedOf } from '../../../topology/session/about';
import { vlanText } from '../../../state/address';
import { Sign } from '../Sign';
import css from './inspect.module.css';
import type { Inspected } from './Inspector';
import { Fact, Facts, FlyButton, Head, Part } from './parts';

const words = texts.topology.inspect;
const THINGS_MAX = 12;
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

export function InspectContainer({ desk, graph, views, container }: Inspected & { container: GraphContainer }) {
  const [all, setAll] = useState(false);
  const subnet = views.tables.subnet.get(container.id.slice(container.id.lastIndexOf('/') + 1));
  const things = endOf(graph, container.id)?.nodes ?? [];
  const { summary } = container;
  const faces = things.flatMap(node => node.rowIds.flatMap(id => views.tables.interface.get(id) ?? []));
  const used = subnet ? usedOf(subnet.cidr, faces.flatMap(face => face.ip ?? [])) : null;
  const vlans = [...new Set(faces.filter(face => face.via === null).map(face => vlanText(face.vlan)).filter(Boolean))].sort();
  const shown = all ? things : things.slice(0, THINGS_MAX);
  const past = desk.session.readOnly === 'past';
  return (
    <>
      <Head icon={container.icon} title={container.title} about={texts.topology.legend.container[container.kind]} change={container.change}>
        {subnet && <Chip tone="accent">{texts.things.subnets.type[subnet.subnet_type] ?? subnet.subnet_type}</Chip>}
        {subnet && <TagChips of={subnet.tags} />}
      </Head>
      <div className={css.buttons}>
        {subnet && !past && (
          <Button size="compact-sm" component="a" {...linkTo(`/subnets?edit=${encodeURIComponent(subnet.id)}`)} leftSection={<IconExternalLink size={14} aria-hidden />}>
            {words.open}
          </Button>
        )}
        {container.hostId && !past && (
          <Button size="compact-sm" component="a" {...linkTo(hostPath(container.hostId))} leftSection={<IconExternalLink size={14} aria-hidden />}>
            {words.open}
          </Button>
        )}
        <FlyButton desk={desk} id={container.id} />
      </div>
      <Facts>
        {subnet && (
          <Fact name={words.range} mono>
            {subnet.cidr}
          </Fact>
        )}
        {!subnet && container.subtitle && <Fact name={words.range}>{container.subtitle}</Fact>}
        {vlans.length > 0 && <Fact name={words.vlans}>{vlans.join(', ')}</Fact>}
        <Fact name={words.hosts}>
          {countText(summary.hosts)}
          {summary.quiet > 0 && <span className="dim">{`, ${countText(summary.quiet)} ${words.quiet}`}</span>}
        </Fact>
        <Fact name={words.services}>{countText(summary.services)}</Fact>
        {used && used.size > 0 && (
          <Fact name={words.used}>
            {words.usedText(used.used, countText(used.size), percent.format(used.used / used.size))}
            <span className={css.meter} aria-hidden="true">
              <span style={{ width: `${Math.min(100, Math.max(1, (used.used / used.size) * 100))}%` }} />
            </span>
          </Fact>
        )}
        {container.firstSeen > 0 && (
          <Fact name={words.first}>
            <Ago at={container.firstSeen} />
          </Fact>
        )}
      </Facts>
      {subnet?.description && <p className={css.description}>{subnet.description}</p>}
      {summary.categories.length > 0 && (
        <Part title={words.categories}>
          <div className={css.chips}>
            {summary.categories.map(each => (
              <span key={each.category} className={css.category}>
                <Sign name={categories.get(each.category)?.icon ?? 'point'} size={14} />
                {categories.get(each.category)?.title ?? each.category} <span className="dim figures">{countText(each.count)}</span>
              </span>
            ))}
          </div>
        </Part>
      )}
      {things.length > 0 && (
        <Part title={words.things}>
          <ul className={css.list}>
            {shown.map(node => (
              <li key={node.id}>
                <UnstyledButton className={css.thing} onClick={() => desk.show(node.id)}>
                  <Sign name={node.icon} size={16} />
                  <span className={css.lineTitle}>{node.title}</span>
                  <span className="dim figures">{node.subtitle}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
          {shown.length < things.length && (
            <UnstyledButton className="link" onClick={() => setAll(true)}>
              {words.moreFlows(things.length - shown.length)}
            </UnstyledButton>
          )}
        </Part>
      )}
    </>
  );
}
