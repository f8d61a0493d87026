// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it, vi } from 'vitest';

import { fileName } from './files';
import { fittingScale } from './png';
import { edgesCsv, thingsCsv, toJson } from './table';
import { Tape } from './tape';
import { nodesByContainer } from './tree';
import { container, edge, graphOf, hostile, hostileGraph, node, placementOf } from './testing/sample';
import { inSlices, wasCancelled } from './work';
import type { Painter } from '../paint/painter';

// RFC 4180, strictly: every cell between quotes, every row ended by CR LF.
function readCsv(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true);
  return text.slice(0, -2).split('"\r\n"').map((row, i, all) => {
    const whole = `${i ? '"' : ''}${row}${i < all.length - 1 ? '"' : ''}`;
    expect(whole).toMatch(/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*$/);
    return whole.slice(1, -1).split('","').map(each => each.replace(/""/g, '"'));
  });
}

describe('a file’s name', () => {
  const at = new Date(2026, 10, 28, 14, 3, 22);
  it('says what and when', () => {
    expect(fileName('My network', 'logical', at, '.png')).toBe('netvisor-my-network-logical-2026-11-28T14-03-22.png');
  });
  it('means nothing to any system, whatever the network is called', () => {
    for (const name of hostile) expect(fileName(name, 'logical', at, '.png')).toMatch(/^netvisor-(?:[\p{L}\p{N}-]{1,60}-)?logical-2026-11-28T14-03-22\.png$/u);
    expect(fileName('../../Büro & Co. ', 'physical', at, '.svg')).toBe('netvisor-buro-co-physical-2026-11-28T14-03-22.svg');
  });
});

describe('tables', () => {
  const graph = graphOf(
    [container('a', 'Office'), container('b', 'Rack', { parent: 'a' })],
    [node('1', 'nas', { container: 'b', firstSeen: 0, lastSeen: 60 }), node('2', '=1+1')],
    [edge('e', '1', '2', { label: 'says "hi"', bytes: 12 })],
  );
  it('tell where a thing is and what it offers', () => {
    const [head, first, second] = readCsv(thingsCsv(graph));
    expect(Object.fromEntries(head!.map((name, i) => [name, first![i]]))).toEqual({
      name: 'nas', detail: '10.0.0.1', kind: 'host', place: 'Office / Rack', zone: 'main', category: 'Unknown', services: 'nas 443/tcp', how_known: 'measured', first_seen: '1970-01-01T00:00:00.000Z', last_seen: '1970-01-01T00:01:00.000Z', id: '1',
    });
    expect(second![0]).toBe("'=1+1");
  });
  it('tell who is joined with whom', () => {
    expect(readCsv(edgesCsv(graph))[1]).toEqual(['nas', "'=1+1", 'dependency', 'says "hi"', 'yes', 'measured', '12', '1', '1970-01-01T00:00:02.000Z', '1', '2']);
  });
  it('are whole, whatever things are called', () => {
    const rows = readCsv(thingsCsv(hostileGraph()));
    expect(new Set(rows.map(row => row.length))).toEqual(new Set([11]));
    expect(rows).toHaveLength(1 + 2 * hostile.length);
    for (const row of readCsv(edgesCsv(hostileGraph()))) expect(row).toHaveLength(11);
  });
  it('have a form for programs', () => {
    const read = JSON.parse(toJson(graph, placementOf(graph), 'My network', new Date(0)));
    expect(read).toMatchObject({ format: 'netvisor-topology', version: 1, name: 'My network', view: 'logical', made_at: '1970-01-01T00:00:00.000Z' });
    expect(read.nodes[0]).toMatchObject({ id: '1', title: 'nas', container: 'b', box: { width: 90.123 } });
    expect(read.nodes[0].text).toBeUndefined();
    expect(read.edges).toHaveLength(1);
  });
});

describe('what is in what', () => {
  it('has things of unknown containers at the top, and rows by rank and order', () => {
    const graph = graphOf(
      [container('late', 'L', { rank: 3 }), container('early', 'E', { rank: 0 }), container('odd', 'O', { parent: 'nobody' })],
      [node('2', 'b', { container: 'late', order: '2' }), node('1', 'a', { container: 'late', order: '1' }), node('3', 'c', { container: 'nobody', zone: 'left' })],
      [],
    );
    const tree = nodesByContainer(graph);
    expect(tree.containers(null).map(each => each.id)).toEqual(['early', 'odd', 'late']);
    expect(tree.nodes('late').main.map(each => each.id)).toEqual(['1', '2']);
    expect(tree.nodes(null)).toMatchObject({ left: [], main: [{ id: '3' }] });
    expect(tree.within('1', 'late')).toBe(true);
    expect(tree.within('late', 'late')).toBe(false);
  });
});

describe('a PNG’s scale', () => {
  it('is two where that fits, else the largest that does', () => {
    expect(fittingScale(1000, 1000)).toBe(2);
    expect(fittingScale(100_000, 10)).toBeCloseTo(0.16384);
    const scale = fittingScale(20_000, 20_000);
    expect(20_000 * scale * 20_000 * scale).toBeCloseTo(100e6);
  });
});

describe('long work', () => {
  const work = (signal = new AbortController().signal) => ({ signal, progress: vi.fn() });
  it('lets others in, and says how far it is', async () => {
    let others = 0;
    const timer = setInterval(() => others++, 1);
    const watched = work();
    const spin = () => {
      const until = performance.now() + 0.5;
      while (performance.now() < until);
    };
    await inSlices(300, spin, watched, 0.5, 1);
    clearInterval(timer);
    expect(others).toBeGreaterThan(1);
    const shares = watched.progress.mock.calls.map(([share]) => share as number);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeGreaterThanOrEqual(0.5);
    expect(shares.at(-1)).toBe(1);
  });
  it('can be called off', async () => {
    const caller = new AbortController();
    let steps = 0;
    const running = inSlices(1e9, () => void (++steps === 500 && caller.abort()), work(caller.signal));
    const error = await running.catch((each: unknown) => each);
    expect(wasCancelled(error)).toBe(true);
    expect(wasCancelled(new Error('else'))).toBe(false);
    expect(steps).toBeLessThan(1e9);
  });
  it('draws from a tape what was drawn on it', async () => {
    const calls: unknown[] = [];
    const recorder = new Proxy({}, { get: (_, name) => (...mark: unknown[]) => calls.push([name, ...mark]) }) as Painter;
    const draw = (painter: Painter) => {
      painter.enter?.('a', 'A');
      painter.rect(1, 2, 3, 4, 0, '#fff');
      painter.circle(1, 2, 3, null, { color: '#000', width: 1 });
      painter.path([['M', 0, 0]], { color: '#000', width: 1 }, { at: 'end', size: 3 });
      painter.text('x', 1, 2, { size: 3, color: '#000' });
      painter.icon('router', 1, 2, 3, '#000');
      painter.leave?.();
    };
    draw(recorder);
    const direct = calls.splice(0);
    const tape = new Tape();
    draw(tape);
    await tape.playInSlices(recorder, work(), 0, 1);
    expect(calls).toEqual(direct);
    expect(tape.length).toBe(7);
  });
});
