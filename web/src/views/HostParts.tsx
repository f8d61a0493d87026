// SPDX-License-Identifier: BSD-2-Clause
// A host's interfaces, services, and what runs on it: the first of them at a glance, or all with all that is known of each.

import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { bytesText, countText } from '../format';
import { useRights } from '../me';
import { linkTo, setParams, withThese } from '../navigate';
import { Ago } from '../parts/Ago';
import { Certainty, Chip, Mac, Source, Vlan } from '../parts/Chips';
import { Flash } from '../parts/Flash';
import { Grid, None, Section } from '../parts/Section';
import { ShapeIcon } from '../parts/ShapeIcon';
import { describeService, readContainer } from '../services/catalogue';
import { vlanText } from '../state/address';
import type { Interface, Service } from '../state/entities';
import { instanceName, portText, type HostView, type Views } from '../state/selectors';
import { texts } from '../texts';
import { End } from './Flows';
import css from './Host.module.css';
import { Sure } from '../parts/Sure';
import { WhyLink } from './host/Why';
import { readVirtualization, runsOn, virtualizationText } from './host/virtualization';

const words = texts.host;
const GLANCE = 8;

interface Props {
  view: HostView;
  views: Views;
  whole?: boolean;
}

// How the part is changed, in the editor that has all of them.
function EditPart({ part, children }: { part: string; children: string }) {
  const rights = useRights();
  if (!rights.edit) return null;
  return (
    <Button size="compact-sm" variant="subtle" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => setParams({ edit: 'host', part }, 'push')}>
      {children}
    </Button>
  );
}

const Rest = ({ tab, children }: { tab: string; children: string }) => (
  <p className={css.all}>
    <a className="link" {...linkTo(withThese({ tab }))}>
      {children}
    </a>
  </p>
);

export function Faces({ view, views, whole = false }: Props) {
  const faces = [...views.tables.interfacesByHost.get(view.id)].map(id => views.tables.interface.get(id)!);
  // Those of its containers come last.
  faces.sort((a, b) => (a.container_of ? 1 : 0) - (b.container_of ? 1 : 0) || (a.ip === null ? 1 : 0) - (b.ip === null ? 1 : 0) || b.bytes + b.bytes_in - a.bytes - a.bytes_in);
  const shown = whole ? faces : faces.slice(0, GLANCE);
  const address = (face: Interface) => (
    <span key="ip">
      <Flash value={face.ip ?? ''} className="mono">{face.ip ?? <span className="dim">–</span>}</Flash>
      {face.name && <span className={css.where}>{face.name}</span>}
    </span>
  );
  const mac = (face: Interface) => (face.mac ? <Mac key="mac" mac={face.mac} /> : null);
  const vlan = (face: Interface) => (face.vlan.length ? <Vlan key="vlan" vlan={vlanText(face.vlan)} /> : null);
  const subnet = (face: Interface) => (face.subnet_id ? (views.tables.subnet.get(face.subnet_id)?.name ?? null) : null);
  return (
    <Section wide title={words.faces} {...(whole ? { hint: words.facesHint } : {})} aside={<EditPart part="interfaces">{words.editInterfaces}</EditPart>}>
      {whole ? (
        <Grid
          label={words.faces}
          head={[words.ip, words.mac, texts.fields.subnet, words.vlan, texts.hosts.vendor, words.via, words.sent, words.received, words.first, words.last]}
          rows={shown.map(face => ({
            id: face.id,
            cells: [
              address(face), mac(face), subnet(face), vlan(face),
              face.vendor ?? (face.random_mac ? texts.hosts.randomMac : null),
              face.via ? <Via key="via" mac={face.via} views={views} /> : null,
              <span key="out" className="figures">{bytesText(face.bytes)}</span>,
              <span key="in" className="figures">{bytesText(face.bytes_in)}</span>,
              <Ago key="first" at={face.first_seen} />,
              <Ago key="last" at={face.last_seen} />,
            ],
          }))}
        />
      ) : (
        <Grid label={words.faces} head={[words.ip, words.mac, words.vlan, words.via, words.last]} rows={shown.map(face => ({ id: face.id, cells: [address(face), mac(face), vlan(face), face.via ? <Via key="via" mac={face.via} views={views} /> : null, <Ago key="last" at={face.last_seen} />] }))} />
      )}
      {shown.length < faces.length && <Rest tab="interfaces">{words.allFaces(faces.length)}</Rest>}
    </Section>
  );
}

