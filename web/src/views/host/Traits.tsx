// SPDX-License-Identifier: BSD-2-Clause
// What was heard of a host that tells what it is: by heading, each in words, with who said so, where and when; and the first of it at a glance.

import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';

import { linkTo, setParams, withThese } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Certainty, Vlan } from '../../parts/Chips';
import { Grid, None, Section } from '../../parts/Section';
import type { Sensor } from '../../state/entities';
import { sourceText, texts } from '../../texts';
import { glanceOf, traitsOf, type Trait } from '../../traits';
import type { EvidenceState } from '../hostEvidence';
import hostCss from '../Host.module.css';
import css from './Traits.module.css';

const words = texts.traits;
const FIRST = 12; // of one heading
const GLANCE = 7;
const LONG = 160; // letters, past which a value is folded

interface Props extends EvidenceState {
  sensors: ReadonlyMap<string, Sensor>;
  search: string;
}

function Value({ trait }: { trait: Trait }) {
  if (trait.shown.length <= LONG) {
    return (
      <span className={css.value} title={trait.shown === trait.value ? undefined : trait.value}>
        {trait.shown}
      </span>
    );
  }
  return (
    <details className={css.value}>
      <summary>{`${trait.shown.slice(0, LONG)}…`}</summary>
      {trait.shown}
    </details>
  );
}

const What = ({ trait }: { trait: Trait }) => (
  <span className={hostCss.strong} title={trait.key}>
    {trait.title}
    {trait.port !== null && <span className={hostCss.where}>{texts.plugs.port(String(trait.port))}</span>}
  </span>
);

const By = ({ trait }: { trait: Trait }) => (
  <span>
    {trait.sources.map(sourceText).join(', ')} <span className={hostCss.where}><Certainty confidence={trait.confidence} /></span>
  </span>
);

const EvidenceLink = ({ trait }: { trait: Trait }) => (
  <a className="link" aria-label={words.evidenceOf(trait.title)} {...linkTo(withThese({ tab: 'evidence', evidence: 'trait', row: trait.ids.join(',') }))}>
    {words.evidence(trait.ids.length)}
  </a>
);

const has = (trait: Trait, search: string) => `${trait.title} ${trait.key} ${trait.value} ${trait.shown} ${trait.port ?? ''}`.toLowerCase().includes(search.toLowerCase());

export function TraitsTab({ rows, problem, again, sensors, search }: Props) {
  const parts = useMemo(() => traitsOf(rows ?? []), [rows]);
  const shown = parts.map(part => ({ ...part, traits: search ? part.traits.filter(trait => has(trait, search)) : part.traits })).filter(part => part.traits.length);
  return (
    <div className={hostCss.column}>
      <div className={css.top}>
        <p className="dim">{words.hint}</p>
        {parts.length > 0 && <TextInput size="xs" className={css.search} aria-label={words.filter} placeholder={words.filter} value={search} onChange={event => setParams({ trait: event.currentTarget.value })} />}
      </div>
      {problem && (
        <None>
          {words.failed(problem)}{' '}
          <Button size="compact-sm" variant="default" onClick={again}>
            {texts.host.again}
          </Button>
        </None>
      )}
      {rows && parts.length === 0 && <None>{words.none}</None>}
      {parts.length > 0 && shown.length === 0 && <None>{words.noMatch}</None>}
      {shown.map(part => (
        <Part key={part.group} title={texts.traitGroups[part.group]} traits={part.traits} sensors={sensors} />
      ))}
    </div>
  );
}

function Part({ title, traits, sensors }: { title: string; traits: Trait[]; sensors: ReadonlyMap<string, Sensor> }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? traits : traits.slice(0, FIRST);
  return (
    <Section wide title={title}>
      <Grid
        label={title}
        head={[words.what, words.value, words.by, texts.host.vlan, texts.host.sensor, texts.host.first, texts.host.last, texts.host.evidence]}
        rows={shown.map(trait => ({
          id: trait.ids[0]!,
          cells: [
            <What key="what" trait={trait} />,
            <Value key="value" trait={trait} />,
            <By key="by" trait={trait} />,
            trait.vlans.length ? <span key="vlan" className={css.chips}>{trait.vlans.map(vlan => <Vlan key={vlan} vlan={vlan} />)}</span> : null,
            trait.sensors.map(id => sensors.get(id)?.name).filter(Boolean).join(', ') || null,
            <Ago key="first" at={trait.first} />,
            <Ago key="last" at={trait.last} />,
            <EvidenceLink key="evidence" trait={trait} />,
          ],
        }))}
      />
      {shown.length < traits.length && (
        <p className={hostCss.all}>
          <Button size="compact-sm" variant="subtle" onClick={() => setWhole(true)}>
            {words.more(traits.length - shown.length)}
          </Button>
        </p>
      )}
    </Section>
  );
}

// On the overview: what tells most, and the way to the rest.
export function TraitsGlance({ rows }: Pick<EvidenceState, 'rows'>) {
  const parts = useMemo(() => traitsOf(rows ?? []), [rows]);
  const all = parts.reduce((sum, part) => sum + part.traits.length, 0);
  const shown = glanceOf(parts, GLANCE);
  if (!all) return null;
  return (
    <Section title={words.glance}>
      {shown.length > 0 && (
        <Grid
          label={words.glance}
          head={[words.what, words.value, words.by, texts.host.last]}
          rows={shown.map(trait => ({ id: trait.ids[0]!, cells: [<What key="what" trait={trait} />, <Value key="value" trait={trait} />, <By key="by" trait={trait} />, <Ago key="last" at={trait.last} />] }))}
        />
      )}
      <p className={hostCss.all}>
        <a className="link" {...linkTo(withThese({ tab: 'traits' }))}>
          {words.all(all)}
        </a>
      </p>
    </Section>
  );
}
