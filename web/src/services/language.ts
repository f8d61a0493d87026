// SPDX-License-Identifier: BSD-2-Clause
// The schema of the language that definitions are written in: defs/services/schema.json. Load it lazily.

import form from 'virtual:definition-schema';

// As much of JSON Schema as is used there.
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  description?: string;
  enum?: string[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  minProperties?: number;
  maxProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

export const schema: Schema = form;
