// SPDX-License-Identifier: BSD-2-Clause
// What the options leave out, the same in every view.

import type { Host, Service } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import { certainties, describeService, type Described } from '../../services/catalogue';
import { idsOf } from './lists';
import type { Change, ServiceLine, Truth } from '../model';
import type { Options } from '../options';
import { graphTexts } from '../../texts/graph';
import { QUIET_SECONDS, type Look } from './input';
import type { Reason } from './left';

const hasOne = (tags: unknown, hidden: ReadonlySet<string>) => hidden.size > 0 && idsOf(tags).some(id => hidden.has(id));

export class Filter {
  private readonly hostTags: ReadonlySet<string>;
  private readonly serviceTags: ReadonlySet<string>;
  private readonly subnetTags: ReadonlySet<string>;
  private readonly categories: ReadonlySet<string>;

  constructor(readonly options: Options) {
    this.hostTags = new Set(options.tag_filter.hidden_host_tag_ids);
    this.serviceTags = new Set(options.tag_filter.hidden_service_tag_ids);
    this.subnetTags = new Set(options.tag_filter.hidden_subnet_tag_ids);
    this.categories = new Set(options.hide_service_categories);
  }

  // Why a host is left out; null: it is not.
  host(view: HostView, quiet: boolean): Reason | null {
    if (view.host.hidden) return 'hidden';
    if (hasOne(view.host.tags, this.hostTags)) return 'hostTag';
    if (view.remote && this.options.hide_remote) return 'remote';
    if (quiet && this.options.hide_quiet) return 'quiet';
    return null;
  }

  service(service: Service, described: Described): Reason | null {
    if (hasOne(service.tags, this.serviceTags)) return 'serviceTag';
    return this.categories.has(described.category) ? 'serviceCategory' : null;
  }

  subnet(tags: unknown): boolean {
    return hasOne(tags, this.subnetTags);
  }
}

// After when it is quiet: by its own protocols, if a sensor knows them. What a person noted says nothing, and is never.
export const quietAfter = (host: Host) => (host.origin === 'manual' ? Infinity : (host.present_until ?? host.last_seen + QUIET_SECONDS));

const truths = new Set<string>(['measured', 'announced', 'inferred']);

export const truthOf = (row: { origin: string; confidence?: string }): Truth => (row.origin === 'manual' ? 'noted' : truths.has(row.confidence ?? '') ? (row.confidence as Truth) : 'measured');

// What answers, and what a person says is there.
export const isThere = (service: Service) => service.state === 'open' || service.origin === 'manual';

// The name of what is only guessed from a port says so.
export const serviceTitle = (described: Described) => (described.how === 'port' && described.definition ? graphTexts.guess(described.title) : described.title);

export const portOf = (service: Service) => (service.port === null ? '' : `${service.port}/${service.proto}`);

export function lineOf(service: Service, described: Described, options: Options, change: Change | undefined): ServiceLine {
  const line: ServiceLine = { id: service.id, title: serviceTitle(described), detail: options.hide_ports ? '' : portOf(service), icon: described.icon, category: described.category, truth: truthOf(service) };
  // A port of which nothing is known is its own name.
  if (line.title === line.detail) line.detail = '';
  if (change) line.change = change;
  return line;
}

export interface Lines {
  lines: ServiceLine[];
  twins: string[]; // services that share another's line: the same on another address
  categories: Set<string>; // also of those that are not shown as lines
}

interface Shown {
  service: Service;
  described: Described;
  port: string;
}

// One line for what is one service: seen in several VLANs at one address and port, or the same on several addresses. By
// port, then by name.
export function linesOf(services: readonly Service[], filter: Filter, look: Look, left: (reason: Reason) => void): Lines {
  let shown: Shown[] = [];
  const categories = new Set<string>();
  for (const service of services) {
    const described = describeService(service);
    categories.add(described.category);
    const reason = filter.service(service, described);
    if (reason) left(reason);
    else shown.push({ service, described, port: portOf(service) });
  }
  const twins: string[] = [];
  if (shown.length > 1) {
    shown = folded(shown, twins, each => (each.port ? `${each.service.ip} ${each.port}` : each.service.id));
    shown = folded(shown, twins, each => `${each.port} ${each.described.title}`);
    twins.sort();
  }
  if (look.options.hide_services) shown = [];
  if (shown.length > 1) shown.sort((a, b) => (a.service.port ?? 0) - (b.service.port ?? 0) || compare(a.port, b.port) || compare(a.described.title, b.described.title) || compare(a.service.id, b.service.id));
  return { lines: shown.map(each => lineOf(each.service, each.described, look.options, look.compare?.get(each.service.id))), twins, categories };
}

const order: Record<Described['how'], number> = { named: 0, announced: 1, port: 2 };
const sure = (a: Described, b: Described) => order[a.how] - order[b.how] || certainties.indexOf(b.certainty ?? 'medium') - certainties.indexOf(a.certainty ?? 'medium');

// Of those of one form the one that is known best stays.
function folded(shown: readonly Shown[], twins: string[], formOf: (each: Shown) => string): Shown[] {
  const byForm = new Map<string, Shown>();
  for (const each of shown) {
    const form = formOf(each);
    const other = byForm.get(form);
    const better = !other || (sure(each.described, other.described) || compare(each.service.id, other.service.id)) < 0;
    if (better) byForm.set(form, each);
    if (other) twins.push(better ? other.service.id : each.service.id);
  }
  return byForm.size === shown.length ? [...shown] : [...byForm.values()];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

// What became of a thing of several rows: it came or went as a whole, or something of it is other than it was.
export function changeOf(look: Look, id: string | null, rows: readonly string[], lines: readonly ServiceLine[] = []): Change | undefined {
  const { compare: changes } = look;
  if (!changes) return undefined;
  const whole = id === null ? undefined : changes.get(id);
  if (whole === 'added' || whole === 'removed') return whole;
  const [first, ...more] = rows.map(row => changes.get(row));
  if (first && first !== 'changed' && more.every(each => each === first)) return first;
  return whole || rows.some(row => changes.has(row)) || lines.some(line => line.change) ? 'changed' : undefined;
}
