// SPDX-License-Identifier: BSD-2-Clause
// What several claim that only one can have: which, who they are and since when, what it means, and what to do.

import { SegmentedControl, Select } from '@mantine/core';
import { IconBinaryTree2, IconCircleCheck, IconMask, IconRouter, IconArrowsSplit2, IconServerBolt, type Icon } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';

import { identity, type Claimant, type Conflict } from '../../api';
import { conflictKinds, conflictsOf, isOfLate, nameOf, type ConflictView } from '../../conflicts';
import { errorText } from '../../errors';
import { countText } from '../../format';
import { useLoaded, useNetworkId, useViews } from '../../live';
import { linkTo, setParams } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Chip, Mac } from '../../parts/Chips';
import { useClock } from '../../parts/clock';
import { Empty, Loading } from '../../parts/Empty';
import { Flash } from '../../parts/Flash';
import { Page } from '../../parts/Page';
import { Grid } from '../../parts/Section';
import { changed, useRemote } from '../../remote';
import { plugged } from '../../state/plugged';
import type { Views } from '../../state/selectors';
import { sourceText, texts } from '../../texts';
import alertCss from '../alerts/Alerts.module.css';
import { End } from '../Flows';
import hostCss from '../Host.module.css';
import { hostOfMac } from '../layer2/data';
import css from './Conflicts.module.css';

const words = texts.conflicts;
const AGAIN_MS = 10_000;
const TICK_S = 30;
const signs: Record<string, Icon> = { address: IconArrowsSplit2, answer: IconMask, dhcp: IconServerBolt, router: IconRouter, root: IconBinaryTree2 };
const nothing: Conflict[] = [];
const isMac = (text: string) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text);

