// SPDX-License-Identifier: BSD-2-Clause
// Two hosts that are one device: choose the other, see what would move, do it. A note offers to undo it.

import { useEffect, useMemo, useState, type ReactNode } from 'react';

import { identity, type Consolidation, type Preview } from '../api';
import { errorText, sentence } from '../errors';
import { changed } from '../remote';
import { fieldText, valueText } from '../changes';
import { Choice } from '../parts/Fields';
import { useForm } from '../parts/form';
import { say } from '../parts/overlay';
import { Sheet } from '../parts/Sheet';
import { compareText } from '../state/address';
import type { HostView, Views } from '../state/selectors';
import { texts } from '../texts';
import css from './Consolidate.module.css';

const words = texts.history.consolidate;

export const undo = (done: Consolidation) =>
  identity.undo(done.id).then(
    () => {
      changed('consolidations', 'decisions');
      say(words.undone);
    },
    (error: unknown) => say(errorText(error), { tone: 'bad' }),
  );

const nameOf = (view: HostView) => [view.title || texts.hosts.unnamed, ...(view.named ? view.addresses.slice(0, 1) : []), ...view.macs.slice(0, 1)].join(' · ');

export function Consolidate({ view, views, close }: { view: HostView; views: Views; close: () => void }) {
  const all = views.allHosts();
  const options = useMemo(() => all.filter(other => other.id !== view.id).sort((a, b) => compareText(a.title, b.title)).map(other => ({ value: other.id, label: nameOf(other) })), [all, view.id]);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm(
    { other: '' },
    values => identity.consolidate(view.id, values.other),
    done => {
      const name = done.other_name ?? preview?.other.name ?? texts.hosts.unnamed;
      changed('consolidations', 'decisions');
      say(words.done(name), { action: { title: words.undo, run: () => void undo(done) } });
      close();
    },
  );
  const { other } = form.values;
  useEffect(() => {
    let current = true;
    setPreview(null);
    setProblem(null);
    if (other) {
      identity.preview(view.id, other).then(
        answer => current && setPreview(answer),
        (error: unknown) => current && setProblem(errorText(error)),
      );
    }
    return () => {
      current = false;
    };
  }, [view.id, other]);
  return (
    <Sheet title={words.title(view.title)} close={close} form={form} act={words.act} disabled={!preview || preview.refused !== null}>
      <p className={css.hint}>{words.hint}</p>
      <Choice first label={words.other} placeholder={words.otherPlaceholder} options={options} value={other || null} change={id => form.set('other', id)} error={problem ?? undefined} searchable />
      {preview?.refused && <p className={css.refused}>{sentence(preview.refused)}</p>}
      {preview && !preview.refused && <What preview={preview} />}
    </Sheet>
  );
}

function What({ preview }: { preview: Preview }) {
  const { moves, equal, merged, dropped } = preview;
  const counts = [
    moves.interfaces.length && words.interfaces(moves.interfaces.length), moves.services.length && words.services(moves.services.length), moves.ports.length && words.ports(moves.ports.length),
    moves.bindings && words.bindings(moves.bindings), moves.flows && words.flows(moves.flows), moves.tags.length && words.tags(moves.tags.length),
  ].filter(Boolean);
  const same = [equal.interfaces.length && words.interfaces(equal.interfaces.length), equal.services.length && words.services(equal.services.length), equal.ports.length && words.ports(equal.ports.length)].filter(Boolean);
  return (
    <div className={css.preview} data-testid="preview">
      <Part title={words.moves}>
        <p>{counts.join(', ') || words.nothing}</p>
        <ul>
          {moves.interfaces.map(face => <li key={face.id} className="mono">{[face.ip, face.mac].filter(Boolean).join('  ')}</li>)}
          {moves.services.map(service => <li key={service.id} className="mono">{`${service.port}/${service.proto}${service.name ? `  ${service.name}` : ''}`}</li>)}
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
    </div>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h3>{title}</h3>
    {children}
  </section>
);