// The hop in front of a routed address, as the host that it is.
function Via({ mac, views }: { mac: string; views: Views }) {
  for (const id of views.tables.interfacesByMac.get(mac)) {
    const hop = views.host(views.tables.interface.get(id)!.host_id);
    if (hop) return <End id={hop.id} title={hop.title} ip="" />;
  }
  return <Mac mac={mac} />;
}

function Name({ service }: { service: Service }) {
  const { title, icon, how, certainty } = describeService(service);
  const instance = service.name ? instanceName(service.name) : '';
  return (
    <span className={css.service} title={how === 'port' ? texts.services.registered : (service.name ?? undefined)}>
      <span className={css.sign}><ShapeIcon name={icon} size={17} /></span>
      <span>
        <span className={how === 'port' ? css.guess : css.strong}>{title}</span>
        {instance && instance !== title && <span className={css.where}>{instance}</span>}
        {certainty && <span className={css.sure}><Sure certainty={certainty} /> <WhyLink of={service.id} what={title} /></span>}
      </span>
    </span>
  );
}

export function Services({ view, whole = false }: Omit<Props, 'views'>) {
  const shown = whole ? view.services : view.services.slice(0, GLANCE);
  const head = [texts.services.port, texts.services.service, texts.services.state, texts.services.source, texts.services.clients, ...(whole ? [words.virtual, words.first] : []), words.last];
  const runs = (service: Service): ReactNode => {
    const of = readVirtualization(service.virtualization);
    return of ? virtualizationText(of) : null;
  };
  return (
    <Section wide title={words.services} {...(whole ? { hint: words.servicesHint } : {})} aside={<EditPart part="services">{words.editServices}</EditPart>}>
      {view.services.length === 0 ? (
        <None>{words.noServices}</None>
      ) : (
        <Grid
          label={words.services}
          head={head}
          rows={shown.map(service => ({
            id: service.id,
            cells: [
              <span key="port" className="mono">
                {portText(service) || '–'}
                <span className={css.where}>{[service.ip, service.vlan.length ? `${words.vlan} ${vlanText(service.vlan)}` : ''].filter(Boolean).join(' · ')}</span>
              </span>,
              <Name key="name" service={service} />,
              <Flash key="state" value={service.state}><Chip tone={service.state === 'open' ? 'live' : 'plain'}>{texts.state[service.state] ?? service.state}</Chip></Flash>,
              <span key="source">
                <Source source={service.source} />
                <span className={css.where}>
                  <Certainty confidence={service.confidence} />
                </span>
              </span>,
              <Flash key="clients" value={service.clients} className="figures">{countText(service.clients)}</Flash>,
              ...(whole ? [runs(service), <Ago key="first" at={service.first_seen} />] : []),
              <Ago key="last" at={service.last_seen} />,
            ],
          }))}
        />
      )}
      {shown.length < view.services.length && <Rest tab="services">{words.allServices(view.services.length)}</Rest>}
    </Section>
  );
}

// What it runs on, and what runs on it. Nothing when nobody has said so.
export function Virtual({ view, views }: Props) {
  const of = readVirtualization(view.host.virtualization);
  const runner = of?.service_id ? views.tables.service.get(of.service_id) : undefined;
  const on = runner && views.host(runner.host_id);
  const own = new Set(view.services.map(service => service.id));
  const machines = own.size ? views.allHosts().filter(other => [...own].some(id => runsOn(other.host, id))) : [];
  const containers = view.services.filter(service => service.source !== 'docker' && readVirtualization(service.virtualization) && !readContainer(service.virtualization)?.id);
  if (!of && !machines.length && !containers.length) return null;
  const rows = [
    ...(of ? [{ id: 'on', cells: [words.runsOn, on ? <End key="on" id={on.id} title={on.title} ip="" /> : texts.unknown, virtualizationText(of)] }] : []),
    ...machines.map(other => ({ id: other.id, cells: [words.machines, <End key="vm" id={other.id} title={other.title} ip="" />, virtualizationText(readVirtualization(other.host.virtualization)!)] })),
    ...containers.map(service => ({ id: service.id, cells: [words.containers, describeService(service).title, virtualizationText(readVirtualization(service.virtualization)!)] })),
  ];
  return (
    <Section title={words.virtual}>
      <Grid label={words.virtual} head={['', words.position, texts.history.changes.details]} rows={rows} />
    </Section>
  );
}
