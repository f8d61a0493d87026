// SPDX-License-Identifier: BSD-2-Clause
// A form that is sent to the collector: its values, what the collector said about which field, and whether it is on its way.

import { useRef, useState, type FormEvent } from 'react';

import { ApiError } from '../api';
import { errorText } from '../errors';
import { problemsOf } from './schema';
import { useApi } from './useApi';

type Errors<V> = Partial<Record<keyof V, string>>;

export interface Form<V> {
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  // Props of a text field.
  text: <K extends keyof V>(name: K) => { value: string; error: string | undefined; onChange: (event: { currentTarget: { value: string } }) => void; onBlur: () => void };
  errors: Errors<V>;
  problem: string | null; // that is about no field
  conflict: boolean; // somebody else has changed it meanwhile
  busy: boolean;
  touched: boolean;
  submit: (event?: FormEvent) => void;
  reset: (values: V) => void;
}

// What a form's values are sent as: the operation, its body, and which fields of it, when it is not all of them.
export interface Against<V> {
  operation: string; // "post /api/hosts"
  body: (values: V) => object;
  only?: readonly string[];
}

type Check<V> = (values: V) => Errors<V>;

interface How<V> {
  against?: Against<V> | readonly Against<V>[]; // checked by what the API says of itself, while one types
  check?: Check<V>; // what the API can not say
}

// Checked before it is sent, and a field again and again once one has left it.
export function useForm<V extends object, R>(initial: V, send: (values: V) => Promise<R>, done: (result: R, values: V) => void, how: How<V> | Check<V> = {}): Form<V> {
  const { against = [], check } = typeof how === 'function' ? { check: how } : how;
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Errors<V>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState(false);
  const [busy, setBusy] = useState(false);
  const [touched, setTouched] = useState(false);
  const sending = useRef(false);
  const left = useRef(new Set<keyof V>());
  const latest = useRef(values);
  latest.current = values;
  const api = useApi().value;

  const problems = (of: V): Errors<V> => {
    const found: Record<string, string> = {};
    for (const { operation, body, only } of Array.isArray(against) ? (against as readonly Against<V>[]) : [against as Against<V>]) if (api) Object.assign(found, problemsOf(api, operation, body(of) as Record<string, unknown>, only));
    // A field that the form does not have is for the collector to speak of.
    const own = Object.fromEntries(Object.entries(found).filter(([name]) => name in of));
    return { ...own, ...check?.(of) } as Errors<V>;
  };
  const look = (name: keyof V, of: V) => {
    const found = problems(of)[name];
    setErrors(({ [name]: _, ...others }) => ({ ...others, ...(found ? { [name]: found } : {}) }) as Errors<V>);
  };
  const set = <K extends keyof V>(name: K, value: V[K]) => {
    const next = { ...latest.current, [name]: value };
    latest.current = next;
    setTouched(true);
    setValues(next);
    if (left.current.has(name)) look(name, next);
    else setErrors(({ [name]: _, ...others }) => others as Errors<V>);
  };
  const refused = (error: unknown) => {
    const split = splitError(error, values);
    setErrors(split.errors);
    setProblem(split.problem);
    setConflict(error instanceof ApiError && error.status === 412);
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    event?.stopPropagation();
    const found = problems(values);
    for (const name of Object.keys(found)) left.current.add(name as keyof V);
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length || sending.current) return;
    sending.current = true;
    setBusy(true);
    send(values)
      .then(result => done(result, values), refused)
      .finally(() => {
        sending.current = false;
        setBusy(false);
      });
  };
  return {
    values, set, errors, problem, conflict, busy, touched, submit,
    text: name => ({
      value: String(values[name] ?? ''),
      error: errors[name],
      onChange: event => set(name, event.currentTarget.value as V[typeof name]),
      onBlur: () => {
        // Whoever goes through an empty form has not yet got anything wrong.
        if (!touched) return;
        left.current.add(name);
        look(name, latest.current);
      },
    }),
    reset: fresh => {
      left.current.clear();
      setValues(fresh);
      setErrors({});
      setProblem(null);
      setConflict(false);
      setTouched(false);
    },
  };
}

// Beside the field when the form has it, else below the form.
export function splitError<V extends object>(error: unknown, values: V): { errors: Errors<V>; problem: string | null } {
  const whole = error instanceof ApiError ? error.field : null;
  const last = whole?.split('.').pop();
  const field = [whole, last].find(each => each && each in values) as keyof V | undefined;
  if (!field || (error as ApiError).status !== 400) return { errors: {}, problem: errorText(error) };
  return { errors: { [field]: errorText(error) } as Errors<V>, problem: null };
}
