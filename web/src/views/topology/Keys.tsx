// SPDX-License-Identifier: BSD-2-Clause
import { Modal } from '@mantine/core';

import { texts } from '../../texts';
import css from './Keys.module.css';

const words = texts.topology.keys;

// What the keyboard does here.
export function Keys({ close }: { close: () => void }) {
  return (
    <Modal opened onClose={close} title={<strong>{words.title}</strong>} radius="lg" centered transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} closeButtonProps={{ 'aria-label': texts.close }}>
      {(['page', 'picture'] as const).map(where => (
        <section key={where} className={css.section} aria-label={words[where]}>
          <h3>{words[where]}</h3>
          <dl>
            {words.list
              .filter(([place]) => place === where)
              .map(([, keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map(key => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
