// SPDX-License-Identifier: BSD-2-Clause
// What deserves attention now: what happened, since when, why it matters, where one does something about it, and that note was taken of it.

import { Button, Menu } from '@mantine/core';
import { IconAccessPointOff, IconAlertTriangle, IconArrowsSplit2, IconCalendarX, IconCertificate, IconCheck, IconChevronDown, IconCircleCheck, IconDevicesPlus, IconDevicesQuestion, IconDropletOff, IconGitMerge, IconMask, IconPlugConnectedX, IconPlus, IconServerOff, IconServerSpark, type Icon } from '@tabler/icons-react';

import { alertKinds, alertRules, alertSteps, type AlertStep } from '../../api';
import { isEvent, isOpen, urgent, type Alert, type Check, type Severity } from '../../alerts/alerts';
import { useAlerts } from '../../alerts/useAlerts';
import { errorText } from '../../errors';
import { countText, momentText } from '../../format';
import { useLoaded, useNetworkId } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Empty, Loading } from '../../parts/Empty';
import { say } from '../../parts/overlay';
import { Page } from '../../parts/Page';
import { useRemote } from '../../remote';
import { texts } from '../../texts';
import css from './Alerts.module.css';

const words = texts.alerts;
const severities: Severity[] = ['bad', 'warn', 'note'];
const signs: Record<Check, Icon> = {
  new_device: IconDevicesPlus, device_gone: IconDevicesQuestion, address_conflict: IconArrowsSplit2, impostor: IconMask, service_opened: IconServerSpark, service_gone: IconServerOff,
  certificate_expiring: IconCertificate, sensor_loss: IconDropletOff, sensor_silent: IconAccessPointOff, discovery_failed: IconCalendarX, proposals: IconGitMerge, new_sensor: IconPlus,
};
const OVER_MAX = 50;

