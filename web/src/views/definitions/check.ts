// SPDX-License-Identifier: BSD-2-Clause
// What is wrong with a definition, by the schema of the language: where, and in plain words. Pure. The collector has the last word.

import { schema, type Schema } from '../../services/language';
import { texts } from '../../texts';

const words = texts.definitions.faults;

export interface Fault {
  path: string; // "match.any[1].http.path"; empty: of the whole
  why: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value);
const under = (path: string, name: string) => (path ? `${path}.${name}` : name);

// What one can show as an example of a value at that place: "http.path", "port".
export const exampleAt = (path: string): string | undefined => {
  const names = path.replace(/\[\d+\]/g, '').split('.');
  return texts.rules.examples[names.slice(-2).join('.')] ?? texts.rules.examples[names.at(-1)!];
};

export function faultsOf(value: unknown, given: Schema = schema, path = ''): Fault[] {
  const of = given.$ref ? schema.$defs![given.$ref.split('/').at(-1)!]! : given;
  const fault = (why: string): Fault[] => [{ path, why }];
  if (of.enum) return of.enum.includes(value as string) ? [] : fault(words.choice(of.enum));
  if (of.oneOf) {
    const keys = of.oneOf.flatMap(each => (each.type === undefined ? (each.required ?? []) : []));
    if (!keys.length) return faultsOf(value, of.oneOf.find(each => each.type === typeOf(value)) ?? of.oneOf[0], path);
    const there = isObject(value) ? keys.filter(key => key in value) : [];
    if (there.length !== 1) return [...fault(there.length ? words.notBoth(keys) : words.oneOf(keys)), ...faultsOf(value, { ...of, oneOf: undefined } as unknown as Schema, path)];
  }
  if (of.type && typeOf(value) !== of.type) return fault(words.type(words.types[of.type] ?? of.type));
  if (typeof value === 'string') return textFaults(value, of, path);
  if (typeof value === 'number') return (of.minimum !== undefined && value < of.minimum) || (of.maximum !== undefined && value > of.maximum) ? fault(words.between(of.minimum ?? 0, of.maximum ?? 0)) : [];
  if (Array.isArray(value)) {
    if (value.length < (of.minItems ?? 0)) return fault(words.noItem);
    if (value.length > (of.maxItems ?? Infinity)) return fault(words.manyItems(of.maxItems!));
    return of.items ? value.flatMap((each, i) => faultsOf(each, of.items, `${path}[${i}]`)) : [];
  }
  return isObject(value) ? objectFaults(value, of, path) : [];
}

function textFaults(value: string, of: Schema, path: string): Fault[] {
  const long = new TextEncoder().encode(value).length;
  if (value === '' && (of.minLength || of.pattern)) return [{ path, why: words.needed }];
  if (long < (of.minLength ?? 0)) return [{ path, why: words.short(of.minLength!) }];
  if (long > (of.maxLength ?? Infinity)) return [{ path, why: words.long(of.maxLength!) }];
  return of.pattern && !new RegExp(of.pattern, 'u').test(value) ? [{ path, why: words.form(exampleAt(path)) }] : [];
}

function objectFaults(value: Record<string, unknown>, of: Schema, path: string): Fault[] {
  const found: Fault[] = [];
  const keys = Object.keys(value);
  for (const key of of.required ?? []) if (!(key in value)) found.push({ path: under(path, key), why: words.needed });
  if (keys.length < (of.minProperties ?? 0)) found.push({ path, why: of.maxProperties === 1 ? words.noRule : words.nothing });
  if (keys.length > (of.maxProperties ?? Infinity)) found.push({ path, why: words.oneKind(keys) });
  for (const key of keys) {
    const form = of.properties?.[key] ?? (typeof of.additionalProperties === 'object' ? of.additionalProperties : undefined);
    if (form) found.push(...faultsOf(value[key], form, under(path, key)));
    else if (of.additionalProperties === false) found.push({ path: under(path, key), why: words.unknown(key) });
  }
  return found;
}

export const faultText = ({ path, why }: Fault) => (path ? `${path}: ${why}` : why);
