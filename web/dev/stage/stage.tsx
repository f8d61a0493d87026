// SPDX-License-Identifier: BSD-2-Clause
// The picture alone, with a made-up graph: for looking at it while working on it.
//   ?hosts=40&at=x,y,zoom&select=ID&scheme=dark
import 'virtual:theme.css';
import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import '../../src/styles.css';

import { createRoot } from 'react-dom/client';
import { useRef, useState } from 'react';

import { Layouter } from '../../src/topology/layout/layouter';
import { nothingManual, type Manual } from '../../src/topology/model';
import { defaults } from '../../src/topology/options';
import { Picture, type PictureHandle } from '../../src/views/topology/picture/Picture';
import { made } from './made';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.mantineColorScheme = query.get('scheme') ?? 'light';
const graph = made(Number(query.get('hosts') ?? 40));
const layouter = new Layouter(() => {});

function Stage() {
  const [selected, select] = useState<string | null>(query.get('select'));
  const [manual, setManual] = useState<Manual>(nothingManual);
  const ref = useRef<PictureHandle>(null);
  const placement = layouter.place(graph, manual, defaults, 0);
  const [x, y, zoom] = (query.get('at') ?? '').split(',').map(Number);
  Object.assign(window, { picture: ref, graph, placement });
  return (
    <div style={{ position: 'fixed', inset: 0 }}>
      <Picture
        ref={ref} graph={graph} placement={placement} manual={manual} options={defaults} selected={selected} onSelect={select}
        initialViewport={zoom ? { x: x!, y: y!, zoom } : null}
        onMoveNode={(id, to) => setManual(old => ({ ...old, nodes: { ...old.nodes, [id]: { ...old.nodes[id], ...to } } }))}
        onResizeContainer={(id, box) => setManual(old => ({ ...old, nodes: { ...old.nodes, [id]: box } }))}
        onAnchorEdge={(id, end, side) => setManual(old => ({ ...old, edges: { ...old.edges, [id]: { ...old.edges[id], [end]: side } } }))}
      />
    </div>
  );
}

createRoot(document.getElementById('root')!).render(<Stage />);
