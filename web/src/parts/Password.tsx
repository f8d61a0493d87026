// SPDX-License-Identifier: BSD-2-Clause
// A new password, and what it still needs while it is typed.

import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useId } from 'react';

import { passwordRules } from '../password';
import { texts } from '../texts';
import css from './Password.module.css';

const words = texts.sign;

interface Props extends Omit<PasswordInputProps, 'onChange' | 'value'> {
  value: string;
  change: (value: string) => void;
}

export function NewPassword({ value, change, ...others }: Props) {
  const id = useId();
  return (
    <>
      <PasswordInput label={words.password} autoComplete="new-password" required withAsterisk={false} {...others} value={value} onChange={event => change(event.currentTarget.value)} aria-describedby={id} />
      <ul className={css.rules} id={id} aria-label={words.rules} data-testid="rules">
        {passwordRules(value).map(rule => (
          <li key={rule.text} data-met={rule.met || undefined}>
            {rule.met ? <IconCheck size={14} aria-hidden /> : <IconCircle size={14} aria-hidden />}
            {rule.text}
            <span className="hidden">: {rule.met ? words.met : words.unmet}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

export const passwordGood = (password: string) => passwordRules(password).every(rule => rule.met);
