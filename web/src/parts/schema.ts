// SPDX-License-Identifier: BSD-2-Clause
// What a field must be, from the API's description of itself, and in plain words what is wrong with a value. Nothing about
// a field is written down here: only what kinds of rules there are. Pure.

import { cronText } from '../cron';
import { bodyOf, resolve, type Document, type Schema } from '../openapi';
import { isCidr, isIp, isMac } from '../state/addressForm';
import { texts } from '../texts';

const words = texts.check;

const bytes = new TextEncoder();

// As far as can be told without asking the collector.
const isZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

const formats: Record<string, [(text: string) => boolean, string]> = {
  ip: [isIp, words.ip],
  cidr: [isCidr, words.cidr],
  mac: [isMac, words.mac],
  email: [text => /^[^\s@]+@[^\s@]+$/.test(text), words.email],
  cron: [text => cronText(text) !== null, words.cron],
  timezone: [isZone, words.zone],
  uuid: [text => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text), words.id],
};

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';
const typesOf = (schema: Schema) => (Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]);

function textProblem(schema: Schema, text: string): string | null {
  if (schema.enum) return schema.enum.includes(text) ? null : words.choice;
  // The collector counts bytes, of which most letters have one.
  const size = bytes.encode(text).length;
  if (schema.maxLength !== undefined && size > schema.maxLength) return size === text.length ? words.long(schema.maxLength) : words.longBytes(schema.maxLength);
  if (schema.minLength !== undefined && size < schema.minLength) return size === 0 ? words.needed : words.short(schema.minLength);
  const format = schema.format === undefined ? undefined : formats[schema.format];
  if (format && !format[0](text)) return format[1];
  return schema.pattern !== undefined && !new RegExp(schema.pattern).test(text) ? words.form : null;
}

function numberProblem(schema: Schema, value: unknown): string | null {
  const { minimum, maximum } = schema;
  const whole = typesOf(schema).includes('integer');
  const right = typeof value === 'number' && Number.isFinite(value) && (!whole || Number.isInteger(value)) && (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum);
  return right ? null : words.number(whole, minimum, maximum);
}

// null: nothing is wrong with it.
export function problemOf(schema: Schema, value: unknown, required = false): string | null {
  const types = typesOf(schema);
  if (isEmpty(value)) {
    if (value === '' && !required && !types.includes('null') && types.includes('string')) return textProblem(schema, '');
    return required || (value === null && types.length > 0 && !types.includes('null')) ? words.needed : null;
  }
  if (types.includes('integer') || types.includes('number')) return numberProblem(schema, value);
  if (types.includes('boolean')) return typeof value === 'boolean' ? null : words.choice;
  if (types.includes('array')) {
    if (!Array.isArray(value)) return words.form;
    if (required && value.length === 0 && (schema.minItems ?? 0) > 0) return words.needed;
    if (schema.minItems !== undefined && value.length < schema.minItems) return words.few(schema.minItems);
    if (schema.maxItems !== undefined && value.length > schema.maxItems) return words.many(schema.maxItems);
    for (const each of value) {
      const problem = schema.items && problemOf(schema.items, each);
      if (problem) return words.item(String(each), problem);
    }
    return null;
  }
  if (types.includes('object')) return typeof value === 'object' ? null : words.form;
  return typeof value === 'string' ? textProblem(schema, value) : words.form;
}

// What is wrong with a body for this operation, by field. only: the fields that are meant; others may be missing.
export function problemsOf(document: Document, operation: string, body: Readonly<Record<string, unknown>>, only?: readonly string[]): Record<string, string> {
  const schema = bodyOf(document, operation);
  return schema ? problemsIn(document, schema, body, only) : {};
}

function problemsIn(document: Document, schema: Schema, body: Readonly<Record<string, unknown>>, only?: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  const names = only ?? [...new Set([...Object.keys(body), ...(schema.required ?? [])])];
  for (const name of names) {
    const field = resolve(document, schema.properties?.[name]);
    if (!field) continue;
    const value = body[name];
    const problem = problemOf(field, value, !only && schema.required?.includes(name));
    if (problem) found[name] = problem;
    // What is inside is told by its own name, which is the form's too.
    else if (field.properties && typeof value === 'object' && value !== null) Object.assign(found, problemsIn(document, field, value as Record<string, unknown>));
  }
  return found;
}