// Read again while one looks, and at once when the collector has made an alert.
function useConflicts(days: number) {
  const network = useNetworkId();
  const views = useViews('alert', 'host', 'interface', 'neighbor', 'link', 'sensor');
  const alerts = views.tables.versions.alert;
  const { value, problem } = useRemote(network === null ? 'conflicts none' : `conflicts ${network} ${days}`, () => (network === null ? Promise.resolve(nothing) : identity.conflicts(network, days)));
  useEffect(() => {
    const timer = setInterval(() => document.hidden || changed('conflicts'), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => changed('conflicts'), [alerts]);
  const conflicts = useMemo(() => value && conflictsOf(value, views.tables.alert.values()), [value, views, alerts]);
  return { views, conflicts, problem };
}

export default function ConflictsPage({ params }: { params: URLSearchParams }) {
  const days = words.spans[params.get('days') ?? ''] ? params.get('days')! : '7';
  const what = conflictKinds.find(each => each === params.get('what')) ?? null;
  const { views, conflicts, problem } = useConflicts(Number(days));
  const loaded = useLoaded();
  const now = useClock(at => Math.floor(at / TICK_S) * TICK_S);
  const shown = (conflicts ?? []).filter(view => !what || view.what === what);
  const parts = [
    { title: words.now, list: shown.filter(view => isOfLate(view, now)) },
    { title: words.over, list: shown.filter(view => !isOfLate(view, now)) },
  ].filter(({ list }) => list.length);
  return (
    <Page
      title={words.title}
      note={conflicts && conflicts.length > 0 && words.note(conflicts.filter(view => isOfLate(view, now)).length, conflicts.length)}
      tools={
        <>
          <Select aria-label={words.show} className={css.kinds} data={[{ value: 'all', label: words.all }, ...conflictKinds.map(value => ({ value, label: words.kinds[value]!.name }))]} value={what ?? 'all'} allowDeselect={false} onChange={value => setParams({ what: value === 'all' ? null : value })} />
          <SegmentedControl aria-label={words.span} data={Object.entries(words.spans).map(([value, label]) => ({ value, label }))} value={days} onChange={value => setParams({ days: value === '7' ? null : value })} />
        </>
      }
    >
      {problem && <p className={alertCss.problem} role="alert">{words.failed(errorText(problem))}</p>}
      {!loaded || !conflicts ? !problem && <Loading /> : parts.length === 0 && (
        <div className={alertCss.quiet}>
          <Empty icon={<IconCircleCheck aria-hidden />} title={words.emptyTitle} hint={what || days !== '7' ? words.emptyFiltered : words.emptyHint} />
        </div>
      )}
      {parts.map(({ title, list }) => (
        <section key={title} aria-label={title}>
          <h2 className={alertCss.heading}>
            {title} <span className="figures">{countText(list.length)}</span>
          </h2>
          <ul className={alertCss.list}>
            {list.map(view => (
              <Item key={view.id} view={view} views={views} late={isOfLate(view, now)} />
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function Item({ view, views, late }: { view: ConflictView; views: Views; late: boolean }) {
  const Sign = signs[view.what] ?? IconArrowsSplit2;
  const noted = view.alert?.state === 'acknowledged';
  return (
    <li className={css.item} data-severity={!late || noted ? 'note' : view.what === 'address' ? 'warn' : 'bad'} data-testid="conflict">
      <span className={alertCss.sign} aria-hidden="true">
        <Sign size={20} stroke={1.7} />
      </span>
      <div className={css.body}>
        <h3 className={alertCss.title}>
          {view.title} {late && <Chip tone={noted ? 'plain' : 'warn'}>{words.goesOn}</Chip>} {noted && <Chip>{words.noted}</Chip>}{' '}
          <span className={alertCss.since}>
            <Flash value={view.last}>
              <Ago at={view.last} />
            </Flash>
          </span>
        </h3>
        <p className={alertCss.why}>{view.means}</p>
        <Claimants view={view} views={views} />
        <h4 className={css.act}>{words.act}</h4>
        <ol className={css.steps}>
          {view.act.map(step => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className={alertCss.state}>
          {[words.kinds[view.what]?.name, view.vlan && words.vlan(view.vlan), words.by(view.sources.map(sourceText).join(', '), view.sensors.flatMap(id => views.tables.sensor.get(id)?.name ?? []).join(', ')), words.times(view.count)].filter(Boolean).join(' · ')}
          {' · '}
          {words.from} <Ago at={view.first} />
          {view.alert && (
            <>
              {' · '}
              <a className="link" {...linkTo('/alerts')}>{words.alert}</a>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

// The host, also of a bridge whose own MAC is at none of its ports.
function hostOf(views: Views, claimant: Claimant) {
  const known = claimant.host_id === null ? undefined : views.host(claimant.host_id);
  if (known || !isMac(claimant.claim)) return known;
  const row = [...views.tables.neighbor.values()].find(each => each.bridge?.endsWith(claimant.claim) && each.host_id !== null);
  return hostOfMac(views, claimant.claim, row?.host_id ?? null);
}

function Claimants({ view, views }: { view: ConflictView; views: Views }) {
  const { plugs } = plugged(views.tables);
  return (
    <div className={css.claimants}>
      <Grid
        label={view.title}
        head={[words.who, words.claim, words.maker, words.at, words.held, words.last]}
        rows={view.claimants.map((claimant, i) => {
          const host = hostOf(views, claimant);
          const plug = plugs.find(each => each.mac === claimant.claim || (host && each.hostId === host.id));
          const last = i === view.claimants.length - 1 && view.claimants.length > 1;
          return {
            id: claimant.claim,
            cells: [
              <span key="who" className={css.who}>
                {host ? <End id={host.id} title={host.title} ip="" /> : <span className={claimant.name ? hostCss.strong : 'dim'}>{claimant.name ? nameOf(claimant) : words.unknown}</span>}
                {view.newcomer && (last ? <Chip tone="bad">{view.newcomer}</Chip> : i === 0 ? <Chip>{words.first}</Chip> : null)}
              </span>,
              isMac(claimant.claim) ? <Mac key="claim" mac={claimant.claim} /> : <span key="claim" className="mono">{claimant.claim}</span>,
              claimant.vendor,
              plug ? <span key="plug">{plug.device.title} <span className={hostCss.strong}>{texts.plugs.port(plug.port)}</span></span> : null,
              claimant.first_seen === null ? null : <span key="held" title={claimant.holds ? words.held : words.there}><Ago at={claimant.first_seen} />{!claimant.holds && <span className={hostCss.where}>{words.there}</span>}</span>,
              claimant.last_seen === null ? null : <Ago key="last" at={claimant.last_seen} />,
            ],
          };
        })}
      />
    </div>
  );
}
