// SPDX-License-Identifier: BSD-2-Clause
// The host editor's interfaces: cards and addresses, in their order.

import { Button, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';

import { useRows } from '../../live';
import { compareAddresses } from '../../state/address';
import { subnetOf } from '../../state/addressForm';
import type { Subnet } from '../../state/entities';
import { texts } from '../../texts';
import { ChildText, MoveSigns, newKey, RemoveSign, useProblem, Whose } from './ChildFields';
import { moved, withoutFace, type Draft, type Face } from './draft';
import css from './EditHost.module.css';

const words = texts.editHost.faces;

export const faceTitle = (face: Face, at: number) => face.name.trim() || face.ip_address.trim() || face.mac_address.trim() || words.title(at + 1);

export function FacesTab({ draft, set }: { draft: Draft; set: (changes: Partial<Draft>) => void }) {
  const subnets = useRows<Subnet>('subnet');
  const problem = useProblem('post /api/interfaces');
  const options = useMemo(
    () =>
      [...subnets]
        .sort((a, b) => compareAddresses(a.cidr.split('/')[0]!, b.cidr.split('/')[0]!))
        .map(subnet => ({ value: subnet.id, label: subnet.name === subnet.cidr || subnet.cidr === '0.0.0.0/0' ? subnet.name : `${subnet.name}  ${subnet.cidr}` })),
    [subnets],
  );
  const { interfaces } = draft;
  const change = (key: string, changes: Partial<Face>) => set({ interfaces: interfaces.map(face => (face.key === key ? { ...face, ...changes } : face)) });
  const address = (face: Face, ip: string) => {
    // The subnet follows the address for as long as nobody chose another.
    const follows = face.subnet_id === null || face.subnet_id === subnetOf(face.ip_address, subnets);
    change(face.key, { ip_address: ip, ...(follows ? { subnet_id: subnetOf(ip.trim(), subnets) } : {}) });
  };
  const add = () => set({ interfaces: [...interfaces, { key: newKey(), id: null, discovered: false, ip_address: '', mac_address: '', name: '', subnet_id: null, about: '' }] });
  return (
    <>
      <p className={css.hint}>{interfaces.length ? words.hint : words.none}</p>
      <ul className={css.items}>
        {interfaces.map((face, i) => {
          const title = faceTitle(face, i);
          const nothing = !face.ip_address.trim() && !face.mac_address.trim();
          const fixed = face.discovered;
          return (
            <li key={face.key} className={css.item} aria-label={title}>
              <div className={css.itemTop}>
                <span className={css.itemTitle}>
                  <span className={face.name.trim() ? undefined : 'mono'}>{title}</span>
                  <Whose discovered={fixed} isNew={face.id === null} />
                  {face.about && <span className={css.hint}>{face.about}</span>}
                </span>
                <MoveSigns name={title} at={i} count={interfaces.length} move={to => set({ interfaces: moved(interfaces, i, to) })} />
                <RemoveSign name={title} remove={() => set(withoutFace(draft, face.key))} />
              </div>
              <div className={css.pair}>
                <ChildText mono label={words.address} value={face.ip_address} change={ip => address(face, ip)} readOnly={fixed} focus={face.id === null} problem={nothing ? words.needs : face.ip_address.trim() ? problem('ip_address', face.ip_address.trim()) : null} />
                <ChildText mono label={words.mac} value={face.mac_address} change={mac_address => change(face.key, { mac_address })} readOnly={fixed} problem={face.mac_address.trim() ? problem('mac_address', face.mac_address.trim().replaceAll('-', ':')) : null} />
                <ChildText label={words.name} placeholder={words.nameHint} value={face.name} change={name => change(face.key, { name })} problem={problem('name', face.name.trim() || null)} />
                <Select label={words.subnet} data={options} value={face.subnet_id} placeholder={words.noSubnet} clearable searchable clearButtonProps={{ 'aria-label': texts.clear }} onChange={subnet_id => change(face.key, { subnet_id })} nothingFoundMessage={texts.table.nothing} />
              </div>
            </li>
          );
        })}
      </ul>
      <div>
        <Button variant="light" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          {words.add}
        </Button>
      </div>
    </>
  );
}

// What keeps this part from being saved.
export function facesWrong(draft: Draft, problem: (field: string, value: unknown) => string | null): boolean {
  return draft.interfaces.some(face => {
    const [ip, mac] = [face.ip_address.trim(), face.mac_address.trim().replaceAll('-', ':')];
    if (!ip && !mac) return true;
    return Boolean((ip && problem('ip_address', ip)) || (mac && problem('mac_address', mac)) || problem('name', face.name.trim() || null));
  });
}
