// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { readXml } from '../../../topology/export/testing/readXml';
import { hostile } from '../../../topology/export/testing/sample';
import { plainText } from '../../../topology/paint/xml';
import { draftOf, type Values } from './draft';
import { domainOf, domainsOf, embedOf, linkOf } from './links';

describe('the addresses of a share', () => {
  it('begin where the dashboard is', () => {
    expect(linkOf('https://nv.example.com/', 'abc')).toBe('https://nv.example.com/share/abc');
    expect(embedOf('https://nv.example.com', 'abc', 'Office')).toContain('src="https://nv.example.com/embed/abc"');
  });

  it('are one frame, whatever the link is called', () => {
    for (const name of hostile) {
      const frame = readXml(embedOf('https://nv.example.com', '"><script>', name));
      expect(frame.name).toBe('iframe');
      expect(frame.attributes.title).toBe(plainText(name));
      expect(frame.attributes.src).toBe('https://nv.example.com/embed/%22%3E%3Cscript%3E');
      expect(frame.children).toEqual([]);
    }
  });
});

describe('a site', () => {
  it('is what is typed, without what is around it', () => {
    expect(domainOf(' https://Wiki.Example.com/page?x=1 ')).toBe('wiki.example.com');
    expect(domainOf('wiki.example.com:8443/')).toBe('wiki.example.com:8443');
    expect(domainOf('*.example.com')).toBe('*.example.com');
    expect(domainOf('http://me:secret@intra./')).toBe('intra');
    expect(domainsOf(['a.b', 'https://a.b/', ' ', ''])).toEqual(['a.b']);
  });
});

describe('what is sent of a form', () => {
  const values: Values = { name: ' Wiki ', is_enabled: true, expires_at: null, ask: false, password: '', allowed_domains: ['https://Wiki.example.com/x', ''], show_inspect_panel: true, show_zoom_controls: false, show_export_button: true };
  it('is plain: a name without spaces around it, sites without paths', () => {
    expect(draftOf(values, false)).toEqual({ name: 'Wiki', is_enabled: true, expires_at: null, allowed_domains: ['wiki.example.com'], options: { show_inspect_panel: true, show_zoom_controls: false, show_export_button: true } });
    expect(draftOf({ ...values, allowed_domains: [] }, false).allowed_domains).toBeNull();
  });
  it('keeps, changes or takes away a password', () => {
    expect('password' in draftOf({ ...values, ask: true }, true)).toBe(false);
    expect(draftOf({ ...values, ask: true, password: 'new' }, true).password).toBe('new');
    expect(draftOf(values, true).password).toBeNull();
    expect('password' in draftOf(values, false)).toBe(false);
    // What was typed before the box was unchecked is not sent.
    expect('password' in draftOf({ ...values, password: 'typed' }, false)).toBe(false);
  });
});
