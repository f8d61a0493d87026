// SPDX-License-Identifier: BSD-2-Clause
// What deserves attention now: what happened, since when, why it matters, and where one does something about it.

import { Button } from '@mantine/core';
import { IconAccessPointOff, IconAlertTriangle, IconArrowsSplit2, IconCalendarX, IconCheck, IconCircleCheck, IconDevicesQuestion, IconDropletOff, IconGitMerge, IconPlugConnectedX, IconServerOff, type Icon } from '@tabler/icons-react';

import type { Alert, Check, Severity } from '../../alerts/alerts';
import { urgent } from '../../alerts/alerts';
import { useAlerts } from '../../alerts/useAlerts';
import { errorText } from '../../errors';
import { countText } from '../../format';
import { useLoaded } from '../../live';
import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Empty, Loading } from '../../parts/Empty';
import { Page } from '../../parts/Page';
import { texts } from '../../texts';
import css from './Alerts.module.css';

const words = texts.alerts;
const severities: Severity[] = ['bad', 'warn', 'note'];
const signs: Record<Check, Icon> = { sensors: IconAccessPointOff, losses: IconDropletOff, conflicts: IconArrowsSplit2, discoveries: IconCalendarX, devices: IconDevicesQuestion, services: IconServerOff, proposals: IconGitMerge };

export default function AlertsPage() {
  const { alerts, problem, sensors } = useAlerts();
  const loaded = useLoaded();
  const seeTo = urgent(alerts).length;
  return (
    <Page title={words.title} note={loaded && alerts.length > 0 && words.note(seeTo, alerts.length - seeTo)}>
      {problem !== null && <p className={css.problem} role="alert">{words.failed(errorText(problem))}</p>}
      {!loaded ? <Loading /> : <Found alerts={alerts} sensors={sensors} />}
    </Page>
  );
}

function Found({ alerts, sensors }: { alerts: readonly Alert[]; sensors: number }) {
  if (!sensors && !alerts.length) {
    return (
      <div className={css.quiet}>
        <Empty icon={<IconPlugConnectedX aria-hidden />} title={words.noSensorTitle} hint={words.noSensorHint}>
          <Button variant="light" component="a" {...linkTo('/sensors')}>
            {texts.hosts.seeSensors}
          </Button>
        </Empty>
      </div>
    );
  }
  const shown = severities.map(severity => ({ severity, list: alerts.filter(alert => alert.severity === severity) })).filter(({ list }) => list.length);
  return (
    <>
      {!urgent(alerts).length && <Quiet />}
      {shown.map(({ severity, list }) => (
        <section key={severity} aria-label={words.severity[severity]}>
          <h2 className={css.heading}>
            {words.severity[severity]} <span className="figures">{countText(list.length)}</span>
          </h2>
          <ul className={css.list}>
            {list.map(alert => (
              <Item key={alert.id} alert={alert} />
            ))}
          </ul>
        </section>
      ))}
      {urgent(alerts).length > 0 && <Checks alerts={alerts} />}
    </>
  );
}

function Item({ alert }: { alert: Alert }) {
  const Sign = signs[alert.check];
  return (
    <li className={css.item} data-severity={alert.severity} data-testid="alert">
      <span className={css.sign} aria-hidden="true">
        <Sign size={20} stroke={1.7} />
      </span>
      <div className={css.body}>
        <h3 className={css.title}>{alert.title}</h3>
        <p className={css.why}>{alert.why}</p>
        {alert.lines.length > 0 && (
          <ul className={css.lines}>
            {alert.lines.map((line, i) => (
              <li key={i}>
                {line.to ? (
                  <a className="link" {...linkTo(line.to)}>
                    {line.text}
                  </a>
                ) : (
                  line.text
                )}
              </li>
            ))}
            {alert.more > 0 && <li className="dim">{words.more(alert.more)}</li>}
          </ul>
        )}
      </div>
      <div className={css.side}>
        {alert.since !== null && (
          <span className={css.since}>
            <Ago at={alert.since} />
          </span>
        )}
        <Button component="a" size="compact-sm" variant="light" {...linkTo(alert.act.to)}>
          {alert.act.title}
        </Button>
      </div>
    </li>
  );
}

function Quiet() {
  return (
    <div className={css.quiet}>
      <Empty icon={<IconCircleCheck aria-hidden />} title={words.quietTitle} hint={words.quietHint} />
      <CheckList bad={[]} />
    </div>
  );
}

function Checks({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <section aria-label={words.lookedAt}>
      <h2 className={css.heading}>{words.lookedAt}</h2>
      <CheckList bad={urgent(alerts).map(alert => alert.check)} />
    </section>
  );
}

function CheckList({ bad }: { bad: readonly Check[] }) {
  return (
    <ul className={css.checks}>
      {(Object.keys(words.checks) as Check[]).map(check => (
        <li key={check} data-bad={bad.includes(check) || undefined}>
          {bad.includes(check) ? <IconAlertTriangle size={16} aria-label={texts.history.no} /> : <IconCheck size={16} aria-label={texts.history.yes} />}
          {words.checks[check]}
        </li>
      ))}
    </ul>
  );
}
