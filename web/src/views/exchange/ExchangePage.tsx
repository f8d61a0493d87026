// SPDX-License-Identifier: BSD-2-Clause
// What comes in from other programs, and what goes out to them.

import { Button, Code } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';

import { exportForms, exportPath } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Page } from '../../parts/Page';
import { Section } from '../../parts/Section';
import { texts } from '../../texts';
import css from './Exchange.module.css';
import { ImportForm } from './ImportForm';
import { PastImports } from './PastImports';

const words = texts.exchange;

export default function ExchangePage() {
  const network = useNetworkId();
  const rights = useRights();
  return (
    <Page title={words.title}>
      {network && (
        <div className={css.grid}>
          {rights.edit && <ImportForm key={network} network={network} />}
          <Export network={network} />
          <PastImports network={network} />
        </div>
      )}
    </Page>
  );
}

// How Prometheus asks: it has no button.
const scrape = (network: string) => `scrape_configs:
  - job_name: network
    metrics_path: /api/export/prometheus
    params: {network_id: [${network}]}
    authorization: {credentials: KEY}
    static_configs: [{targets: ["${location.host}"]}]`;

function Export({ network }: { network: string }) {
  const [shown, setShown] = useState(false);
  return (
    <Section title={words.exportTitle} hint={words.exportHint}>
      <ul className={css.forms}>
        {exportForms.map(form => {
          const [title, hint] = words.forms[form]!;
          return (
            <li key={form} className={css.form}>
              <span>
                <strong>{title}</strong>
                <span className={css.hint}>{hint}</span>
              </span>
              {form === 'prometheus' ? (
                <Button variant="default" size="compact-sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
                  {words.show}
                </Button>
              ) : (
                <Button variant="default" size="compact-sm" component="a" href={exportPath(form, network)} download leftSection={<IconDownload size={15} aria-hidden />} aria-label={`${words.download}: ${title}`}>
                  {words.download}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {shown && (
        <Code block className={css.code} tabIndex={0}>
          {scrape(network)}
        </Code>
      )}
    </Section>
  );
}
