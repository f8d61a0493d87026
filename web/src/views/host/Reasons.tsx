// SPDX-License-Identifier: BSD-2-Clause
// The tree of reasons of a conclusion, in words: what was looked for, what was found, and the evidence for it.

import { IconCheck, IconCircleDashed, IconX } from '@tabler/icons-react';

import { linkTo } from '../../navigate';
import { hostPath } from '../../route';
import { plainest, readReason, type Reason } from '../../services/reasons';
import { texts } from '../../texts';
import { isGroup, signText } from '../definitions/rule';
import css from './Reasons.module.css';

const words = texts.reasons;

interface Props {
  reasons: unknown;
  hostId: string; // whose evidence it is
  missed?: boolean; // show also what was not found
  leftOut?: boolean | undefined; // the host has more reasons than are kept
}

export function Reasons({ reasons, hostId, missed = false, leftOut = false }: Props) {
  const reason = readReason(reasons);
  if (!reason) return <p className={css.hint}>{leftOut ? words.leftOut : words.noneOf}</p>;
  return (
    <ul className={css.tree}>
      <Node reason={plainest(reason)} hostId={hostId} missed={missed} />
    </ul>
  );
}

function Node({ reason, hostId, missed }: { reason: Reason; hostId: string; missed: boolean }) {
  const { is, want, met, port, found, evidence = [] } = reason;
  const group = isGroup(is) || is === 'not';
  // Of alternatives those that were not found only matter when none was.
  const of = (reason.of ?? []).filter(each => missed || each.met || !met || is === 'not');
  if (isGroup(is) && of.length === 1 && !missed) return <Node reason={of[0]!} hostId={hostId} missed={missed} />;
  const Mark = met ? IconCheck : group ? IconCircleDashed : IconX;
  const text = group ? `${texts.rules.kinds[is]}:` : is === 'port' && met ? words.open(port ?? String(want)) : signText(is, want);
  return (
    <li>
      <span className={css.line} data-met={met}>
        <Mark size={15} role="img" aria-label={met ? words.met : words.notMet} />
        <span className={css.text}>{text}</span>
        {port && is !== 'port' && <span className="dim">{words.at(port)}</span>}
        {found && is !== 'port' && found !== want && <span className={css.found}>{found}</span>}
        {evidence.length > 0 && (
          <a className="link" aria-label={`${words.evidenceOf(evidence.length)}: ${text}`} {...linkTo(`${hostPath(hostId)}?tab=evidence&row=${evidence.map(encodeURIComponent).join(',')}`)}>
            {words.evidence}
          </a>
        )}
      </span>
      {of.length > 0 && (
        <ul>
          {of.map((each, i) => (
            <Node key={i} reason={each} hostId={hostId} missed={missed} />
          ))}
        </ul>
      )}
    </li>
  );
}
