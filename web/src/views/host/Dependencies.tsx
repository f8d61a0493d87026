// SPDX-License-Identifier: BSD-2-Clause
// What a host uses, who uses it, what runs it and what it is linked with; of each, how that is known.

import type { ReactNode } from 'react';

import { dependencies, type Dependency, type EdgeTruth, type Relation } from '../../api';
import { countText } from '../../format';
import { Ago } from '../../parts/Ago';
import { Chip, Traffic } from '../../parts/Chips';
import { Grid, None, Section } from '../../parts/Section';
import { useRemote } from '../../remote';
import { describeService } from '../../services/catalogue';
import type { HostView, Views } from '../../state/selectors';
import { sourceText, texts } from '../../texts';
import { End } from '../Flows';
import css from '../Host.module.css';

const words = texts.dependencies;
const MOST = 1000; // that the API gives of each

interface Props {
  view: HostView;
  views: Views;
}

const Truth = ({ truth }: { truth: EdgeTruth }) => (
  <Chip tone={truth === 'inferred' ? 'plain' : 'accent'} title={words.truthHint[truth]}>
    {words.truth[truth] ?? truth}
  </Chip>
);

export function Dependencies({ view, views }: Props) {
  // Read again when the host talks with another, not with each packet.
  const { value } = useRemote(`dependencies ${view.id} ${views.tables.flowsByHost.get(view.id).size}`, () => dependencies.ofHost(view.id));
  if (!value) return null;
  return (
    <div className={css.column}>
      <Edges title={words.uses} hint={words.usesHint} none={words.usesNothing} edges={value.uses} views={views} serving={false} />
      <Edges title={words.usedBy} hint={words.usedByHint} none={words.usedByNobody} edges={value.used_by} views={views} serving />
      {value.relations.length > 0 && <Relations relations={value.relations} views={views} />}
    </div>
  );
}

// The service as it is known here, else its port.
function ServiceName({ edge, views }: { edge: Dependency; views: Views }) {
  const service = edge.service_id === null ? undefined : views.tables.service.get(edge.service_id);
  const port = `${edge.port}/${edge.proto}`;
  const title = service ? describeService(service).title : '';
  return (
    <span>
      <span className="mono">{port}</span>
      {title && title !== port && <span className={css.where}>{title}</span>}
    </span>
  );
}

interface EdgesProps {
  title: string;
  hint: string;
  none: string;
  edges: readonly Dependency[];
  views: Views;
  serving: boolean;
}

function Edges({ title, hint, none, edges, views, serving }: EdgesProps) {
  const end = (edge: Dependency): ReactNode => {
    const [id, ip, name] = serving ? [edge.client_host_id, edge.client, edge.client_name] : [edge.server_host_id, edge.server, edge.server_name];
    const known = id === null ? undefined : views.host(id);
    return <End key="end" stack id={known ? id : null} title={known?.title || name || ip} ip={ip} />;
  };
  return (
    <Section wide title={title} hint={hint}>
      {edges.length === 0 ? (
        <None>{none}</None>
      ) : (
        <>
          <Grid
            label={title}
            head={[serving ? words.client : words.server, words.service, words.how, words.connections, words.volume, words.since, words.last]}
            rows={edges.map(edge => ({
              id: edge.id,
              cells: [
                end(edge),
                <ServiceName key="service" edge={edge} views={views} />,
                <Truth key="truth" truth={edge.truth} />,
                <span key="connections" className="figures">{countText(edge.connections)}</span>,
                <Traffic key="bytes" sent={edge.bytes} received={edge.bytes_back} />,
                <Ago key="first" at={edge.first_seen} />,
                <Ago key="last" at={edge.last_seen} />,
              ],
            }))}
          />
          {edges.length >= MOST && <None>{words.all(MOST)}</None>}
        </>
      )}
    </Section>
  );
}

function Relations({ relations, views }: { relations: readonly Relation[]; views: Views }) {
  return (
    <Section wide title={words.relations} hint={words.relationsHint}>
      <Grid
        label={words.relations}
        head={[words.what, words.server, words.detail, words.how, words.last]}
        rows={relations.map((relation, i) => {
          const known = relation.host_id === null ? undefined : views.host(relation.host_id);
          return {
            id: `${i}`,
            cells: [
              words.kind[relation.kind] ?? relation.kind,
              relation.kind === 'contains' ? null : <End key="host" id={known ? relation.host_id : null} title={known?.title || relation.name || texts.hosts.unnamed} ip="" />,
              relation.detail,
              <span key="how">
                <Truth truth={relation.truth} />
                {relation.source && <span className={css.where}>{sourceText(relation.source)}</span>}
              </span>,
              <Ago key="last" at={relation.last_seen} />,
            ],
          };
        })}
      />
    </Section>
  );
}
