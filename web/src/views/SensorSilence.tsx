// SPDX-License-Identifier: BSD-2-Clause
// Whether a sensor can send at all, and what its port has sent: the proof of a silence is the interface's own counter.

import { IconAlertTriangle, IconInfoCircle, IconVolumeOff } from '@tabler/icons-react';

import { countText } from '../format';
import { Chip } from '../parts/Chips';
import { Flash } from '../parts/Flash';
import { readSilence } from '../sensor';
import type { Sensor } from '../state/entities';
import { texts } from '../texts';
import css from './Sensors.module.css';

const words = texts.sensors.silence;

export function SilenceNote({ sensor }: { sensor: Sensor }) {
  const silence = readSilence(sensor.capabilities, sensor.counters);
  if (!silence) return null;
  const { kind, sent, sentBefore, heldBack } = silence;
  // The whole port is silent, and something left it all the same.
  const broken = kind === 'port' && sent !== null && sent > 0;
  const Sign = broken ? IconAlertTriangle : kind === 'no' ? IconInfoCircle : IconVolumeOff;
  return (
    <div role="group" className={css.silence} data-kind={broken ? 'broken' : kind} aria-label={words.title}>
      <h3 className={css.heading}>
        <Sign size={16} aria-hidden /> {words.title} <Chip tone={broken ? 'bad' : kind === 'no' ? 'plain' : 'live'}>{broken ? words.broken : words.kind[kind]}</Chip>
      </h3>
      <p>{broken ? words.brokenMeans : words.means[kind]}</p>
      <dl className={css.figures}>
        {sent !== null && <Figure title={words.sent} value={sent} />}
        {heldBack !== null && <Figure title={words.heldBack} value={heldBack} />}
        {sentBefore !== null && <Figure title={words.total} value={sentBefore} />}
      </dl>
      <p className={css.hint}>{words.hint}</p>
    </div>
  );
}

const Figure = ({ title, value }: { title: string; value: number }) => (
  <div>
    <dt>{title}</dt>
    <dd>
      <Flash value={value}>{countText(value)}</Flash>
    </dd>
  </div>
);
