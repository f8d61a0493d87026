// SPDX-License-Identifier: BSD-2-Clause
// How far it is with concluding all hosts anew, while that goes on after a definition has changed.

import { Progress as Bar } from '@mantine/core';
import { useEffect } from 'react';

import { recognition } from '../../api';
import { countText } from '../../format';
import { useNetworkId } from '../../live';
import { changed, useRemote } from '../../remote';
import { texts } from '../../texts';
import css from './Definitions.module.css';

const words = texts.definitions;
const FEW = 20; // hosts of which something new was just seen
const AGAIN_MS = 1500;

export function ConcludingAnew() {
  const network = useNetworkId();
  const { value, reading } = useRemote(`progress ${network}`, () => recognition.progress(network));
  const due = value?.due ?? 0;
  useEffect(() => {
    if (due === 0 || reading) return;
    const timer = setTimeout(() => changed('progress'), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [due, reading, value]);
  if (!value || due <= FEW) return null;
  return (
    <div className={css.progress} role="status">
      <span>{words.progress(countText(due))}</span>
      <Bar value={value.hosts ? ((value.hosts - Math.min(due, value.hosts)) / value.hosts) * 100 : 0} aria-label={words.progressLabel} />
    </div>
  );
}
