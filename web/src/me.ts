// SPDX-License-Identifier: BSD-2-Clause
// Who is signed in, and what that role is offered. The collector decides; this only spares people a refusal.

import { createContext, useContext } from 'react';

import type { Me, Role } from './api';

const rank: Record<Role, number> = { viewer: 0, member: 1, admin: 2, owner: 3 };

export interface Rights {
  edit: boolean; // what is in a network
  manage: boolean; // networks, keys, people
  own: boolean; // the organization
}

export function rightsOf(role: Role): Rights {
  const is = rank[role] ?? 0;
  return { edit: is >= rank.member, manage: is >= rank.admin, own: is >= rank.owner };
}

export const roles: Role[] = ['owner', 'admin', 'member', 'viewer'];

// The roles that this role may give to another.
export const rolesToGive = (role: Role): Role[] => (role === 'owner' ? roles : role === 'admin' ? ['member', 'viewer'] : []);

// The roles a key of this person may have: no more than the person's own.
export const rolesUpTo = (role: Role): Role[] => roles.filter(each => rank[each] <= rank[role]);

export interface Identity {
  me: Me;
  setMe: (me: Me) => void;
  signOut: (everywhere?: boolean) => void;
}

export const IdentityContext = createContext<Identity | null>(null);

export function useIdentity(): Identity {
  const identity = useContext(IdentityContext);
  if (!identity) throw new Error('nobody is signed in');
  return identity;
}

export const useMe = () => useIdentity().me;
export const useRights = () => rightsOf(useMe().permissions);
