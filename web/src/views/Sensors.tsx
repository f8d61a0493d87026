// SPDX-License-Identifier: BSD-2-Clause
// The sensors: what each port lets them see, and everything that they could not see.

import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconPlus, IconRouteOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { bytesText, countText, spanText } from '../format';
import { useLoaded, useViews } from '../live';
import { isLoss, lossText } from '../losses';
import { useRights } from '../me';
import { Chip } from '../parts/Chips';
import { useClock } from '../parts/clock';
import { Empty } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { NEW, useEdit } from '../parts/Manage';
import { Page } from '../parts/Page';
import { TagChips } from '../parts/Tags';
import { readCapabilities, readCounters, readDiscoveries, readLosses, readPorts, type Port } from '../sensor';
import { compareText } from '../state/address';
import type { Sensor } from '../state/entities';
import { texts } from '../texts';
import { AddSensor } from './AddSensor';
import { EditSensor } from './EditSensor';
import { SensorActions } from './SensorActions';
import { SilenceNote } from './SensorSilence';
import css from './Sensors.module.css';

const words = texts.sensors;
// Said elsewhere on the card, or of use to programs only.
const silenceCounters = new Set(['port_sent_since_start', 'port_held_back']);
const hiddenCapabilities = new Set(['advice', 'interfaced_subnet_ids', 'silent']);

export default function Sensors({ params }: { params: URLSearchParams }) {
  const { tables } = useViews('sensor');
  const rights = useRights();
  const edit = useEdit(params);
  const loaded = useLoaded();
  const sensors = [...tables.sensor.values()].sort((a, b) => compareText(a.name, b.name));
  const connected = sensors.filter(sensor => sensor.connected).length;
  const edited = edit.id === null ? undefined : tables.sensor.get(edit.id);
  return (
    <Page
      title={words.title}
      note={loaded && sensors.length > 0 && words.note(connected, sensors.length)}
      tools={
        rights.manage && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit.open(NEW)}>
            {texts.addSensor.open}
          </Button>
        )
      }
    >
      {edit.isNew && rights.manage && <AddSensor close={edit.close} />}
      {loaded && sensors.length === 0 && <Empty icon={<IconRouteOff aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.addSensor.open}</Button>}</Empty>}
      {sensors.map(sensor => (
        <SensorCard key={sensor.id} sensor={sensor} edit={() => edit.open(sensor.id)} />
      ))}
      {edited && <EditSensor key={edited.id} sensor={edited} close={edit.close} />}
    </Page>
  );
}

function SensorCard({ sensor, edit }: { sensor: Sensor; edit: () => void }) {
  const counters = inOrder([...readCounters(sensor.counters)].filter(([name]) => !isLoss(name) && !silenceCounters.has(name)), words.counter);
  const capabilities = readCapabilities(sensor.capabilities);
  const advice = capabilities.find(([name]) => name === 'advice')?.[1];
  return (
    <article className={css.card} aria-label={sensor.name}>
      <header className={css.header}>
        <div>
          <h2 className={css.title}>
            {sensor.name} <Connected sensor={sensor} /> <TagChips of={sensor.tags} />
          </h2>
          <p className={css.sub}>{[sensor.hostname && sensor.hostname !== sensor.name ? sensor.hostname : null, sensor.software].filter(Boolean).join(' · ')}</p>
          {sensor.description && <p className={css.sub}>{sensor.description}</p>}
        </div>
        <SensorActions sensor={sensor} edit={edit} />
      </header>
      <div className={css.ports}>
        {readPorts(sensor.interfaces).map(port => (
          <PortCard key={port.name} port={port} />
        ))}
      </div>
      {advice && (
        <p className={css.info}>
          <IconInfoCircle size={16} aria-hidden /> {advice}
        </p>
      )}
      <SilenceNote sensor={sensor} />
      <LossList sensor={sensor} />
      <div className={css.columns}>
        <Figures title={words.seen} rows={counters.map(([name, count]) => [words.counter[name] ?? name.replaceAll('_', ' '), <Flash key={name} value={count}>{counterText(name, count)}</Flash>])} />
        <Figures title={words.capabilities} rows={inOrder(capabilities.filter(([name]) => !hiddenCapabilities.has(name)), words.capability).map(([name, value]) => [words.capability[name] ?? name.replaceAll('_', ' '), name === 'discoveries' ? readDiscoveries(sensor.capabilities).map(kind => texts.discovery.type[kind] ?? kind).join(', ') : value])} />
      </div>
    </article>
  );
}

