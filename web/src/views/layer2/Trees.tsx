// SPDX-License-Identifier: BSD-2-Clause
// The spanning trees: who is the root, through which bridge's port the way leads there, what has changed, and what is not well.

import { IconAlertTriangle, IconBinaryTree2, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Chip, Mac, Vlan } from '../../parts/Chips';
import { Empty, Lead } from '../../parts/Empty';
import { Flash } from '../../parts/Flash';
import { Grid, Section } from '../../parts/Section';
import type { BridgeId, Tree, TreeBridge } from '../../layer2/trees';
import { texts } from '../../texts';
import { End } from '../Flows';
import hostCss from '../Host.module.css';
import { hostOfMac, type Layer2Data } from './data';
import css from './Layer2.module.css';

const words = texts.layer2.trees;

// MSTP counts instances where Cisco's trees have VLANs.
const titleOf = (tree: Tree) => (tree.vlan === 0 ? words.one : tree.versions.length > 0 && tree.versions.every(version => version === 'MSTP') ? words.instance(tree.vlan) : words.vlan(tree.vlan));

export function Trees({ data }: { data: Layer2Data }) {
  if (!data.trees.length) {
    return (
      <div className={css.empty}>
        <Empty icon={<IconBinaryTree2 aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/sensors">{texts.hosts.seeSensors}</Lead>
        </Empty>
      </div>
    );
  }
  return (
    <div className={css.parts}>
      {data.trees.map(tree => (
        <TreeCard key={tree.key} tree={tree} data={data} />
      ))}
    </div>
  );
}

const nameOf = (data: Layer2Data, bridge: BridgeId, hostId: string | null) => hostOfMac(data.views, bridge.mac, hostId)?.title ?? bridge.mac;

function Named({ data, bridge, hostId }: { data: Layer2Data; bridge: BridgeId; hostId: string | null }) {
  const host = hostOfMac(data.views, bridge.mac, hostId);
  return (
    <span>
      {host ? <End id={host.id} title={host.title} ip="" /> : <Mac mac={bridge.mac} />}
      <span className={css.id}>{[bridge.priority >= 0 ? words.priority(bridge.priority) : '', host ? bridge.mac : ''].filter(Boolean).join(' · ')}</span>
    </span>
  );
}

function TreeCard({ tree, data }: { tree: Tree; data: Layer2Data }) {
  const [root] = tree.roots;
  const aside = [tree.versions.length ? words.version(tree.versions.join(', ')) : '', ...tree.regions.map(words.region)].filter(Boolean).join(' · ');
  return (
    <Section wide title={titleOf(tree)} {...(aside ? { hint: aside } : {})}>
      <div className={css.treeTop}>
        {root && (
          <div>
            <h3 className={css.label}>{words.root}</h3>
            <Flash value={root.bridge.text}>
              <Named data={data} bridge={root.bridge} hostId={root.hostId} />
            </Flash>
          </div>
        )}
        <div>
          <h3 className={css.label}>{words.change}</h3>
          {tree.change ? (
            <span>
              <Ago at={tree.change.lastSeen} /> <span className={hostCss.where}>{words.changeText(tree.change.count)}</span>
            </span>
          ) : (
            <span className="dim">{words.noChange}</span>
          )}
        </div>
        <ul className={css.ways}>
          {tree.bridges.map(bridge => (
            <Way key={bridge.bridge.text} bridge={bridge} data={data} />
          ))}
        </ul>
      </div>
      {tree.divided && <Note tone="warn" title={words.divided}>{words.dividedMeans(tree.roots.map(each => nameOf(data, each.bridge, each.hostId)).join(', '))} <a className="link" {...linkTo('/conflicts?what=root')}>{words.conflicts}</a></Note>}
      {tree.byChance && <Note tone="plain" title={words.chance}>{words.chanceMeans}</Note>}
      <Grid
        label={titleOf(tree)}
        head={[words.bridge, words.cost, words.port, words.portMac, words.heard, words.sensor, words.since, words.last]}
        rows={tree.bridges.flatMap(bridge =>
          bridge.ports.map(port => ({
            id: port.id,
            cells: [
              <span key="bridge" className={css.chips}>
                <Named data={data} bridge={bridge.bridge} hostId={bridge.hostId} />
                {bridge.isRoot && <Chip tone="accent">{words.isRoot}</Chip>}
              </span>,
              <Flash key="cost" value={port.cost ?? ''} className="figures">{port.cost ?? '–'}</Flash>,
              <span key="port" className="mono">{port.port}</span>,
              port.mac ? <Mac key="mac" mac={port.mac} /> : null,
              port.vlan ? <Vlan key="vlan" vlan={port.vlan} /> : <span key="vlan" className="dim">{words.untagged}</span>,
              (port.sensorId && data.views.tables.sensor.get(port.sensorId)?.name) || null,
              <Ago key="since" at={port.firstSeen} />,
              <Ago key="last" at={port.lastSeen} />,
            ],
          })),
        )}
      />
    </Section>
  );
}

// Where the sensor hears a bridge speak, that bridge's port is the way to the root for all on that segment.
function Way({ bridge, data }: { bridge: TreeBridge; data: Layer2Data }) {
  const ports = bridge.ports.map(port => port.port);
  const shown = [...new Set(ports)].join(', ');
  return <li>{bridge.isRoot ? words.rootIs(nameOf(data, bridge.bridge, bridge.hostId)) + '. ' + words.here(shown) : words.way(nameOf(data, bridge.bridge, bridge.hostId), shown, bridge.cost ?? 0)}</li>;
}

export function Note({ tone, title, children }: { tone: 'warn' | 'plain'; title: string; children: ReactNode }) {
  const Sign = tone === 'warn' ? IconAlertTriangle : IconInfoCircle;
  return (
    <div className={css.note} data-tone={tone} role="note">
      <Sign size={17} aria-hidden />
      <p>
        <strong>{title}.</strong> {children}
      </p>
    </div>
  );
}
