// SPDX-License-Identifier: BSD-2-Clause
// Where rows become the picture on show. It watches its sources, makes graph and placement again when something moved, and
// tells who looks. React is not asked: a live change draws the picture again, and nothing else of the page.

import { noGraph, noPlacement, type Graph, type Manual, type Change, type Placement } from '../model';
import type { Options } from '../options';
import { entityNames, type EntityName } from '../../state/entities';
import type { Tag } from '../../api/things';
import type { Gone } from './past';
import type { Source } from './sources';

export interface Shown {
  options: Options;
  manual: Manual;
  arrangedAt: number; // seconds
  at: number | null; // the time that it shows; null: now
  compare: ReadonlyMap<string, Change> | null;
  gone: Gone | null; // beside what there is
  networkName: (id: string) => string;
  tags: readonly Tag[];
}

export interface Drawn {
  graph: Graph;
  placement: Placement;
  manual: Manual;
  options: Options;
  ready: boolean; // all sources have been read
}

// The rooms of topology/ that it puts together.
export interface Making {
  builder(): { update(input: { views: ReturnType<Source['views']>; options: Options; tags: readonly Tag[]; networkName: string; now: number; compare?: ReadonlyMap<string, Change>; ghosts?: Gone }): Graph };
  join(graphs: { id: string; name: string; graph: Graph }[]): Graph;
  layouter(changed: () => void): { place(graph: Graph, manual: Manual, options: Options, arrangedAt: number): Placement; dispose(): void };
  now(): number; // seconds
}

const TICK_MS = 5000; // after which what is live or quiet is looked at again

// What a picture can be made of; the others (sessions, discoveries) move without it.
const without = new Set<EntityName>(['discovery', 'session']);
const drawnOf = entityNames.filter(name => !without.has(name) && (name as string) !== 'topology');

interface Named {
  id: string;
  name: string;
  graph: Graph;
}

interface Place {
  source: Source;
  builder: ReturnType<Making['builder']>;
  leave: () => void;
}

export class Stage {
  private places: Place[] = [];
  private shown: Shown | null = null;
  private drawn: Drawn;
  private seen = '';
  private layouter: ReturnType<Making['layouter']>;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly making: Making,
    options: Options,
    manual: Manual,
  ) {
    this.drawn = { graph: noGraph(options.view), placement: noPlacement, manual, options, ready: false };
    this.layouter = making.layouter(() => this.draw(true));
  }

  state = (): Drawn => this.drawn;
  sources = (): Source[] => this.places.map(place => place.source);

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.draw(true), TICK_MS);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size || this.timer === null) return;
      clearInterval(this.timer);
      this.timer = null;
    };
  };

  show(sources: readonly Source[], shown: Shown) {
    // Where things of another network were says nothing of this one's.
    if (this.places.length && sources[0]?.network !== this.places[0]!.source.network) {
      this.layouter.dispose();
      this.layouter = this.making.layouter(() => this.draw(true));
    }
    this.places = sources.map(source => this.places.find(place => place.source === source) ?? this.enter(source));
    for (const place of this.gone(sources)) place.leave();
    this.shown = shown;
    this.draw(true);
  }

  dispose() {
    for (const place of this.places) place.leave();
    this.entered.clear();
    this.places = [];
    this.layouter.dispose();
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private readonly entered = new Set<Place>();

  private enter(source: Source): Place {
    const place = { source, builder: this.making.builder(), leave: source.subscribe(() => this.draw(false)) };
    this.entered.add(place);
    return place;
  }

  private gone(sources: readonly Source[]): Place[] {
    const gone = [...this.entered].filter(place => !sources.includes(place.source));
    for (const place of gone) this.entered.delete(place);
    return gone;
  }

  // anyway: something else than the rows has moved.
  private draw(anyway: boolean) {
    const { shown, places } = this;
    if (!shown || !places.length) return;
    const seen = places.map(({ source }) => versionOf(source)).join(';');
    if (!anyway && seen === this.seen) return;
    this.seen = seen;
    const ready = places.every(({ source }) => source.loaded());
    const graphs = places.filter(({ source }) => source.loaded()).map(place => this.graphOf(place, shown));
    const graph = this.joined(graphs) ?? graphs[0]?.graph ?? noGraph(shown.options.view);
    const placement = this.layouter.place(graph, shown.manual, shown.options, shown.arrangedAt);
    const { manual, options } = shown;
    const old = this.drawn;
    if (old.graph === graph && old.placement === placement && old.manual === manual && old.options === options && old.ready === ready) return;
    this.drawn = { graph, placement, manual, options, ready };
    for (const listener of this.listeners) listener();
  }

  private parts: readonly Named[] = [];
  private whole: Graph | null = null;

  // Of several networks one, the same as long as they are.
  private joined(graphs: Named[]): Graph | null {
    if (graphs.length < 2) return null;
    const same = graphs.length === this.parts.length && graphs.every((each, i) => each.graph === this.parts[i]!.graph && each.name === this.parts[i]!.name);
    if (!same || !this.whole) this.whole = this.making.join(graphs);
    this.parts = graphs;
    return this.whole;
  }

  private graphOf({ source, builder }: Place, shown: Shown): Named {
    const name = shown.networkName(source.network);
    const graph = builder.update({
      views: source.views(),
      options: shown.options,
      tags: shown.tags,
      networkName: name,
      now: shown.at ?? this.making.now(),
      // Only of the network on show is it known what became of it.
      ...(shown.compare && source === this.places[0]!.source ? { compare: shown.compare, ghosts: shown.gone ?? {} } : {}),
    });
    return { id: source.network, name, graph };
  }
}

const ages = new WeakMap<object, number>();
let age = 0;

// A new snapshot is a new set of tables whose counts may be the old one's.
function versionOf(source: Source): string {
  const { tables } = source.views();
  if (!ages.has(tables)) ages.set(tables, ++age);
  return `${ages.get(tables)} ${source.loaded()} ${drawnOf.map(name => tables.versions[name]).join(' ')}`;
}
