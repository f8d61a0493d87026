// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { readXml } from '../../../topology/export/testing/readXml';
import { hostile } from '../../../topology/export/testing/sample';
import { plainText } from '../../../topology/paint/xml';
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
