// SPDX-License-Identifier: BSD-2-Clause
// What the pages of discovery share: phases, kinds, whose doing it was, and starting and cancelling.

import type { DiscoveryType, Phase, Session } from '../../api';
import { discovery } from '../../api';
import { errorText } from '../../errors';
import { countText } from '../../format';
import { useViews } from '../../live';
import { useMe, useRights } from '../../me';
import { Chip, type Tone } from '../../parts/Chips';
import { say } from '../../parts/overlay';
import { people } from '../../api';
import { useRemote } from '../../remote';
import { texts } from '../../texts';

const words = texts.discovery;

export const isOver = (phase: Phase) => phase === 'Complete' || phase === 'Failed' || phase === 'Cancelled';

const tones: Record<Phase, Tone> = { Pending: 'plain', Starting: 'accent', Started: 'accent', Scanning: 'accent', Complete: 'live', Failed: 'bad', Cancelled: 'warn' };

export const PhaseChip = ({ phase }: { phase: Phase }) => <Chip tone={tones[phase] ?? 'plain'}>{words.phase[phase] ?? phase}</Chip>;

export const kindText = (type: DiscoveryType) => words.type[type.type] ?? type.type;

export function useSensorName(): (id: string) => string {
  const { tables } = useViews('sensor');
  return id => tables.sensor.get(id)?.name ?? texts.unknown;
}

// The names of people are there for those who may see the others; everybody knows themselves.
export function useCause(): (session: Session) => string {
  const me = useMe();
  const rights = useRights();
  const { value } = useRemote(rights.manage ? 'users' : 'users none', rights.manage ? people.list : async () => ({ rows: [], total: 0 }));
  return session => {
    if (session.cause !== 'person' || !session.started_by) return words.cause[session.cause] ?? session.cause;
    const who = session.started_by === me.id ? me.name || me.email : value?.rows.find(user => user.id === session.started_by)?.name;
    return who ? words.causeBy(who) : words.cause.person!;
  };
}

const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

export const start = (id: string, name: string) => discovery.start(id).then(() => say(words.sessions.started(name)), refused);

// At once, without a question: what it has found stays, and it can run again.
export const cancel = (session: Session) => discovery.cancel(session.id).then(() => say(words.sessions.cancelled(session.name)), refused);

const valueText = (value: unknown) => (typeof value === 'boolean' ? (value ? texts.history.yes : texts.history.no) : typeof value === 'number' ? numberText(value) : typeof value === 'object' ? JSON.stringify(value) : String(value));
const numberText = (value: number) => (Number.isInteger(value) ? countText(value) : value.toFixed(1));

// In the order of the words for them, what has none last.
const places = new Map(Object.keys(words.runs.result).map((name, i) => [name, i]));

export function resultRows(results: Record<string, unknown> | null): [string, string][] {
  return Object.entries(results ?? {})
    .filter(([name]) => name !== 'notes')
    .sort(([a], [b]) => (places.get(a) ?? places.size) - (places.get(b) ?? places.size))
    .map(([name, value]) => [words.runs.result[name] ?? name.replaceAll('_', ' '), name === 'step' ? (words.sessions.step[String(value)] ?? String(value)) : valueText(value)]);
}

export const notesOf = (results: Record<string, unknown> | null): string[] => (Array.isArray(results?.notes) ? results.notes.filter((note): note is string => typeof note === 'string') : []);

// What it came to, in a line: hosts and open ports of a scan.
export function foundText(results: Record<string, unknown> | null): string {
  const hosts = results?.hosts_up;
  const ports = results?.open;
  return typeof hosts === 'number' && typeof ports === 'number' ? words.runs.foundText(hosts, ports) : '';
}
