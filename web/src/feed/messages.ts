// SPDX-License-Identifier: BSD-2-Clause
// What the collector may say on /live (docs/live.md), read with suspicion: a message that is not in that
// form is null, and whoever reads it starts the subscription again.

export type Op = 'insert' | 'update' | 'delete';

export interface Change {
  seq: number;
  at: number;
  entity: string;
  id: string;
  op: Op;
  set: Record<string, unknown> | null;
}

export interface Row {
  id: string;
  [field: string]: unknown;
}

export type Message =
  | { type: 'snapshot'; network_id: string; entity: string; rows: Row[] }
  | { type: 'ready'; network_id: string; seq: number }
  | { type: 'changes'; changes: Change[] }
  | { type: 'error'; code: string; message: string }
  | { type: 'unknown' };

type Bag = Record<string, unknown>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRow = (value: unknown): value is Row => isBag(value) && typeof value.id === 'string';

function isChange(value: unknown): value is Change {
  if (!isBag(value) || !isSeq(value.seq) || typeof value.entity !== 'string' || typeof value.id !== 'string') return false;
  if (value.op === 'delete') return true;
  return (value.op === 'insert' || value.op === 'update') && isBag(value.set);
}

export function readMessage(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isBag(value) || typeof value.type !== 'string') return null;
  const { type, network_id, entity, rows, seq, changes, code, message } = value;
  switch (type) {
    case 'snapshot':
      if (typeof network_id !== 'string' || typeof entity !== 'string') return null;
      return Array.isArray(rows) && rows.every(isRow) ? { type, network_id, entity, rows } : null;
    case 'ready':
      return typeof network_id === 'string' && isSeq(seq) ? { type, network_id, seq } : null;
    case 'changes':
      return Array.isArray(changes) && changes.every(isChange) ? { type, changes } : null;
    case 'error':
      return { type, code: String(code ?? ''), message: String(message ?? '') };
    default:
      return { type: 'unknown' };
  }
}