// As the catalogue of texts lists them; what it does not know yet comes last.
function inOrder<V>(entries: [string, V][], catalogue: Record<string, string>): [string, V][] {
  const order = Object.keys(catalogue);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return entries.sort((a, b) => place(a[0]) - place(b[0]) || compareText(a[0], b[0]));
}

function counterText(name: string, value: number): string {
  if (name.endsWith('_bytes')) return bytesText(value);
  if (name === 'uptime_seconds') return spanText(value);
  if (name.endsWith('_seconds')) return `${value.toFixed(1)} s`;
  return countText(value);
}

function LossList({ sensor }: { sensor: Sensor }) {
  const { lost, none } = readLosses(sensor.losses, sensor.counters, isLoss);
  return (
    <div role="group" className={css.block} aria-label={words.losses}>
      <h3 className={css.heading}>{words.losses}</h3>
      {lost.length === 0 ? (
        <p className={css.fine}>
          <IconCheck size={16} aria-hidden /> {words.noLosses}
        </p>
      ) : (
        <>
          <p className={css.hint}>{words.lossesHint}</p>
          <ul className={css.losses}>
            {lost.map(([name, count]) => (
              <Loss key={name} name={name} count={count} />
            ))}
          </ul>
        </>
      )}
      {none.length > 0 && (
        <details className={css.more}>
          <summary>{lost.length ? words.countedOthers(none.length) : words.counted(none.length)}</summary>
          <dl>
            {none.map(name => (
              <div key={name}>
                <dt>{lossText(name).title}</dt>
                <dd>{lossText(name).means}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function Connected({ sensor }: { sensor: Sensor }) {
  const away = useClock(now => (sensor.last_seen === null ? '' : spanText(Math.max(0, now - sensor.last_seen))));
  return (
    <Flash value={String(sensor.connected)}>
      {sensor.connected ? <Chip tone="live">{words.connected}</Chip> : <Chip tone="warn">{away ? words.awayFor(away) : words.away}</Chip>}
    </Flash>
  );
}

function PortCard({ port }: { port: Port }) {
  const row = (title: string, content: ReactNode) => (
    <div>
      <dt>{title}</dt>
      <dd>{content}</dd>
    </div>
  );
  const yesNo = (value: boolean | null) => (value === null ? texts.unknown : value ? words.yes : words.no);
  return (
    <div role="group" className={css.port} aria-label={`${words.port} ${port.name}`}>
      <h3 className={css.portName}>
        <span className="mono">{port.name}</span> {port.span && <Chip tone="accent">{words.span}</Chip>}
      </h3>
      <dl>
        {row(words.mode, port.mode || texts.unknown)}
        {row(words.tags, port.tagsVisible === null ? texts.unknown : port.tagsVisible ? words.visible : <span className={css.warn}>{words.invisible}</span>)}
        {row(words.promiscuous, yesNo(port.promiscuous))}
        {row(words.mac, <span className="mono">{port.mac || '–'}</span>)}
        {row(words.addresses, <span className="mono">{port.addresses.join(', ') || '–'}</span>)}
      </dl>
      {port.tagsVisible === false && <Advice>{words.tagsMend(port.name)}</Advice>}
      {port.promiscuous === false && <Advice>{words.promiscuousMend}</Advice>}
    </div>
  );
}

const Advice = ({ children }: { children: ReactNode }) => (
  <p className={css.advice}>
    <IconAlertTriangle size={15} aria-hidden /> {children}
  </p>
);

function Loss({ name, count }: { name: string; count: number }) {
  const text = lossText(name);
  return (
    <li className={css.loss}>
      <div className={css.lossTop}>
        <strong>{text.title}</strong>
        <span className="mono dim">{name}</span>
        <Flash value={count} className={css.count}>
          {countText(count)}
        </Flash>
      </div>
      {text.means && <p>{text.means}</p>}
      {text.mend && (
        <p className="dim">
          {words.mend}: {text.mend}
        </p>
      )}
    </li>
  );
}

function Figures({ title, rows }: { title: string; rows: [string, ReactNode][] }) {
  if (!rows.length) return null;
  return (
    <div role="group" className={css.block} aria-label={title}>
      <h3 className={css.heading}>{title}</h3>
      <dl className={css.figures}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
