// SPDX-License-Identifier: BSD-2-Clause
// The steps themselves. Each may say what is to be done before one goes on from it; nothing is done without being asked for.

import { Button, Radio, TextInput } from '@mantine/core';
import { IconCheck, IconEar, IconPlus } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode, type RefObject } from 'react';

import { discovery, networks as networksApi, type Discovery } from '../../api';
import { errorText } from '../../errors';
import { useCount, useNetworkId, useRows, useViews } from '../../live';
import { useRights } from '../../me';
import { useNetworks } from '../../networks';
import { Ago } from '../../parts/Ago';
import { say } from '../../parts/overlay';
import { changed } from '../../remote';
import { readDiscoveries } from '../../sensor';
import type { Sensor } from '../../state/entities';
import { texts } from '../../texts';
import { AddSensor } from '../AddSensor';
import { HostIcon } from '../HostIcon';
import css from './Welcome.module.css';

const words = texts.tour;
const LATEST = 5;

export type Leave = () => Promise<boolean>; // false: one stays

interface Props {
  leave: RefObject<Leave | null>;
  next: () => Promise<void>;
}

// What this step does when one goes on.
function useLeave(leave: RefObject<Leave | null>, run: Leave) {
  useEffect(() => {
    leave.current = run;
    return () => {
      leave.current = null;
    };
  });
}

const Text = ({ children }: { children: ReactNode }) => <p className={css.text}>{children}</p>;

export function WelcomeStep() {
  return (
    <>
      <Text>{words.welcome.text}</Text>
      <ul className={css.points}>
        {words.welcome.points.map(point => (
          <li key={point}>
            <IconCheck size={16} aria-hidden /> {point}
          </li>
        ))}
      </ul>
    </>
  );
}

export function NetworkStep({ leave, next }: Props) {
  const rights = useRights();
  const id = useNetworkId();
  const network = useNetworks().find(each => each.id === id);
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const name = typed ?? network?.name ?? '';
  useLeave(leave, async () => {
    if (!network || !rights.manage || !name.trim() || name.trim() === network.name) return true;
    try {
      await networksApi.update(network.id, { name: name.trim() }, network.revision);
      changed('networks');
      return true;
    } catch (error) {
      setProblem(words.network.failed(errorText(error)));
      return false;
    }
  });
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        void next();
      }}
    >
      <Text>{words.network.text}</Text>
      <TextInput label={words.network.name} size="md" maxLength={100} value={name} disabled={!rights.manage} error={problem} {...(rights.manage ? {} : { description: words.network.viewer })} onChange={event => setTyped(event.currentTarget.value)} />
    </form>
  );
}

export function SensorStep() {
  const rights = useRights();
  const sensors = useRows<Sensor>('sensor');
  const [adding, setAdding] = useState(false);
  const used = sensors.filter(sensor => sensor.last_seen !== null);
  return (
    <>
      <Text>{words.sensor.text}</Text>
      <div role="status" className={css.status}>
        {used.length === 0 && (
          <p className={css.sensor}>
            <span className={css.waiting} aria-hidden="true" /> {words.sensor.waiting}
          </p>
        )}
        {used.map(sensor => (
          <p key={sensor.id} className={css.sensor} data-live={sensor.connected || undefined}>
            <span className={css.waiting} aria-hidden="true" /> {sensor.connected ? words.sensor.there(sensor.name) : words.sensor.away(sensor.name)}
          </p>
        ))}
      </div>
      {rights.manage ? (
        <p className={css.line}>
          <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {words.sensor.add}
          </Button>
          {used.length === 0 && <span className="dim">{words.sensor.later}</span>}
        </p>
      ) : (
        <p className="dim">{words.sensor.viewer}</p>
      )}
      {adding && <AddSensor close={() => setAdding(false)} />}
    </>
  );
}

export function ListeningStep() {
  const views = useViews('host', 'interface');
  const hosts = views.allHosts();
  const services = useCount('service');
  const flows = useCount('flow');
  const latest = [...hosts].sort((a, b) => b.host.first_seen - a.host.first_seen).slice(0, LATEST);
  return (
    <>
      <Text>{words.listening.text}</Text>
      <p className={css.figures} role="status">
        <strong>{words.listening.hosts(hosts.length)}</strong>
        <span>{words.listening.services(services)}</span>
        <span>{words.listening.flows(flows)}</span>
      </p>
      {latest.length === 0 ? (
        <p className={css.sensor}>
          <IconEar size={18} aria-hidden /> {words.listening.none}
        </p>
      ) : (
        <ul className={css.latest} aria-label={words.listening.latest}>
          {latest.map(view => (
            <li key={view.id}>
              <HostIcon view={view} />
              <span className="cut">{view.title || texts.hosts.unnamed}</span>
              <span className="dim cut">{view.vendor}</span>
              <span className="dim">
                <Ago at={view.host.first_seen} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function DiscoveryStep({ leave }: Props) {
  const rights = useRights();
  const sensors = useRows<Sensor>('sensor');
  const known = useRows<Discovery>('discovery');
  const [answer, setAnswer] = useState('no');
  const [problem, setProblem] = useState<string | null>(null);
  const sensor = sensors.find(each => each.connected && readDiscoveries(each.capabilities).includes('SelfReport'));
  useLeave(leave, async () => {
    if (answer === 'no' || !sensor) return true;
    try {
      const one = known.find(each => each.sensor_id === sensor.id && each.discovery_type.type === 'SelfReport');
      const made = one ?? (await discovery.create({ sensor_id: sensor.id, name: texts.discovery.sensor.name(sensor.name), discovery_type: { type: 'SelfReport' }, run_type: { type: 'AdHoc' } }));
      await discovery.start(made.id);
      say(texts.discovery.sessions.started(made.name));
      return true;
    } catch (error) {
      setProblem(words.discovery.failed(errorText(error)));
      return false;
    }
  });
  const may = rights.edit && Boolean(sensor);
  return (
    <>
      <Text>{words.discovery.text}</Text>
      <Radio.Group aria-label={words.discovery.title} value={answer} onChange={setAnswer} error={problem}>
        <div className={css.choices}>
          <Radio value="no" label={words.discovery.no} description={words.discovery.noHint} />
          <Radio value="yes" label={words.discovery.yes} disabled={!may} {...(may ? {} : { description: rights.edit ? words.discovery.noSensor : words.discovery.viewer })} />
        </div>
      </Radio.Group>
    </>
  );
}
