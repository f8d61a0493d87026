// SPDX-License-Identifier: BSD-2-Clause
// The containers that a host's engines run: what they are, whether they run, where they are reached.

import { linkTo, withThese } from '../../navigate';
import { Chip, type Tone } from '../../parts/Chips';
import { Flash } from '../../parts/Flash';
import { Grid, Section } from '../../parts/Section';
import { ShapeIcon } from '../../parts/ShapeIcon';
import { describeService, portTexts, readContainer, runs, type Container } from '../../services/catalogue';
import type { Service } from '../../state/entities';
import type { HostView, Views } from '../../state/selectors';
import { texts } from '../../texts';
import { End } from '../Flows';
import css from '../Host.module.css';
import { runsContainers } from './virtualization';

const words = texts.host;
const GLANCE = 12;

interface Row {
  container: Container;
  service: Service;
}

// Of every host: a container with an address of its own may be one by itself. The engine's own word counts more than what is noted at a port.
export function containersOf(view: HostView, services: Iterable<Service>): Row[] {
  const engines = new Set(view.services.filter(service => runsContainers(service.service_definition)).map(service => service.id));
  if (!engines.size) return [];
  const found = new Map<string, Row>();
  for (const service of services) {
    const container = service.virtualization === null ? null : readContainer(service.virtualization);
    if (!container?.engine || !engines.has(container.engine)) continue;
    if (!found.has(container.key) || service.source === 'docker') found.set(container.key, { container, service });
  }
  const rank = ({ container }: Row) => (container.state === 'gone' ? 2 : runs(container) ? 0 : 1);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || (a.container.project ?? '\uffff').localeCompare(b.container.project ?? '\uffff') || a.container.name.localeCompare(b.container.name));
}

function State({ container }: { container: Container }) {
  const { state } = container;
  const health = runs(container) ? container.health : null;
  if (state === null) return <span className="dim">–</span>;
  const tone: Tone = health === 'unhealthy' || state === 'restarting' || state === 'dead' ? 'bad' : state === 'running' ? 'live' : 'plain';
  return (
    <Flash value={`${state} ${health ?? ''}`}>
      <Chip tone={tone}>{words.states[state] ?? state}</Chip>
      {health && <span className={css.where}>{words.health[health] ?? health}</span>}
    </Flash>
  );
}

export function Containers({ view, views, whole = false }: { view: HostView; views: Views; whole?: boolean }) {
  const rows = containersOf(view, views.tables.service.values());
  if (!rows.length) return null;
  const shown = whole ? rows : rows.slice(0, GLANCE);
  const name = ({ container, service }: Row) => {
    const elsewhere = service.host_id !== view.id ? views.host(service.host_id) : undefined;
    const labels = container.labels.map(([key, value]) => `${key}=${value}`).join('\n');
    return (
      <span key="name" className={css.service} title={labels || undefined}>
        <span className={css.sign}><ShapeIcon name={describeService(service).icon} size={17} /></span>
        <span>
          <span className={css.strong}>{container.name}</span>
          {elsewhere ? <span className={css.where}><End id={elsewhere.id} title={elsewhere.title} ip="" /></span> : service.ip && <span className={`${css.where} mono`}>{service.ip}</span>}
        </span>
      </span>
    );
  };
  const lines = (all: string[]) => (all.length ? <span className="mono">{all.slice(0, 4).map(line => <span key={line} className={css.line}>{line}</span>)}{all.length > 4 && <span className="dim">{texts.table.more(all.length - 4)}</span>}</span> : null);
  return (
    <Section wide title={words.containersTitle} {...(whole ? { hint: words.containersHint } : {})}>
      <Grid
        label={words.containersTitle}
        head={[words.container, words.image, words.containerState, words.containerPorts, words.containerNetworks, words.project]}
        rows={shown.map(row => ({
          id: row.container.key,
          cells: [
            name(row),
            row.container.image && (
              <span key="image" className={css.image} title={row.container.id ?? undefined}>
                {row.container.image}
                {row.container.version && !row.container.image.includes(row.container.version) && <span className={css.where}>{row.container.version}</span>}
              </span>
            ),
            <State key="state" container={row.container} />,
            lines(portTexts(row.container)),
            row.container.networks.join(', ') || null,
            row.container.project,
          ],
        }))}
      />
      {shown.length < rows.length && (
        <p className={css.all}>
          <a className="link" {...linkTo(withThese({ tab: 'services' }))}>
            {words.allContainers(rows.length)}
          </a>
        </p>
      )}
    </Section>
  );
}
