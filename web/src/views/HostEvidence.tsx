// SPDX-License-Identifier: BSD-2-Clause
// Why NetVisor knows what it shows of a host: each fact with its protocol, packet time, sensor, VLAN and certainty.

import { Button } from '@mantine/core';
import { useMemo } from 'react';

import { factText } from '../evidence';
import { countText } from '../format';
import { setParams } from '../navigate';
import { Ago } from '../parts/Ago';
import { Certainty, Source, Vlan } from '../parts/Chips';
import { Grid, None, Section } from '../parts/Section';
import { vlanText } from '../state/address';
import type { Sensor } from '../state/entities';
import { texts } from '../texts';
import type { EvidenceState } from './hostEvidence';
import css from './HostEvidence.module.css';

const words = texts.host;

interface Props extends EvidenceState {
  sensors: ReadonlyMap<string, Sensor>;
  kind: string | null; // only facts of this kind
  marked: string | null; // ids of those that a conclusion led to
}

export function EvidenceSection({ rows, problem, again, sensors, kind, marked }: Props) {
  const kinds = useMemo(() => [...new Set(rows?.map(row => row.fact.fact))].sort(), [rows]);
  const shown = (rows ?? []).filter(row => !kind || row.fact.fact === kind);
  const choice = (value: string | null, title: string, count: number) => (
    <button key={value ?? ''} type="button" className={css.choice} aria-pressed={kind === value} onClick={() => setParams({ evidence: value })}>
      {title} <span className="dim">{count}</span>
    </button>
  );
  return (
    <Section wide title={words.evidence} hint={words.evidenceHint}>
      {problem && (
        <None>
          {words.evidenceFailed(problem)}{' '}
          <Button size="compact-sm" variant="default" onClick={again}>
            {words.again}
          </Button>
        </None>
      )}
      {rows && rows.length === 0 && <None>{words.noEvidence}</None>}
      {kinds.length > 1 && (
        <div className={css.choices} role="group" aria-label={words.evidence}>
          {choice(null, words.allKinds, rows!.length)}
          {kinds.map(each => choice(each, texts.evidence.kind[each] ?? each, rows!.filter(row => row.fact.fact === each).length))}
        </div>
      )}
      {shown.length > 0 && (
        <Grid
          label={words.evidence}
          marked={marked?.split(',')}
          head={[words.told, words.protocol, words.confidence, words.vlan, words.sensor, words.count, words.first, words.when]}
          rows={shown.map(row => ({
            id: row.id,
            cells: [
              <span key="told" className={css.told}>{factText(row.fact)}</span>,
              <Source key="source" source={row.fact.source} />,
              <Certainty key="confidence" confidence={row.fact.confidence} />,
              row.fact.vlan.length ? <Vlan key="vlan" vlan={vlanText(row.fact.vlan)} /> : null,
              (row.sensor_id && sensors.get(row.sensor_id)?.name) || null,
              <span key="count" className="figures">{countText(row.fact.count)}</span>,
              <Ago key="first" at={row.fact.first} />,
              <Ago key="last" at={row.fact.last} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}
