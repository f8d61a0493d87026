// SPDX-License-Identifier: BSD-2-Clause
// A saved topology and the changes that people make to it: what each does, what undoes it, and what is sent for it. Pure.
//
// In the logical view a place is kept under the thing's own id, as elsewhere; in the others with the view before it, because
// one host may be in several views and has a place in each.

import type { Anchored, Placed, StepName, Topology } from '../../api/topology';
import type { Manual, ViewKind } from '../model';
import { readOptions, type Options } from '../options';

export type { Anchored, Placed } from '../../api/topology';
export type Saved = Topology;

// What a person did. Of nodes and edges null is "not placed by hand". whole: what is given replaces what was, else it is
// laid over it.
export type Edit =
  | { kind: 'place'; whole?: boolean; nodes: Readonly<Record<string, Placed | null>>; edges: Readonly<Record<string, Anchored | null>> }
  | { kind: 'options'; options: Partial<Options> }
  | { kind: 'name'; name: string }
  | { kind: 'refresh' }
  | { kind: 'rebuild' }
  | { kind: 'lock'; on: boolean };

// What is sent for it.
export interface Sending {
  step: StepName;
  fields: Record<string, unknown>;
}

// Short, because ids may fill what the collector takes as a key.
const prefixes = { physical: 'p/', applications: 'a/', workloads: 'w/' } as const;

export const keyIn = (view: ViewKind, id: string) => (view === 'logical' ? id : prefixes[view] + id);

export function viewOfKey(key: string): ViewKind {
  for (const [view, prefix] of Object.entries(prefixes)) if (key.startsWith(prefix)) return view as ViewKind;
  return 'logical';
}

export const bareKey = (key: string): string => (viewOfKey(key) === 'logical' ? key : key.slice(2));

export const idIn = (view: ViewKind, key: string): string | null => (viewOfKey(key) === view ? bareKey(key) : null);

function ofView<T>(view: ViewKind, all: Readonly<Record<string, T>>): Record<string, T> {
  const mine: Record<string, T> = {};
  for (const [key, value] of Object.entries(all)) {
    const id = idIn(view, key);
    if (id !== null) mine[id] = value;
  }
  return mine;
}

export const manualOf = (saved: Pick<Saved, 'nodes' | 'edges'>, view: ViewKind): Manual => ({ nodes: ofView(view, saved.nodes), edges: ofView(view, saved.edges) });

function merged<T extends object>(old: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>>, whole = false): Record<string, T> {
  const all = { ...old };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete all[key];
    else all[key] = whole ? value : { ...all[key], ...value };
  }
  return all;
}

export function applyEdit(saved: Saved, edit: Edit, now: number): Saved {
  switch (edit.kind) {
    case 'place':
      return { ...saved, nodes: merged(saved.nodes, edit.nodes, edit.whole), edges: merged(saved.edges, edit.edges, edit.whole) };
    case 'options':
      return { ...saved, options: { ...saved.options, ...edit.options } };
    case 'name':
      return { ...saved, name: edit.name };
    case 'refresh':
      return { ...saved, last_refreshed: now };
    case 'rebuild':
      return { ...saved, nodes: {}, edges: {}, last_refreshed: now };
    case 'lock':
      return { ...saved, is_locked: edit.on, locked_at: edit.on ? now : null };
  }
}

// What makes it as it was before; null for what is not undone (who locks, unlocks).
export function inverseOf(saved: Saved, edit: Edit): Edit | null {
  switch (edit.kind) {
    case 'place':
      return { kind: 'place', whole: true, nodes: before(saved.nodes, edit.nodes), edges: before(saved.edges, edit.edges) };
    case 'options': {
      const old = readOptions(saved.options);
      return { kind: 'options', options: Object.fromEntries(Object.keys(edit.options).map(name => [name, old[name as keyof Options]])) };
    }
    case 'name':
      return { kind: 'name', name: saved.name };
    case 'rebuild':
      return { kind: 'place', whole: true, nodes: { ...saved.nodes }, edges: { ...saved.edges } };
    case 'refresh':
    case 'lock':
      return null;
  }
}

const before = <T>(old: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>>): Record<string, T | null> => Object.fromEntries(Object.keys(changes).map(key => [key, old[key] ?? null]));

const THINGS_MAX = 2000; // that one step may name

// A drag says where it ended, and leaves to others what else they changed of the thing. What is undone says what it was as a
// whole, many things at once.
export function sendings(saved: Saved, edit: Edit): Sending[] {
  switch (edit.kind) {
    case 'options':
      return [{ step: 'metadata', fields: { options: { ...saved.options, ...edit.options } } }];
    case 'name':
      return [{ step: 'metadata', fields: { name: edit.name } }];
    case 'refresh':
    case 'rebuild':
      return [{ step: edit.kind, fields: {} }];
    case 'lock':
      return [{ step: edit.on ? 'lock' : 'unlock', fields: {} }];
    case 'place':
      return edit.whole ? [...wholes('nodes', edit.nodes), ...wholes('edges', edit.edges)] : parts(edit);
  }
}

function wholes(step: 'nodes' | 'edges', things: Readonly<Record<string, Placed | Anchored | null>>): Sending[] {
  const all = Object.entries(things);
  const sent: Sending[] = [];
  for (let i = 0; i < all.length; i += THINGS_MAX) sent.push({ step, fields: { [step]: Object.fromEntries(all.slice(i, i + THINGS_MAX)) } });
  return sent;
}

const parts = (edit: Extract<Edit, { kind: 'place' }>): Sending[] => [
  ...Object.entries(edit.nodes).map(([node_id, place]): Sending => (place ? { step: place.width === undefined ? 'node-position' : 'node-resize', fields: { node_id, ...place } } : { step: 'nodes', fields: { nodes: { [node_id]: null } } })),
  ...Object.entries(edit.edges).map(([edge_id, anchors]): Sending => (anchors ? { step: 'edge-handles', fields: { edge_id, ...anchors } } : { step: 'edges', fields: { edges: { [edge_id]: null } } })),
];

// Two drags of one thing that nobody has seen yet are one.
export function joined(first: Edit, second: Edit): Edit | null {
  if (first.kind === 'options' && second.kind === 'options') return { kind: 'options', options: { ...first.options, ...second.options } };
  if (first.kind !== 'place' || second.kind !== 'place') return null;
  const keys = (edit: typeof first) => [...Object.keys(edit.nodes), ...Object.keys(edit.edges).map(key => `edge ${key}`)].sort().join();
  if (first.whole || second.whole || keys(first) !== keys(second)) return null;
  const mix = <T extends object>(a: Readonly<Record<string, T | null>>, b: Readonly<Record<string, T | null>>) => Object.fromEntries(Object.entries(b).map(([key, value]) => [key, value && { ...a[key], ...value }]));
  return { kind: 'place', nodes: mix(first.nodes, second.nodes), edges: mix(first.edges, second.edges) };
}
