// SPDX-License-Identifier: BSD-2-Clause
// What the pages of discovery share: phases, kinds, whose doing it was, and starting and cancelling.

import type { DiscoveryType, Phase, Session } from '../../api';
import { discovery } from '../../api';
import { errorText } from '../../errors';
import { useViews } from '../../live';
import { useMe, useRights } from '../../me';
import { Chip, type Tone } from '../../parts/Chips';
import { confirm, say } from '../../parts/overlay';
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

export async function cancel(session: Session) {
  const yes = await confirm({ title: words.sessions.cancelTitle, text: words.sessions.cancelText(session.name), act: words.sessions.cancel, danger: true });
  if (yes) await discovery.cancel(session.id).then(() => say(words.sessions.cancelled), refused);
}

export function resultRows(results: Record<string, unknown> | null): [string, string][] {
  return Object.entries(results ?? {}).map(([name, value]) => [
    words.runs.result[name] ?? name.replaceAll('_', ' '),
    typeof value === 'boolean' ? (value ? texts.history.yes : texts.history.no) : typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
}
