// SPDX-License-Identifier: BSD-2-Clause
// The collector's own OpenAPI document: operations by subject, what a body's fields must be, and an example of one. Pure.

export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  example?: unknown;
  default?: unknown;
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Described {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  [extension: `x-${string}`]: unknown;
}

export interface Document {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Described>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  parameters: Parameter[];
  body: Schema | null;
  role: string | null;
}

export interface Subject {
  name: string;
  operations: Operation[];
}

const methods = ['get', 'post', 'put', 'delete'];

export function resolve(document: Document, schema: Schema | undefined, depth = 0): Schema | null {
  if (!schema || depth > 8) return null;
  const name = schema.$ref?.split('/').pop();
  if (name) return resolve(document, document.components?.schemas?.[name], depth + 1);
  const one = schema.allOf ?? schema.anyOf ?? schema.oneOf;
  return one ? resolve(document, one[0], depth + 1) : schema;
}

export function subjects(document: Document): Subject[] {
  const found = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const of = item[method];
      if (!of) continue;
      const name = of.tags?.[0] ?? 'other';
      const list = found.get(name) ?? [];
      const role = of['x-role'];
      list.push({
        id: of.operationId ?? `${method} ${path}`,
        method: method.toUpperCase(),
        path,
        summary: of.summary ?? '',
        parameters: of.parameters ?? [],
        body: resolve(document, of.requestBody?.content?.['application/json']?.schema),
        role: typeof role === 'string' ? role : null,
      });
      found.set(name, list);
    }
  }
  return [...found].map(([name, operations]) => ({ name, operations })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

// What the body of an operation must be: "post /api/hosts". null: it has none, or there is no such operation.
export function bodyOf(document: Document, operation: string): Schema | null {
  const [method = '', path = ''] = operation.split(' ');
  return resolve(document, document.paths[path]?.[method]?.requestBody?.content?.['application/json']?.schema);
}

// A value of that type, so that one sees the form of a body and only has to change it.
export function exampleOf(document: Document, schema: Schema | null | undefined, depth = 0): unknown {
  const known = resolve(document, schema ?? undefined);
  if (!known || depth > 4) return null;
  if (known.example !== undefined) return known.example;
  if (known.default !== undefined) return known.default;
  if (known.enum?.length) return known.enum[0];
  const type = Array.isArray(known.type) ? known.type.find(each => each !== 'null') : known.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(known.properties ?? {}).map(([name, each]) => [name, exampleOf(document, each, depth + 1)]));
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return known.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return '';
  }
}

// The address with the values filled in; null while one that is needed is missing.
export function addressOf(operation: Operation, values: Record<string, string>): string | null {
  let missing = false;
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name]?.trim();
    if (!value) missing = true;
    return encodeURIComponent(value ?? '');
  });
  const query = operation.parameters.filter(each => each.in === 'query' && values[each.name]?.trim()).map(each => `${each.name}=${encodeURIComponent(values[each.name]!.trim())}`);
  return missing ? null : query.length ? `${path}?${query.join('&')}` : path;
}
