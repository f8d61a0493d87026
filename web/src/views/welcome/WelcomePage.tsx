// SPDX-License-Identifier: BSD-2-Clause
// The first steps of a new network: its name, a sensor, what listening tells, and whether to ask as well. Can be left at
// any step, and be taken up again.

import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

import { go } from '../../navigate';
import { useTitle } from '../../parts/Page';
import { texts } from '../../texts';
import { readStep, steps, useTour, type Step } from '../../tour';
import { DiscoveryStep, ListeningStep, NetworkStep, SensorStep, WelcomeStep, type Leave } from './steps';
import css from './Welcome.module.css';

const words = texts.tour;
const views = { welcome: WelcomeStep, network: NetworkStep, sensor: SensorStep, listening: ListeningStep, discovery: DiscoveryStep };

export default function WelcomePage({ params }: { params: URLSearchParams }) {
  useTitle(words.title);
  const tour = useTour();
  const step: Step = readStep(params.get('step')) ?? 'welcome';
  const at = steps.indexOf(step);
  const [busy, setBusy] = useState(false);
  const leave = useRef<Leave | null>(null); // what the step does before the next one
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    tour.go(step);
    title.current?.focus();
  }, [step]);

  const show = (to: Step) => go(`/welcome?step=${to}`);
  const finish = () => {
    tour.end();
    go('/topology');
  };
  const next = async () => {
    setBusy(true);
    const may = (await leave.current?.()) ?? true;
    setBusy(false);
    if (!may) return;
    const to = steps[at + 1];
    if (to) show(to);
    else finish();
  };
  const View = views[step];
  const act = step === 'welcome' ? words.welcome.act : step === 'discovery' ? words.discovery.act : words.next;
  return (
    <div className={css.page}>
      <ol className={css.steps} aria-label={words.title}>
        {steps.map((each, i) => (
          <li key={each} aria-current={each === step ? 'step' : undefined} data-past={i < at || undefined}>
            <span className={css.dot} aria-hidden="true">
              {i < at ? <IconCheck size={14} stroke={2.5} /> : i + 1}
            </span>
            <span>{words.steps[each]}</span>
          </li>
        ))}
      </ol>
      <div className={css.card}>
        <p className={css.count}>{words.step(at + 1, steps.length)}</p>
        <h1 className={css.title} ref={title} tabIndex={-1}>
          {words[step].title}
        </h1>
        <View leave={leave} next={next} />
        <div className={css.buttons}>
          <Button variant="subtle" color="gray" title={words.skipHint} onClick={finish}>
            {words.skip}
          </Button>
          <span className={css.gap} />
          {at > 0 && (
            <Button variant="default" onClick={() => show(steps[at - 1]!)}>
              {words.back}
            </Button>
          )}
          <Button loading={busy} onClick={() => void next()}>
            {act}
          </Button>
        </div>
      </div>
    </div>
  );
}
