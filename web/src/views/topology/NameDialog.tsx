// SPDX-License-Identifier: BSD-2-Clause
// Asks for a name.

import { Button, Modal, TextInput } from '@mantine/core';

import { useForm } from '../../parts/form';
import { texts } from '../../texts';
import css from './NameDialog.module.css';

interface Props {
  title: string;
  hint?: string;
  act: string;
  initial: string;
  label?: string;
  description?: string;
  maybeEmpty?: boolean;
  send: (name: string) => Promise<unknown>;
  close: () => void;
}

export function NameDialog({ title, hint, act, initial, label = texts.topology.saved.name, description, maybeEmpty = false, send, close }: Props) {
  const form = useForm({ name: initial }, ({ name }) => send(name.trim()), close);
  return (
    <Modal opened onClose={close} title={<strong>{title.replace(/…$/, '')}</strong>} radius="lg" centered transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} closeButtonProps={{ 'aria-label': texts.close }}>
      <form onSubmit={form.submit} className={css.form} noValidate>
        {hint && <p className={css.hint}>{hint}</p>}
        <TextInput data-autofocus label={label} description={description} maxLength={100} {...form.text('name')} onFocus={event => event.currentTarget.select()} />
        <div role="alert" className={css.problem}>
          {form.problem}
        </div>
        <div className={css.buttons}>
          <Button variant="default" onClick={close}>
            {texts.cancel}
          </Button>
          <Button type="submit" loading={form.busy} disabled={!maybeEmpty && !form.values.name.trim()}>
            {act}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
