// SPDX-License-Identifier: BSD-2-Clause
// How a group will look in the picture: a path from stop to stop, or a hub with its spokes, in its colour.

import { texts } from '../../texts';
import css from './GroupPreview.module.css';
import { useMembers } from './members';

const words = texts.things.groups;
const SPOKES_MAX = 8;

export function GroupPreview({ ids, hub, color }: { ids: readonly string[]; hub: boolean; color: string }) {
  const members = useMembers();
  const [first, ...others] = ids.map(id => members.title(id));
  const shown = others.slice(0, SPOKES_MAX);
  const more = others.length - shown.length;
  return (
    <figure className={css.preview} data-color={color} data-hub={hub || undefined}>
      <figcaption>{words.preview}</figcaption>
      <ol className={css.stops}>
        <li className={css.first}>{first}</li>
        {shown.map((title, i) => (
          <li key={i}>{title}</li>
        ))}
        {more > 0 && <li className={css.more}>{texts.table.more(more)}</li>}
      </ol>
    </figure>
  );
}
