// SPDX-License-Identifier: BSD-2-Clause
// Every operation of the API, from the collector's own OpenAPI document, with a form to try it as oneself.

import { useDeferredValue, useMemo } from 'react';

import { errorText } from '../../errors';
import { linkTo, setParams } from '../../navigate';
import { Empty, Loading } from '../../parts/Empty';
import { Page } from '../../parts/Page';
import { useApi } from '../../parts/useApi';
import { Section } from '../../parts/Section';
import { Filter } from '../../parts/Toolbar';
import { matches } from '../../state/selectors';
import { texts } from '../../texts';
import css from './ApiPage.module.css';
import { subjects, type Operation } from '../../openapi';
import { TryIt } from './TryIt';

const words = texts.api;

const searchText = (operation: Operation, subject: string) => `\n${[operation.method, operation.path, operation.summary, subject].join('\n')}\n`.toLowerCase();

export default function ApiPage({ params }: { params: URLSearchParams }) {
  const { value, problem } = useApi();
  const query = useDeferredValue(params.get('q') ?? '');
  const all = useMemo(() => (value ? subjects(value) : []), [value]);
  const found = useMemo(() => all.map(subject => ({ ...subject, operations: subject.operations.filter(each => matches(searchText(each, subject.name), query)) })).filter(subject => subject.operations.length), [all, query]);
  const count = (list: typeof all) => list.reduce((sum, subject) => sum + subject.operations.length, 0);
  const open = params.get('open');
  return (
    <Page title={words.title} note={value && texts.table.shown(count(found), count(all), words.one)} tools={<Filter value={params.get('q') ?? ''} placeholder={words.filter} />}>
      <p className={css.hint}>
        {words.hint} <a className="link" {...linkTo('/keys?show=mine')}>{words.keys}</a>. <a className="link" href="/api/openapi.json">{words.document}</a>
      </p>
      {problem && <Empty title={texts.table.unread(words.title)} hint={errorText(problem)} />}
      {!value && !problem && <Loading />}
      {value &&
        found.map(subject => (
          <Section key={subject.name} title={subject.name}>
            <ul className={css.operations}>
              {subject.operations.map(operation => (
                <li key={operation.id}>
                  <button type="button" className={css.head} aria-expanded={open === operation.id} onClick={() => setParams({ open: open === operation.id ? null : operation.id })}>
                    <span className={css.method} data-method={operation.method}>{operation.method}</span>
                    <code className={css.path}>{operation.path}</code>
                    <span className={css.summary}>{operation.summary}</span>
                  </button>
                  {open === operation.id && <TryIt document={value} operation={operation} />}
                </li>
              ))}
            </ul>
          </Section>
        ))}
    </Page>
  );
}
