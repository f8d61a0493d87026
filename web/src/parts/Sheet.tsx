// SPDX-License-Identifier: BSD-2-Clause
// A form at the side of the page: what is behind it stays in sight. It keeps what was typed until it is sent or let go.

import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

import { texts } from '../texts';
import type { Form } from './form';
import { confirm } from './overlay';
import css from './Sheet.module.css';

interface Props<V> {
  title: string;
  close: () => void;
  form: Form<V>;
  act: string; // the button that sends it
  disabled?: boolean;
  reload?: (() => void) | undefined; // after somebody else's change: begin again from what is now
  left?: ReactNode; // beside the buttons, such as Delete
  wide?: boolean; // for a form of several parts
  readOnly?: string | false; // why nothing can be changed
  below?: ReactNode; // after the fields; works also where nothing can be changed
  children: ReactNode;
}

export function Sheet<V>({ title, close, form, act, disabled, reload, left, wide, readOnly, below, children }: Props<V>) {
  const leave = () => {
    if (!form.touched) close();
    else void confirm({ title: texts.form.leave, text: texts.form.leaveText, act: texts.form.leaveAct }).then(yes => yes && close());
  };
  return (
    <Drawer.Root opened lockScroll={false} onClose={leave} position="right" size={wide ? 'min(46rem, 100vw)' : 'min(30rem, 100vw)'} transitionProps={{ duration: 0 }} classNames={{ content: css.content, body: css.body }}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        {/* Mantine's own head would be the page's second banner. */}
        <div className={css.head}>
          <Drawer.Title>
            <strong>{title}</strong>
          </Drawer.Title>
          <Drawer.CloseButton aria-label={texts.close} />
        </div>
        <Drawer.Body>
      <form className={css.form} onSubmit={form.submit} noValidate>
        {readOnly && <p className={css.readOnly}>{readOnly}</p>}
        <fieldset className={css.fields} disabled={Boolean(readOnly)}>
          {children}
        </fieldset>
        {below}
        <div role="alert" className={css.problem}>
          {form.problem}
          {form.conflict && reload && (
            <Button size="compact-sm" variant="default" onClick={reload}>
              {texts.form.reload}
            </Button>
          )}
        </div>
        <div className={css.buttons}>
          <div className={css.left}>{!readOnly && left}</div>
          <Button variant="default" onClick={leave}>
            {readOnly ? texts.close : texts.cancel}
          </Button>
          {!readOnly && (
            <Button type="submit" loading={form.busy} disabled={disabled ?? false}>
              {act}
            </Button>
          )}
        </div>
      </form>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
