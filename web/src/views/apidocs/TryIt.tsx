// SPDX-License-Identifier: BSD-2-Clause
// One operation: its parameters, its body with an example to begin with, and what the collector answers.

import { Button, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

import { msText } from '../../format';
import { texts } from '../../texts';
import css from './ApiPage.module.css';
import { addressOf, exampleOf, resolve, type Document, type Operation, type Schema } from '../../openapi';

const words = texts.api;
const ANSWER_MAX = 100_000; // characters on show

interface Answer {
  status: number;
  text: string;
  ms: number;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function typeText(schema: Schema | null): string {
  if (!schema) return '';
  if (schema.enum) return schema.enum.map(String).join(' | ');
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? '');
  return schema.format ? `${type}, ${schema.format}` : type;
}

export function TryIt({ document, operation }: { document: Document; operation: Operation }) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [body, setBody] = useState(() => (operation.body ? JSON.stringify(exampleOf(document, operation.body), null, 2) : ''));
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const address = addressOf(operation, values);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!address) return;
    setBusy(true);
    setProblem(null);
    const start = performance.now();
    try {
      const response = await fetch(address, { method: operation.method, credentials: 'same-origin', ...(operation.body ? { headers: { 'Content-Type': 'application/json' }, body } : {}) });
      setAnswer({ status: response.status, text: pretty(await response.text()).slice(0, ANSWER_MAX), ms: Math.round(performance.now() - start) });
    } catch {
      setProblem(texts.errors.away);
    }
    setBusy(false);
  };
  return (
    <form className={css.try} onSubmit={event => void send(event)}>
      {operation.parameters.length > 0 && (
        <div className={css.parameters}>
          {operation.parameters.map(parameter => (
            <TextInput
              key={`${parameter.in} ${parameter.name}`}
              size="xs"
              label={parameter.name}
              required={parameter.required ?? false}
              description={[parameter.description, typeText(resolve(document, parameter.schema))].filter(Boolean).join(' · ')}
              value={values[parameter.name] ?? ''}
              onChange={event => setValues({ ...values, [parameter.name]: event.currentTarget.value })}
            />
          ))}
        </div>
      )}
      {operation.body && (
        <>
          <Textarea label={words.body} autosize minRows={3} maxRows={16} spellCheck={false} classNames={{ input: 'mono' }} value={body} onChange={event => setBody(event.currentTarget.value)} />
          <Fields document={document} schema={operation.body} />
        </>
      )}
      <div className={css.send}>
        <Button type="submit" size="compact-md" loading={busy} disabled={!address}>
          {words.send}
        </Button>
        <code className={css.path}>{address ?? operation.path}</code>
        {operation.method !== 'GET' && <span className={css.warn}>{words.real}</span>}
      </div>
      {problem && <p role="alert" className={css.warn}>{problem}</p>}
      {answer && (
        <div className={css.answer} role="region" aria-label={words.answer}>
          <p>
            <strong data-good={answer.status < 400 || undefined}>{answer.status}</strong> <span className="dim">{msText(answer.ms)}</span>
          </p>
          <pre tabIndex={0}>{answer.text}</pre>
        </div>
      )}
    </form>
  );
}

function Fields({ document, schema }: { document: Document; schema: Schema }) {
  const fields = Object.entries(schema.properties ?? {});
  if (!fields.length) return null;
  return (
    <details className={css.fields}>
      <summary>{words.fields}</summary>
      <dl>
        {fields.map(([name, each]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
              {schema.required?.includes(name) && <span className={css.needed}> {words.needed}</span>}
            </dt>
            <dd>{[each.description, typeText(resolve(document, each))].filter(Boolean).join(' · ')}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
