// SPDX-License-Identifier: BSD-2-Clause
import { afterEach, describe, expect, it, vi } from 'vitest';

import { publicShare, type Shared } from '../../api/shares';
import { Views } from '../../state/selectors';
import { Tables } from '../../state/tables';
import { shareIn, shareOptions, takeOver } from './shared';

const host = (id: string, name: string) => ({ id, name, name_source: null, vendor: null, first_seen: 1, last_seen: 2, present_since: 1, description: null, hidden: false, tags: [], virtualization: null, origin: 'discovery', revision: 1 });
const shared = (hosts: { id: string }[]): Shared => ({
  share: { id: 's', name: 'For the office', options: {} }, at: 100, network: { id: 'n', name: 'Home' },
  topology: { id: 't', name: 'Plan', options: {}, nodes: {}, edges: {}, revision: 1 }, tags: [], entities: { host: hosts },
});

afterEach(() => vi.unstubAllGlobals());

describe('the address of a share', () => {
  const id = '0b0e7c1e-6a53-4b3e-9d53-1d1f2c3b4a59';
  it('is a page or something to embed', () => {
    expect(shareIn(`/share/${id}`)).toEqual({ id, embed: false });
    expect(shareIn(`/embed/${id}/`)).toEqual({ id, embed: true });
  });
  it('is nothing else', () => {
    for (const path of ['/share', '/share/', `/share/${id}/x`, `/shares/${id}`, '/share/../hosts', '/hosts', '/share/%3Cscript%3E']) expect(shareIn(path)).toBeNull();
  });
});

describe('what a share allows', () => {
  it('is everything that it does not forbid', () => {
    expect(shareOptions({ show_export_button: false })).toEqual({ show_inspect_panel: true, show_zoom_controls: true, show_export_button: false });
    expect(shareOptions(null).show_zoom_controls).toBe(true);
  });
});

describe('shared rows', () => {
  it('become tables in which what has not changed stays the same', () => {
    const tables = new Tables();
    expect(takeOver(tables, shared([host('1', 'nas'), host('2', 'pi')]))).toBe(true);
    const views = new Views(tables);
    const before = views.host('1');
    expect(before!.title).toBe('nas');
    expect(tables.network.get('n')!.name).toBe('Home');
    expect(takeOver(tables, shared([host('1', 'nas'), host('2', 'pi')]))).toBe(false);
    expect(takeOver(tables, shared([host('1', 'nas'), host('3', 'new')]))).toBe(true);
    expect(views.host('1')).toBe(before);
    expect(views.allHosts().map(each => each.title).sort()).toEqual(['nas', 'new']);
  });
});

describe('reading a share', () => {
  const answer = (data: unknown, init: ResponseInit = {}) => new Response(data === null ? null : JSON.stringify({ success: true, data }), init);

  it('takes all pages, with the token and without cookies', async () => {
    const page = { ...shared([host('1', 'a')]), next: { host: '1' } };
    const pages = [answer(page, { headers: { ETag: '"x"' } }), answer({ entities: { host: [host('2', 'b')] }, next: { host: '2' } }), answer({ entities: { host: [host('3', 'c')] } })];
    const fetch = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(pages.shift()!));
    vi.stubGlobal('fetch', fetch);
    const read = await publicShare.read('s/1', 'nvt_secret', null);
    expect(read).toMatchObject({ etag: '"x"', shared: { entities: { host: [{ id: '1' }, { id: '2' }, { id: '3' }] } } });
    expect(fetch.mock.calls.map(call => call[0])).toEqual(['/api/shares/public/s%2F1/topology', '/api/shares/public/s%2F1/topology?entity=host&after=1', '/api/shares/public/s%2F1/topology?entity=host&after=2']);
    for (const [, init] of fetch.mock.calls) expect(init).toMatchObject({ credentials: 'omit', headers: { Authorization: 'Bearer nvt_secret' } });
  });

  it('knows that nothing has changed', async () => {
    const fetch = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(answer(null, { status: 304 })));
    vi.stubGlobal('fetch', fetch);
    expect(await publicShare.read('1', null, '"x"')).toBe('same');
    expect(fetch.mock.calls[0]![1]).toMatchObject({ headers: { 'If-None-Match': '"x"' } });
  });

  it('says why not', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ success: false, error: 'it has ended' }), { status: 404 })));
    await expect(publicShare.read('1', null, null)).rejects.toMatchObject({ status: 404, message: 'it has ended' });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    await expect(publicShare.look('1')).rejects.toMatchObject({ status: 0 });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' })));
    await expect(publicShare.look('1')).rejects.toMatchObject({ status: 502 });
  });
});
