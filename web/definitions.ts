// SPDX-License-Identifier: BSD-2-Clause
// What defs/services/ says, as modules of the dashboard: the build reads the files once and hands over no more than is
// used. `virtual:services` is small enough for every page, and has the kinds of devices; `virtual:service-details` has all of
// it; `virtual:definition-schema` is the language that definitions are written in; `virtual:icons` has the lines of all icons
// that a picture may show.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Plugin } from 'vite';

import type { Definition, Rule } from './src/services/details';
import { iconNames, logoNames } from './src/topology/iconNames';

const here = import.meta.dirname ?? process.cwd();
const folder = resolve(here, '../defs/services');
const tabler = resolve(here, 'node_modules/@tabler/icons/icons/outline');
const simple = resolve(here, 'node_modules/simple-icons/icons');

type File = Omit<Definition, 'id'>;

const json = (name: string): unknown => JSON.parse(readFileSync(resolve(folder, `${name}.json`), 'utf8'));

const files = () => readdirSync(folder).map(name => basename(name, '.json')).filter(name => name !== 'schema' && name !== 'categories').sort();
const definitions = () => files().map(id => ({ id, ...(json(id) as File) }));
const categories = () => json('categories') as { id: string; icon: string }[];
const devices = () => JSON.parse(readFileSync(resolve(folder, '../devices/kinds.json'), 'utf8')) as { id: string; title: string; icon: string; order: number }[];
const iconOf = (file: File) => (file.logo ? `logo:${file.logo}` : file.icon!);

// Ports and types of which one alone is enough.
const enough = (rule: Rule | undefined, key: 'port' | 'mdns') => (rule?.any ?? (rule ? [rule] : [])).map(each => each[key]).filter(each => typeof each === 'string');

// TCP ports that any definition names: what a light scan asks.
const portsIn = (rule: Rule | undefined): number[] =>
  rule ? [rule.any, rule.all, rule.together].flatMap(each => each ?? []).flatMap(portsIn).concat(rule.port?.endsWith('/tcp') ? parseInt(rule.port, 10) : [], rule.http?.port ?? []) : [];

// An icon's lines, without the empty square that Tabler puts under each.
function lines(file: string): string[] {
  if (!existsSync(file)) throw new Error(`no such icon: ${file}`);
  return [...readFileSync(file, 'utf8').matchAll(/<path ([^>]*)>/g)].filter(([, of]) => !of!.includes('stroke="none"')).map(([, of]) => / ?\bd="([^"]+)"/.exec(of!)![1]!);
}

const modules: Record<string, () => unknown> = {
  'virtual:services': () => ({
    categories: categories(),
    devices: devices().sort((a, b) => a.order - b.order).map(each => [each.id, each.title, each.icon]),
    ports: new Set(definitions().flatMap(each => portsIn(each.match))).size,
    services: definitions().map(each => [each.id, each.name, each.category, iconOf(each), each.is_generic ? 1 : 0, enough(each.match, 'port').join(' '), enough(each.match, 'mdns').join(' ')]),
  }),
  'virtual:definition-schema': () => json('schema'),
  'virtual:service-details': () => definitions().map(({ tests: _, ...each }) => each),
  'virtual:icons': () => {
    const all = new Set([...iconNames, ...logoNames.map(slug => `logo:${slug}`), ...[...categories(), ...devices()].map(each => each.icon), ...definitions().map(iconOf)]);
    return Object.fromEntries([...all].sort().map(name => [name, lines(name.startsWith('logo:') ? resolve(simple, `${name.slice(5)}.svg`) : resolve(tabler, `${name}.svg`))]));
  },
};

export function serviceDefinitions(): Plugin {
  return {
    name: 'service-definitions',
    resolveId: id => (id in modules ? `\0${id}` : null),
    load(id) {
      const make = modules[id.slice(1)];
      if (!id.startsWith('\0') || !make) return null;
      for (const name of readdirSync(folder)) this.addWatchFile(resolve(folder, name));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(make()))});`;
    },
  };
}