export default function AlertsPage() {
  const { alerts, problem, sensors } = useAlerts();
  const loaded = useLoaded();
  const open = alerts.filter(isOpen);
  const seeTo = urgent(alerts).length;
  return (
    <Page title={words.title} note={loaded && open.length > 0 && words.note(seeTo, open.length - seeTo)}>
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
  const open = alerts.filter(isOpen);
  const parts = [
    ...severities.map(severity => ({ title: words.severity[severity], list: open.filter(alert => alert.severity === severity) })),
    { title: words.resting, list: alerts.filter(alert => alert.row?.state === 'acknowledged' || alert.row?.state === 'snoozed') },
    { title: words.over, list: alerts.filter(alert => alert.row?.state === 'resolved').slice(0, OVER_MAX) },
  ].filter(({ list }) => list.length);
  return (
    <>
      {!urgent(alerts).length && (
        <div className={css.quiet}>
          <Empty icon={<IconCircleCheck aria-hidden />} title={words.quietTitle} hint={words.quietHint} />
        </div>
      )}
      {parts.map(({ title, list }) => (
        <section key={title} aria-label={title}>
          <h2 className={css.heading}>
            {title} <span className="figures">{countText(list.length)}</span>
          </h2>
          <ul className={css.list}>
            {list.map(alert => (
              <Item key={alert.id} alert={alert} />
            ))}
          </ul>
        </section>
      ))}
      <Checks alerts={alerts} />
    </>
  );
}

function Item({ alert }: { alert: Alert }) {
  const Sign = signs[alert.check];
  const at = alert.row?.resolved_at ?? alert.since;
  return (
    <li className={css.item} data-severity={isOpen(alert) ? alert.severity : 'note'} data-state={alert.row?.state} data-testid="alert">
      <span className={css.sign} aria-hidden="true">
        <Sign size={20} stroke={1.7} />
      </span>
      <div className={css.body}>
        <h3 className={css.title}>{alert.title}</h3>
        {alert.row?.state !== 'resolved' && <p className={css.why}>{alert.why}</p>}
        <State alert={alert} />
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
        {at !== null && (
          <span className={css.since}>
            <Ago at={at} />
          </span>
        )}
        <div className={css.buttons}>
          <Steps alert={alert} />
          <Button component="a" size="compact-sm" variant="light" {...linkTo(alert.act.to)}>
            {alert.act.title}
          </Button>
        </div>
      </div>
    </li>
  );
}

function State({ alert: { row } }: { alert: Alert }) {
  if (!row) return null;
  const parts = [
    row.state === 'acknowledged' && row.acknowledged_at !== null && words.acknowledged(momentText(row.acknowledged_at)),
    row.state === 'snoozed' && row.snoozed_until !== null && words.snoozed(momentText(row.snoozed_until)),
    row.times > 1 && words.times(row.times),
    row.note,
  ].filter(Boolean);
  return parts.length ? <p className={css.state}>{parts.join(' · ')}</p> : null;
}

async function step(what: AlertStep | 'snooze', id: string, seconds = 0) {
  try {
    await (what === 'snooze' ? alertSteps.snooze([id], Date.now() / 1000 + seconds) : alertSteps.step(what, [id]));
    say(words.done[what]!);
  } catch (error) {
    say(errorText(error), { tone: 'bad' });
  }
}

// What a person may say of it; nothing of what is over.
function Steps({ alert }: { alert: Alert }) {
  const { edit } = useRights();
  if (!edit || !alert.row || alert.row.state === 'resolved') return null;
  const { id, state } = alert.row;
  return (
    <Menu position="bottom-end" withinPortal transitionProps={{ duration: 0 }}>
      <Button.Group>
        <Button size="compact-sm" variant="default" title={state === 'open' ? words.acknowledgeHint : undefined} onClick={() => void step(state === 'open' ? 'acknowledge' : 'reopen', id)}>
          {state === 'open' ? words.acknowledge : words.reopen}
        </Button>
        <Menu.Target>
          <Button size="compact-sm" variant="default" px={6} aria-label={words.moreActions(alert.title)}>
            <IconChevronDown size={14} aria-hidden />
          </Button>
        </Menu.Target>
      </Button.Group>
      <Menu.Dropdown>
        <Menu.Label>{words.snooze}</Menu.Label>
        {Object.entries(words.snoozeFor).map(([seconds, title]) => (
          <Menu.Item key={seconds} onClick={() => void step('snooze', id, Number(seconds))}>
            {title}
          </Menu.Item>
        ))}
        {isEvent(alert) && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void step('resolve', id)}>{words.resolve}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

// What the network's rules look for, and which of it there is just now.
function Checks({ alerts }: { alerts: readonly Alert[] }) {
  const network = useNetworkId();
  const { edit } = useRights();
  const { value } = useRemote(`alert rules ${network}`, () => alertRules.list(network));
  const on = value && new Set(value.rows.filter(rule => rule.enabled).map(rule => rule.kind));
  const bad = new Set(urgent(alerts).map(alert => alert.check));
  return (
    <section aria-label={words.lookedAt}>
      <h2 className={css.heading}>{words.lookedAt}</h2>
      <ul className={css.checks}>
        {alertKinds.map(kind => (
          <li key={kind} data-bad={bad.has(kind) || undefined} data-off={(on && !on.has(kind)) || undefined}>
            {bad.has(kind) ? <IconAlertTriangle size={16} aria-label={texts.history.no} /> : <IconCheck size={16} aria-label={texts.history.yes} />}
            {words.kinds[kind]}
            {on && !on.has(kind) && <span className="dim">{words.ruleOff}</span>}
          </li>
        ))}
      </ul>
      <p className={css.links}>
        <a className="link" title={words.rulesHint} {...linkTo('/rules')}>
          {words.rules}
        </a>
        {edit && (
          <a className="link" title={words.channelsHint} {...linkTo('/channels')}>
            {words.channels}
          </a>
        )}
      </p>
    </section>
  );
}
