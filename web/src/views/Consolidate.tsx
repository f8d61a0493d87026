// SPDX-License-Identifier: BSD-2-Clause
// Hosts that are one device: choose the others, see what would move from each, do it. A note offers to undo it.

import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { identity, type Consolidation, type Preview } from '../api';
import { fieldText, valueText } from '../changes';
import { errorText, sentence } from '../errors';
import { Choice } from '../parts/Fields';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { changed } from '../remote';
import { compareText } from '../state/address';
import type { HostView, Views } from '../state/selectors';
import { texts } from '../texts';
import css from './Consolidate.module.css';

const words = texts.history.consolidate;

// The last that was done is undone first.
export async function undo(...done: Consolidation[]) {
  try {
    for (const each of [...done].reverse()) await identity.undo(each.id);
    say(words.undone);
  } catch (error) {
    say(errorText(error), { tone: 'bad' });
  }
  changed('consolidations', 'decisions');
}

const nameOf = (view: HostView) => [view.title || texts.hosts.unnamed, ...(view.named ? view.addresses.slice(0, 1) : []), ...view.macs.slice(0, 1)].join(' · ');

interface Props {
  view: HostView;
  others?: string[]; // chosen already
  views: Views;
  close: () => void;
}

export function Consolidate({ view, others = [], views, close }: Props) {
  const all = views.allHosts();
  // Which of the chosen ones stays is chosen too, when it was not on its page that this began.
  const choice = others.length ? [view.id, ...others] : null;
  const form = useForm(
    { keep: view.id, others },
    async values => {
      const done: Consolidation[] = [];
      // The first refusal ends it; what was done by then is told, and can be undone.
      try {
        for (const other of values.others) done.push(await identity.consolidate(values.keep, other));
      } catch (error) {
        if (!done.length) throw error;
        say(errorText(error), { tone: 'bad' });
      }
      return done;
    },
    done => {
      const names = done.map(each => each.other_name ?? texts.hosts.unnamed).join(', ');
      changed('consolidations', 'decisions');
      say(words.done(names), { action: { title: words.undo, run: () => void undo(...done) } });
      close();
    },
  );
  const { keep, others: chosen } = form.values;
  const kept = views.host(keep) ?? view;
  const options = useMemo(() => all.filter(other => other.id !== keep).sort((a, b) => compareText(a.title, b.title)).map(other => ({ value: other.id, label: nameOf(other) })), [all, keep]);
  const previews = usePreviews(keep, chosen);
  const ready = chosen.length > 0 && chosen.every(id => previews.get(id)?.preview?.refused === null);
  const stay = (id: string) => {
    form.set('keep', id);
    form.set('others', choice!.filter(each => each !== id));
  };
  return (
    <Sheet title={choice ? words.titleMany(choice.length) : words.title(kept.title)} close={close} form={form} act={words.act} disabled={!ready}>
      <p className={css.hint}>{words.hint}</p>
      {choice && <Choice first label={words.stays} options={choice.map(id => ({ value: id, label: views.host(id) ? nameOf(views.host(id)!) : texts.unknown }))} value={keep} change={stay} />}
{!choice && <Choice first searchable label={words.other} placeholder={words.otherPlaceholder} options={options} value={chosen[0] ?? null} change={id => form.set('others', [id])} />}
      {chosen.map(id => {
        const known = previews.get(id);
        const name = views.host(id)?.title ?? texts.unknown;
        return (
          <div key={id} className={css.preview} data-testid="preview" aria-busy={!known}>
            {chosen.length > 1 && <h3 className={css.of}>{name}</h3>}
            {known?.problem && <p className={css.refused}>{known.problem}</p>}
            {known?.preview?.refused && <p className={css.refused}>{sentence(known.preview.refused)}</p>}
            {known?.preview && !known.preview.refused && <What preview={known.preview} />}
          </div>
        );
      })}
    </Sheet>
  );
}

interface Known {
  preview: Preview | null;
  problem: string | null;
}

function usePreviews(keep: string, others: readonly string[]): ReadonlyMap<string, Known> {
  const [known, setKnown] = useState<{ keep: string; of: ReadonlyMap<string, Known> }>({ keep, of: new Map() });
  useEffect(() => {
    let current = true;
    const put = (id: string, value: Known) => current && setKnown(old => ({ keep, of: new Map([...(old.keep === keep ? old.of : []), [id, value]]) }));
    for (const id of others) {
      if (known.keep === keep && known.of.has(id)) continue;
      identity.preview(keep, id).then(
        preview => put(id, { preview, problem: null }),
        (error: unknown) => put(id, { preview: null, problem: errorText(error) }),
      );
    }
    return () => {
      current = false;
    };
  }, [keep, others]);
  return known.keep === keep ? known.of : new Map();
}

function What({ preview }: { preview: Preview }) {
  const { moves, equal, merged, dropped } = preview;
  const counts = [
    moves.interfaces.length && words.interfaces(moves.interfaces.length), moves.services.length && words.services(moves.services.length), moves.ports.length && words.ports(moves.ports.length),
    moves.bindings && words.bindings(moves.bindings), moves.flows && words.flows(moves.flows), moves.tags.length && words.tags(moves.tags.length),
  ].filter(Boolean);
  const same = [equal.interfaces.length && words.interfaces(equal.interfaces.length), equal.services.length && words.services(equal.services.length), equal.ports.length && words.ports(equal.ports.length)].filter(Boolean);
  return (
    <>
      <Part title={words.moves}>
        <p>{counts.join(', ') || words.nothing}</p>
        <ul>
          {moves.interfaces.map(face => <li key={face.id} className="mono">{[face.ip, face.mac].filter(Boolean).join('  ')}</li>)}
          {moves.services.map(service => <li key={service.id} className="mono">{[service.port ? `${service.port}/${service.proto}` : '', service.name ?? ''].filter(Boolean).join('  ')}</li>)}
        </ul>
      </Part>
      {same.length > 0 && <Part title={words.equal}><p>{same.join(', ')}</p></Part>}
      {merged.length > 0 && (
        <Part title={words.merged}>
          <ul>
            {merged.map(each => <li key={each.field}>{`${fieldText(each.field)}: ${valueText(each.host)}, ${valueText(each.other)} → ${valueText(each.result)}`}</li>)}
          </ul>
        </Part>
      )}
      {dropped.length > 0 && (
        <Part title={words.dropped}>
          <ul>
            {dropped.map(each => <li key={each.field}>{`${fieldText(each.field)}: ${valueText(each.value)}`}</li>)}
          </ul>
          <p className="dim">{words.droppedHint}</p>
        </Part>
      )}
    </>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h4>{title}</h4>
    {children}
  </section>
);
