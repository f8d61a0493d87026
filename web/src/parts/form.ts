// SPDX-License-Identifier: BSD-2-Clause
// A form that is sent to the collector: its values, what the collector said about which field, and whether it is on its way.

import { useRef, useState, type FormEvent } from 'react';

import { ApiError } from '../api';
import { errorText } from '../errors';

type Errors<V> = Partial<Record<keyof V, string>>;

export interface Form<V> {
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  // Props of a text field.
  text: <K extends keyof V>(name: K) => { value: string; error: string | undefined; onChange: (event: { currentTarget: { value: string } }) => void };
  errors: Errors<V>;
  problem: string | null; // that is about no field
  conflict: boolean; // somebody else has changed it meanwhile
  busy: boolean;
  touched: boolean;
  submit: (event?: FormEvent) => void;
  reset: (values: V) => void;
}

// `check` finds what needs no collector to be seen; it may be left out.
export function useForm<V extends object, R>(initial: V, send: (values: V) => Promise<R>, done: (result: R, values: V) => void, check?: (values: V) => Errors<V>): Form<V> {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Errors<V>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState(false);
  const [busy, setBusy] = useState(false);
  const [touched, setTouched] = useState(false);
  const sending = useRef(false);

  const set = <K extends keyof V>(name: K, value: V[K]) => {
    setTouched(true);
    setValues(old => ({ ...old, [name]: value }));
    setErrors(({ [name]: _, ...others }) => others as Errors<V>);
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
    const found = check?.(values) ?? {};
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
    text: name => ({ value: String(values[name] ?? ''), error: errors[name], onChange: event => set(name, event.currentTarget.value as V[typeof name]) }),
    reset: fresh => {
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
