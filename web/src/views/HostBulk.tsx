// SPDX-License-Identifier: BSD-2-Clause
// What is done to several hosts at once, beside tags and deleting: hide, add their services to a group, consolidate.

import { Button, Menu } from '@mantine/core';
import { IconAffiliate, IconEye, IconEyeOff, IconGitMerge } from '@tabler/icons-react';

import { groups as groupApi, hosts as api } from '../api';
import { errorText } from '../errors';
import { useRows } from '../live';
import { go, setParams } from '../navigate';
import { say } from '../parts/overlay';
import type { Binding, Group } from '../state/entities';
import type { Views } from '../state/selectors';
import { texts } from '../texts';
import { memberIds } from './things/members';

const words = texts.list;
const TOGETHER_MAX = 6; // a device with more faces than this is not put together from a list
const AT_ONCE = 4;

const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

// A few at a time: the collector answers one after another in any case.
async function each(ids: readonly string[], run: (id: string) => Promise<unknown>) {
  const waiting = [...ids];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await run(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

export function HostBulk({ ids, views, done }: { ids: string[]; views: Views; done: () => void }) {
  const hidden = ids.filter(id => views.host(id)?.host.hidden);
  const hide = hidden.length < ids.length;
  const setHidden = () =>
    each(hide ? ids.filter(id => !hidden.includes(id)) : ids, id => api.update(id, { hidden: hide })).then(() => {
      say(hide ? words.hiddenNow(ids.length - hidden.length) : words.shownNow(ids.length));
      done();
    }, refused);
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={hide ? <IconEyeOff size={14} aria-hidden /> : <IconEye size={14} aria-hidden />} onClick={() => void setHidden()}>
        {hide ? words.hide : words.show}
      </Button>
      <AddToGroup services={ids.flatMap(id => views.host(id)?.services.map(service => service.id) ?? [])} done={done} />
      {ids.length > 1 && ids.length <= TOGETHER_MAX && (
        <Button size="compact-sm" variant="default" leftSection={<IconGitMerge size={14} aria-hidden />} onClick={() => setParams({ edit: 'consolidate', with: ids.join(',') }, 'push')}>
          {words.consolidate}
        </Button>
      )}
    </>
  );
}

// The first binding of each of these services goes to the end of a group, unless the group has the service already.
export function AddToGroup({ services, done }: { services: readonly string[]; done: () => void }) {
  const groups = useRows<Group>('group');
  const bindings = useRows<Binding>('binding');
  const of = (group: Group | null) => {
    const has = new Set(group ? memberIds(group) : []);
    const chosen = new Set(services);
    const inGroup = new Set(bindings.filter(binding => has.has(binding.id)).map(binding => binding.service_id));
    const found = new Map<string, string>();
    for (const binding of bindings) if (chosen.has(binding.service_id) && !inGroup.has(binding.service_id) && !found.has(binding.service_id)) found.set(binding.service_id, binding.id);
    return [...found.values()];
  };
  const add = (group: Group) => {
    const more = of(group);
    if (!more.length) return say(words.noneToAdd, { tone: 'bad' });
    groupApi.update(group.id, { binding_ids: [...memberIds(group), ...more] }, group.revision).then(() => {
      say(words.addedTo(more.length, group.name));
      done();
    }, refused);
  };
  const fresh = () => {
    const members = of(null);
    if (members.length) go(`/groups?edit=new&members=${members.join(',')}`);
    else say(words.noneToAdd, { tone: 'bad' });
  };
  return (
    <Menu position="bottom-start" shadow="md" width={220}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconAffiliate size={14} aria-hidden />} disabled={!services.length}>
          {words.toGroup}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map(group => (
          <Menu.Item key={group.id} onClick={() => add(group)}>
            {group.name}
          </Menu.Item>
        ))}
        {groups.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={fresh}>{words.newGroup}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
