// SPDX-License-Identifier: BSD-2-Clause
// "Test against my network": what a definition would match, and why; and where most of it was found, and what was missing.

import { Button } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useRef, useState } from 'react';

import { definitions, type Trial as Result } from '../../api';
import { errorText } from '../../errors';
import { countText, plural } from '../../format';
import { useNetworkId, useViews } from '../../live';
import { linkTo } from '../../navigate';
import { Sure } from '../../parts/Sure';
import { hostPath } from '../../route';
import { readReason, tally } from '../../services/reasons';
import type { Views } from '../../state/selectors';
import { texts } from '../../texts';
import { Reasons } from '../host/Reasons';
import reasons from '../host/Reasons.module.css';
import css from './Definitions.module.css';

const words = texts.definitions;

// definition: null while there is something wrong with it.
export function Trial({ definition }: { definition: object | null }) {
  const network = useNetworkId();
  const views = useViews('host', 'interface');
  const [result, setResult] = useState<Result | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = useRef(0);
  const run = () => {
    if (!definition || !network) return;
    const mine = ++attempt.current;
    setBusy(true);
    setProblem(null);
    definitions
      .test(network, definition)
      .then(
        answer => mine === attempt.current && setResult(answer),
        (error: unknown) => mine === attempt.current && (setResult(null), setProblem(errorText(error))),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section className={css.trial} aria-label={words.test}>
      <div className={css.trialHead}>
        <Button variant="light" leftSection={<IconFlask size={16} aria-hidden />} loading={busy} disabled={!definition || !network} onClick={run}>
          {words.test}
        </Button>
        <span className={reasons.hint}>{definition ? words.testHint : words.testFirst}</span>
      </div>
      <div role="status">
        {problem && <p className={css.fault}>{problem}</p>}
        {result && <p className={css.sum}>{words.tested(result.matched, plural(result.hosts, 'host'))} {result.left_out > 0 && words.leftOut(countText(result.left_out))}</p>}
      </div>
      {result && <Found result={result} views={views} />}
    </section>
  );
}

function Found({ result, views }: { result: Result; views: Views }) {
  return (
    <>
      {result.matches.map((each, i) => (
        <details key={i} className={reasons.conclusion}>
          <summary>
            <HostName id={each.host_id} views={views} />
            {each.ports.length > 0 && <span className="dim mono">{each.ports.join(', ')}</span>}
            <Sure certainty={each.certainty} />
          </summary>
          <Below reasons={each.reasons} id={each.host_id} />
        </details>
      ))}
      {result.matched > result.matches.length && <p className={reasons.hint}>{words.moreMatches(countText(result.matched - result.matches.length))}</p>}
      {result.near.length > 0 && (
        <>
          <h3 className={css.nearTitle}>{words.near}</h3>
          <p className={reasons.hint}>{words.nearHint}</p>
          {result.near.map(each => {
            const reason = readReason(each.reasons);
            const { met, all } = reason ? tally(reason) : { met: 0, all: 0 };
            return (
              <details key={each.host_id} className={reasons.conclusion}>
                <summary>
                  <HostName id={each.host_id} views={views} />
                  <span className="dim">{words.nearPart(met, all)}</span>
                </summary>
                <Below reasons={each.reasons} id={each.host_id} missed />
              </details>
            );
          })}
        </>
      )}
    </>
  );
}

const HostName = ({ id, views }: { id: string; views: Views }) => <strong>{views.host(id)?.title || words.goneHost}</strong>;

const Below = ({ reasons: tree, id, missed = false }: { reasons: unknown; id: string; missed?: boolean }) => (
  <div className={reasons.below}>
    <Reasons reasons={tree} hostId={id} missed={missed} />
    <a className="link" {...linkTo(hostPath(id))}>
      {words.openHost}
    </a>
  </div>
);
