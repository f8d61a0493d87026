// SPDX-License-Identifier: BSD-2-Clause
// Whatever way a person prints, Ctrl-P too: the whole picture is put beside the page for as long as it takes.

import './print.css';

import { useEffect, useRef } from 'react';

import { timeText } from '../../../format';
import { texts } from '../../../texts';
import { printable, type Subject } from '../../../topology/export/make';

function sheet(subject: Subject): HTMLElement | null {
  const picture = printable(subject);
  if (!picture) return null;
  const page = document.createElement('div');
  page.className = 'netvisor-print';
  const head = document.createElement('header');
  const title = document.createElement('strong');
  title.textContent = texts.export.document(subject.name, texts.export.views[subject.graph.view] ?? subject.graph.view);
  const time = document.createElement('span');
  time.textContent = timeText(Date.now() / 1000);
  head.append(title, time);
  page.append(head, picture);
  return page;
}

export function usePrint(subject: Subject) {
  const latest = useRef(subject);
  latest.current = subject;
  useEffect(() => {
    let page: HTMLElement | null = null;
    const before = () => {
      page?.remove();
      page = latest.current.graph.nodes.size ? sheet(latest.current) : null;
      if (page) document.body.append(page);
    };
    const after = () => {
      page?.remove();
      page = null;
    };
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
      after();
    };
  }, []);
}
