// SPDX-License-Identifier: BSD-2-Clause
// A host, or a part of one: what it is, what runs on it, whom it talks with, and what one can do with it from here.

import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';

import { linkTo } from '../../../navigate';
import { Ago } from '../../../parts/Ago';
import { Chip } from '../../../parts/Chips';
import { TagChips } from '../../../parts/Tags';
import { hostPath } from '../../../route';
import { describeHost } from '../../../services/catalogue';
import type { HostView } from '../../../state/selectors';
import { sourceText, texts } from '../../../texts';
import type { GraphNode } from '../../../topology/model';
import { groupsOf, neighboursOf } from '../../../topology/session/about';
import { keyIn } from '../../../topology/session/saved';
import { HostTools } from './HostTools';
import css from './inspect.module.css';
import type { Inspected } from './Inspector';
import { Fact, Facts, FlyButton, Head, Part, Share, TruthChip } from './parts';
import { Sign } from '../Sign';
import { Why } from './Why';

const words = texts.topology.inspect;
const NEIGHBOURS_MAX = 6;

export function InspectNode({ desk, graph, views, node, line }: Inspected & { node: GraphNode; line: string | null }) {
  const view = node.hostId ? views.host(node.hostId) : undefined;
  const where = node.container ? graph.containers.get(node.container) : undefined;
  const { session } = desk;
  const key = keyIn(session.options.view, node.id);
  return (
    <>
      <Head icon={node.icon} title={node.title} about={node.subtitle} mono={view ? !view.named : false} change={node.change}>
        {node.badge && <Chip tone="accent">{node.badge}</Chip>}
        {node.quiet && <Chip>{words.quiet}</Chip>}
        {view && <TagChips of={view.host.tags} />}
      </Head>
      <div className={css.buttons}>
        {view && session.readOnly !== 'past' && (
          <Button size="compact-sm" component="a" {...linkTo(hostPath(view.id))} leftSection={<IconExternalLink size={14} aria-hidden />}>
            {words.open}
          </Button>
        )}
        <FlyButton desk={desk} id={node.id} />
        {view && session.readOnly !== 'past' && <HostTools view={view} views={views} placed={session.readOnly === null && key in (session.saved?.nodes ?? {})} forget={() => session.editor?.do({ kind: 'place', nodes: { [key]: null }, edges: {} })} />}
      </div>
      <Lines node={node} chosen={line} />
      <Facts>
        {view && <Addresses view={view} />}
        {where && <Fact name={words.where}>{whereLink(desk, where)}</Fact>}
        <Fact name={words.known}>
          <TruthChip truth={node.truth} />
        </Fact>
        <Fact name={words.first}>
          <Ago at={node.firstSeen} />
        </Fact>
        <Fact name={words.last}>
          <Ago at={node.lastSeen} />
        </Fact>
      </Facts>
      {view && <Beside desk={desk} graph={graph} views={views} view={view} />}
      {view && session.readOnly !== 'past' && <Why hostId={view.id} rows={node.rowIds} />}
    </>
  );
}

const whereLink = (desk: Inspected['desk'], where: { id: string; title: string; subtitle: string }) => (
  <button type="button" className={css.link} onClick={() => desk.show(where.id)}>
    {where.title} {where.subtitle && where.subtitle !== where.title && <span className="dim">{where.subtitle}</span>}
  </button>
);

function Addresses({ view }: { view: HostView }) {
  return (
    <>
      {view.addresses.length > 0 && (
        <Fact name={words.addresses} mono>
          {view.addresses.map(each => (
            <span key={each} className={css.block}>{each}</span>
          ))}
        </Fact>
      )}
      {view.macs.length > 0 && (
        <Fact name={words.macs} mono>
          {view.macs.map(each => (
            <span key={each} className={css.block}>{each}</span>
          ))}
        </Fact>
      )}
      {view.vendor && <Fact name={words.vendor}>{view.vendor}</Fact>}
      {view.vlans.length > 0 && <Fact name={words.vlans}>{view.vlans.join(', ')}</Fact>}
      {view.host.name_source && view.named && <Fact name={words.nameFrom}>{sourceText(view.host.name_source)}</Fact>}
    </>
  );
}

function Lines({ node, chosen }: { node: GraphNode; chosen: string | null }) {
  if (!node.lines.length) return null;
  return (
    <Part title={words.services}>
      <ul className={css.lines}>
        {node.lines.map(line => (
          <li key={line.id} data-chosen={line.id === chosen || undefined}>
            <Sign name={line.icon} size={17} />
            <span className={css.lineTitle}>{line.title}</span>
            <span className="dim figures">{line.detail}</span>
            <TruthChip truth={line.truth} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Beside({ desk, graph, views, view }: Inspected & { view: HostView }) {
  const { list, all } = neighboursOf(views, view.id, NEIGHBOURS_MAX);
  const groups = groupsOf(views.tables, view.services);
  const most = list[0]?.bytes ?? 0;
  return (
    <>
      <Part title={words.neighbours} aside={all > list.length ? <a className="link" {...linkTo(`${hostPath(view.id)}?tab=traffic`)}>{texts.topology.inspect.all}</a> : undefined}>
        {list.length ? (
          list.map(each => (
            <Share
              key={each.id}
              icon={each.view ? describeHost(each.view).icon : 'world'}
              title={each.title}
              bytes={each.bytes}
              most={most}
              open={() => {
                desk.show(each.id);
              }}
            />
          ))
        ) : (
          <p className={css.hint}>{words.neighboursNone}</p>
        )}
      </Part>
      {groups.length > 0 && (
        <Part title={words.groups}>
          <ul className={css.list}>
            {groups.map(group => (
              <li key={group.id}>
                <button type="button" className={css.link} onClick={() => desk.show([...graph.edges.values()].find(edge => edge.groupId === group.id)?.id ?? group.id)}>
                  {group.name}
                </button>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}
