// SPDX-License-Identifier: BSD-2-Clause
// The host editor: all of a host in one draft, and one Save that either takes all of it or says why not. What somebody
// else changed meanwhile is shown, and never overwritten.

import { Checkbox, Tabs, Textarea, TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { ApiError, history, hosts, type Entry, type Evidence, type HostBody } from '../../api';
import { errorText, sentence } from '../../errors';
import { knownNames } from '../../evidence';
import { useViews } from '../../live';
import { useRights } from '../../me';
import { useNameOf } from '../../names';
import { setParams } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { useForm } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { TagField } from '../../parts/Tags';
import type { HostView } from '../../state/selectors';
import { sourceText, texts } from '../../texts';
import { actorText, entryText } from '../../timeline';
import { useProblem } from './ChildFields';
import { bodyOf, draftOf, type Draft } from './draft';
import css from './EditHost.module.css';
import { FacesTab, facesWrong } from './FacesTab';
import { changesOf, machinesOf, type Machine } from './machines';
import { PortsTab, portsWrong } from './PortsTab';
import { ServicesTab, servicesWrong } from './ServicesTab';
import { VirtualizationTab } from './VirtualizationTab';

const words = texts.editHost;
const parts = ['details', 'interfaces', 'ports', 'services', 'virtualization'] as const;
type Part = (typeof parts)[number];

interface Props {
  view: HostView;
  part: string | null;
  close: () => void;
}

export function EditHost({ view, part, close }: Props) {
  const [base, setBase] = useState<HostBody | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    hosts.get(view.id).then(
      host => current && setBase(host),
      (error: unknown) => current && setProblem(errorText(error)),
    );
    return () => {
      current = false;
    };
  }, [view.id]);
  if (base) return <Editor key={`${base.id} ${base.revision}`} base={base} view={view} part={part} close={close} restart={setBase} />;
  return <Waiting close={close} text={problem === null ? words.reading : words.unread(problem)} />;
}

function Waiting({ close, text }: { close: () => void; text: string }) {
  const form = useForm({}, () => Promise.resolve(null), close);
  return (
    <Sheet wide title={texts.host.editTitle} close={close} form={form} act={texts.save} disabled>
      <p className="dim" role="status">{text}</p>
    </Sheet>
  );
}

interface Values extends Draft {
  machines: Machine[];
}

