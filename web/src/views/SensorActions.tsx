// SPDX-License-Identifier: BSD-2-Clause
// What a sensor can be asked for, and what can be done with it.

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconRadar2, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';

import { discovery, sensors, type Discovery } from '../api';
import { errorText } from '../errors';
import { useRows } from '../live';
import { useRights } from '../me';
import { confirm, say } from '../parts/overlay';
import { changed } from '../remote';
import { readDiscoveries } from '../sensor';
import type { Sensor } from '../state/entities';
import { texts } from '../texts';
import css from './Sensors.module.css';

const words = texts.sensors;
const thing = texts.things.sensors;
const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

// The self-report that this sensor has already, else a new one, and then a run of it.
function useReport(sensor: Sensor): () => Promise<void> {
  const known = useRows<Discovery>('discovery');
  return async () => {
    const one = known.find(each => each.sensor_id === sensor.id && each.discovery_type.type === 'SelfReport');
    const made = one ?? (await discovery.create({ sensor_id: sensor.id, name: texts.discovery.sensor.name(sensor.name), discovery_type: { type: 'SelfReport' }, run_type: { type: 'AdHoc' } }));
    await discovery.start(made.id);
    say(texts.discovery.sessions.started(made.name));
  };
}

export function SensorActions({ sensor, edit }: { sensor: Sensor; edit: () => void }) {
  const rights = useRights();
  const [busy, setBusy] = useState<string | null>(null);
  const [answer, setAnswer] = useState<string | null>(null);
  const report = useReport(sensor);
  if (!rights.edit) return null;
  const run = (name: string, work: () => Promise<unknown>) => {
    setBusy(name);
    void work().finally(() => setBusy(null));
  };
  const refresh = () =>
    sensors.refresh(sensor.id).then(
      () => setAnswer(words.refreshed),
      (error: unknown) => setAnswer(words.refreshFailed(errorText(error))),
    );
  const remove = async () => {
    if (!(await confirm({ title: thing.removeTitle(sensor.name), text: thing.removeText, act: texts.delete, danger: true }))) return;
    await sensors.remove([sensor.id]).then(() => {
      changed('sensor-keys');
      say(thing.removed(sensor.name));
    }, refused);
  };
  const can = readDiscoveries(sensor.capabilities).includes('SelfReport');
  return (
    <div className={css.refresh}>
      <div className={css.actions}>
        <Button variant="default" size="sm" leftSection={<IconRadar2 size={16} aria-hidden />} loading={busy === 'report'} disabled={!sensor.connected || !can} onClick={() => run('report', () => report().catch(refused))} title={can ? texts.discovery.sensor.reportHint : texts.discovery.sensor.nothing}>
          {texts.discovery.sensor.report}
        </Button>
        {rights.manage && (
          <Button variant="default" size="sm" leftSection={<IconRefresh size={16} aria-hidden />} loading={busy === 'refresh'} disabled={!sensor.connected} onClick={() => run('refresh', refresh)} title={words.refreshHint}>
            {words.refresh}
          </Button>
        )}
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={words.actions(sensor.name)}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>
              {texts.edit}
            </Menu.Item>
            {rights.manage && (
              <Menu.Item color="coral" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
                {texts.delete}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      <p role="status">{answer}</p>
    </div>
  );
}
