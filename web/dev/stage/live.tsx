// SPDX-License-Identifier: BSD-2-Clause
// The picture of the mock's network alone: to look at it, and to tell its cost from that of the page around.
import 'virtual:theme.css';
import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import '../../src/styles.css';
import './stage.css';

import { useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';

import { nothingManual, type Manual } from '../../src/topology/model';
import { defaults } from '../../src/topology/options';
import { Picture } from '../../src/views/topology/picture/Picture';
import { follow, look, store } from './data';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.mantineColorScheme = query.get('scheme') ?? 'light';
const [x, y, zoom] = (query.get('at') ?? '').split(',').map(Number);
let version = 0;
const listeners = new Set<() => void>();
follow(() => (version++, listeners.forEach(listener => listener())));

function Stage() {
  useSyncExternalStore(listener => (listeners.add(listener), () => listeners.delete(listener)), () => version);
  const [selected, select] = useState<string | null>(query.get('select'));
  const [manual, setManual] = useState<Manual>(nothingManual);
  if (!store.loaded()) return null;
  const { graph, placement } = look(defaults, manual);
  Object.assign(window, { graph, placement });
  return (
    <div className="stage">
      <Picture
        graph={graph} placement={placement} manual={manual} options={defaults} selected={selected} onSelect={select}
        initialViewport={zoom ? { x: x!, y: y!, zoom } : null}
        onMoveNode={(id, to) => setManual(old => ({ ...old, nodes: { ...old.nodes, [id]: { ...old.nodes[id], ...to } } }))}
        onResizeContainer={(id, box) => setManual(old => ({ ...old, nodes: { ...old.nodes, [id]: box } }))}
        onAnchorEdge={(id, end, side) => setManual(old => ({ ...old, edges: { ...old.edges, [id]: { ...old.edges[id], [end]: side } } }))}
      />
    </div>
  );
}

createRoot(document.getElementById('root')!).render(<Stage />);