function Editor({ base, view, part, close, restart }: { base: HostBody; view: HostView; part: string | null; close: () => void; restart: (host: HostBody) => void }) {
  const rights = useRights();
  const views = useViews('host', 'service');
  const before = useMemo(() => draftOf(base), [base]);
  const machines = useMemo(() => machinesOf(views.tables.host.values(), new Set(base.services.map(service => service.id))), [base]);
  const initial = useMemo((): Values => ({ ...before, machines }), [before, machines]);
  const [conflict, setConflict] = useState<{ host: HostBody; who: Entry[] } | null>(null);
  const faceProblem = useProblem('post /api/interfaces');
  const portProblem = useProblem('post /api/ports');
  const serviceProblem = useProblem('post /api/services');
  const form = useForm(
    initial,
    async (values: Values) => {
      const body = bodyOf(before, values);
      try {
        if (Object.keys(body).length) await hosts.save(view.id, body, base.revision);
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) await explain();
        throw error;
      }
      // Other hosts are told one by one, after this one is sure.
      const said = changesOf(machines, values.machines, id => base.services.find(service => service.id === id)?.service_definition ?? null);
      const failed: unknown[] = [];
      for (const { host_id, virtualization } of said) await hosts.update(host_id, { virtualization }).catch((error: unknown) => failed.push(error));
      return failed;
    },
    (failed, values) => {
      if (failed.length) say(words.partly(failed.length, errorText(failed[0])), { tone: 'bad' });
      else say(texts.host.saved(values.name.trim() || view.title));
      close();
    },
    {
      against: { operation: 'put /api/hosts/{id}', body: values => bodyOf(before, values), only: ['name', 'description', 'tags'] },
      check: values => ({
        ...(facesWrong(values, faceProblem) ? { interfaces: words.wrong } : {}),
        ...(portsWrong(values, portProblem) ? { ports: words.wrong } : {}),
        ...(servicesWrong(values, serviceProblem) ? { services: words.wrong } : {}),
      }),
    },
  );
  const explain = async () => {
    const [host, timeline] = await Promise.all([hosts.get(view.id), history.timeline('hosts', view.id, null, 20).catch(() => null)]);
    setConflict({ host, who: timeline?.entries.filter(entry => entry.actor.type === 'person' && entry.at > base.updated_at) ?? [] });
  };
  const { values, errors } = form;
  const set = (changes: Partial<Draft>) => {
    for (const [name, value] of Object.entries(changes)) form.set(name as keyof Values, value as never);
  };
  const at: Part = parts.find(each => each === part) ?? 'details';
  // Sent from another part than the one that is wrong: go there.
  const wrong = parts.find(each => (each === 'details' ? errors.name || errors.description || errors.tags : errors[each as keyof Values]));
  useEffect(() => {
    if (wrong && wrong !== at && !errors[at as keyof Values]) setParams({ part: wrong === 'details' ? null : wrong });
  }, [wrong]);
  // On a phone there are more parts than fit beside each other.
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Chromium's answers with a promise, which React would take for what cleans up.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [at]);
  const counts: Partial<Record<Part, number>> = { interfaces: values.interfaces.length, ports: values.ports.length, services: values.services.length };
  const foreign = !form.busy && !conflict && (view.host.revision ?? 0) > base.revision;
  return (
    <Sheet wide title={texts.host.editTitle} close={close} form={form} act={texts.save} {...(conflict ? { reload: () => restart(conflict.host) } : {})} readOnly={!rights.edit && texts.form.viewer}>
      {foreign && <p className={css.notice}>{words.meanwhile(words.someone)}</p>}
      {conflict && conflict.who.length > 0 && <Who entries={conflict.who} />}
      <Tabs value={at} onChange={next => setParams({ part: next === 'details' ? null : next })} keepMounted={false}>
        <Tabs.List ref={list} aria-label={words.tabs} className={css.tabs}>
          {parts.map(each => (
            <Tabs.Tab key={each} value={each} rightSection={counts[each] ? <span className="dim figures">{counts[each]}</span> : undefined}>
              {words.parts[each]}
              {(each === 'details' ? errors.name || errors.description : errors[each as keyof Values]) && <span className={css.wrong} role="img" aria-label={words.wrong} />}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Panel part="details">
          <TextInput data-autofocus label={texts.host.name} description={texts.host.nameHint} placeholder={view.addresses[0] ?? ''} {...form.text('name')} />
          <Hostnames id={view.id} />
          <Textarea label={texts.host.description} autosize minRows={2} maxRows={8} {...form.text('description')} />
          <TagField value={values.tags} change={tags => form.set('tags', tags)} error={errors.tags} />
          <Checkbox label={texts.host.hide} description={texts.host.hiddenHint} checked={values.hidden} onChange={event => form.set('hidden', event.currentTarget.checked)} />
        </Panel>
        <Panel part="interfaces">
          <FacesTab draft={values} set={set} />
        </Panel>
        <Panel part="ports">
          <PortsTab draft={values} set={set} />
        </Panel>
        <Panel part="services">
          <ServicesTab draft={values} set={set} />
        </Panel>
        <Panel part="virtualization">
          <VirtualizationTab view={view} draft={values} set={set} machines={values.machines} setMachines={next => form.set('machines', next)} />
        </Panel>
      </Tabs>
    </Sheet>
  );
}

const Panel = ({ part, children }: { part: Part; children: ReactNode }) => (
  <Tabs.Panel value={part}>
    <div className={css.panel}>{children}</div>
  </Tabs.Panel>
);

// What discovery has heard it being called, beside the name that a person gives.
function Hostnames({ id }: { id: string }) {
  const [evidence, setEvidence] = useState<readonly Evidence[]>([]);
  useEffect(() => {
    let current = true;
    hosts.evidence(id).then(rows => current && setEvidence(rows), () => {});
    return () => {
      current = false;
    };
  }, [id]);
  const names = knownNames(evidence.map(row => row.fact)).slice(0, 4);
  if (!names.length) return null;
  return (
    <p className={css.known}>
      <span className="dim">{words.hostnames}</span>
      {names.map(name => (
        <span key={name.name} title={name.sources.map(sourceText).join(', ')} className="mono">
          {name.name}
        </span>
      ))}
    </p>
  );
}

function Who({ entries }: { entries: Entry[] }) {
  const nameOf = useNameOf();
  return (
    <div className={css.notice}>
      <strong>{words.who}</strong>
      <ul>
        {entries.slice(0, 5).map(entry => (
          <li key={entry.seq}>
            {sentence(entryText(entry, nameOf)).replace(/\.$/, '')} {actorText(entry)}, <Ago at={entry.at} />
          </li>
        ))}
      </ul>
    </div>
  );
}
