// SPDX-License-Identifier: BSD-2-Clause
// The picture's outline for those who hear it: what containers there are and what is in them. Made again only when
// something came, went or moved to another container.

import { memo } from 'react';

import type { Graph } from '../../../topology/model';
import { texts } from '../../../texts/picture';

const MOST = 100;

export const Outline = memo(
  function Outline({ graph }: { graph: Graph }) {
    const containers = [...graph.containers.values()];
    return (
      <section className="hidden" aria-label={texts.outline}>
        <p>{texts.sums(graph.containers.size, graph.nodes.size, graph.edges.size)}</p>
        <ul>
          {containers.slice(0, MOST).map(({ id, title, subtitle, kind, summary }) => (
            <li key={id}>{[title, texts.containers[kind], subtitle, texts.within(summary.hosts, summary.services)].filter(Boolean).join(', ')}</li>
          ))}
          {containers.length > MOST && <li>{texts.more(containers.length - MOST)}</li>}
        </ul>
      </section>
    );
  },
  (old, { graph }) => old.graph.structure === graph.structure && old.graph.view === graph.view,
);
