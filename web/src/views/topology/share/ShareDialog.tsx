// SPDX-License-Identifier: BSD-2-Clause
// The links of a saved topology: who has one sees its picture without an account.

import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { IconArrowLeft, IconCode, IconDots, IconExternalLink, IconLink, IconLock, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlus, IconTrash, IconWorldShare } from '@tabler/icons-react';
import { useState } from 'react';

import { account } from '../../../api';
import { shares, type Share } from '../../../api/shares';
import { errorText } from '../../../errors';
import { dayText } from '../../../format';
import { useRights } from '../../../me';
import { Chip } from '../../../parts/Chips';
import { Empty } from '../../../parts/Empty';
import { confirm, say } from '../../../parts/overlay';
import { changed, useRemote } from '../../../remote';
import { texts } from '../../../texts';
import { embedOf, linkOf } from './links';
import css from './ShareDialog.module.css';
import { ShareForm } from './ShareForm';

const words = texts.share;

interface Shown {
  id: string;
  name: string;
}

export function ShareDialog({ topology, close }: { topology: Shown; close: () => void }) {
  const key = `shares ${topology.id}`;
  const { value, problem } = useRemote(key, () => shares.list(topology.id));
  const config = useRemote('config', account.config);
  const rights = useRights();
  const [edited, setEdited] = useState<Share | 'new' | null>(null);
  const origin = config.value?.public_url || location.origin;
  const rows = value?.rows ?? null;
  const again = () => changed(key);
  const back = () => setEdited(null);
  const title = edited === null ? words.title(topology.name) : edited === 'new' ? words.new : words.edit;
  return (
    <Modal
      opened
      onClose={close}
      size="min(40rem, 100vw)"
      radius="lg"
      title={
        <span className={css.title}>
          {edited !== null && (
            <ActionIcon variant="subtle" color="gray" aria-label={words.back} onClick={back}>
              <IconArrowLeft size={18} aria-hidden />
            </ActionIcon>
          )}
          <strong>{title}</strong>
        </span>
      }
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.32 }}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      {edited !== null ? (
        <ShareForm
          key={edited === 'new' ? 'new' : `${edited.id} ${edited.revision}`}
          topology={topology}
          of={edited === 'new' ? null : edited}
          done={() => {
            again();
            back();
          }}
          cancel={back}
        />
      ) : (
        <div className={css.body}>
          <p className={css.hint}>{words.hint}</p>
          {problem && (
            <p role="alert" className={css.problem}>
              {errorText(problem)}
            </p>
          )}
          {rows?.length === 0 && (
            <div className={css.none}>
              <Empty icon={<IconWorldShare aria-hidden />} title={words.none} hint={words.noneHint} />
            </div>
          )}
          {rows && rows.length > 0 && (
            <ul className={css.list}>
              {rows.map(share => (
                <li key={share.id}>
                  <Entry share={share} origin={origin} edit={rights.edit ? () => setEdited(share) : null} again={again} />
                </li>
              ))}
            </ul>
          )}
          {rights.edit ? (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')} className={css.add!}>
              {words.new}
            </Button>
          ) : (
            <p className={css.hint}>{words.viewer}</p>
          )}
        </div>
      )}
    </Modal>
  );
}

export default ShareDialog;

const hasEnded = (share: Share) => share.expires_at !== null && share.expires_at * 1000 < Date.now();

function Entry({ share, origin, edit, again }: { share: Share; origin: string; edit: (() => void) | null; again: () => void }) {
  const [toCopy, setToCopy] = useState<string | null>(null);
  const link = linkOf(origin, share.id);
  const embeds = share.allowed_domains?.length ?? 0;
  // The clipboard is there on https and localhost only; elsewhere the text is shown to be copied by hand.
  const copy = (text: string, told: string) => {
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => say(told), () => setToCopy(text));
    else setToCopy(text);
  };
  const run = (work: Promise<unknown>) => void work.then(again, (error: unknown) => say(errorText(error), { tone: 'bad' }));
  const remove = async () => {
    if (await confirm({ ...words.remove(share.name), danger: true })) run(shares.remove([share.id]).then(() => say(words.removed(share.name))));
  };
  return (
    <div className={css.entry}>
      <div className={css.about}>
        <span className={css.name}>{share.name}</span>
        <span className={css.chips}>
          {hasEnded(share) ? <Chip tone="bad">{words.ended}</Chip> : share.is_enabled ? <Chip tone="live">{words.works}</Chip> : <Chip tone="warn">{words.off}</Chip>}
          {share.has_password && (
            <Chip>
              <IconLock size={12} aria-hidden /> {words.withPassword}
            </Chip>
          )}
          {embeds > 0 && <Chip title={share.allowed_domains!.join(', ')}>{words.embeds(embeds)}</Chip>}
          {share.expires_at !== null && !hasEnded(share) && <Chip>{words.until(dayText(share.expires_at))}</Chip>}
        </span>
      </div>
      <div className={css.tools}>
        <Button size="compact-sm" variant="default" leftSection={<IconLink size={15} aria-hidden />} onClick={() => copy(link, words.linkCopied)}>
          {words.copyLink}
        </Button>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="default" size={26} aria-label={words.actions(share.name)}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href={link} target="_blank" rel="noreferrer" leftSection={<IconExternalLink size={16} aria-hidden />}>
              {words.openLink}
            </Menu.Item>
            {embeds > 0 && (
              <Menu.Item leftSection={<IconCode size={16} aria-hidden />} onClick={() => copy(embedOf(origin, share.id, share.name), words.embedCopied)}>
                {words.copyEmbed}
              </Menu.Item>
            )}
            {edit && (
              <>
                <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>
                  {texts.edit}
                </Menu.Item>
                <Menu.Item leftSection={share.is_enabled ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />} onClick={() => run(shares.update(share.id, { is_enabled: !share.is_enabled }, share.revision))}>
                  {share.is_enabled ? words.turnOff : words.turnOn}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()} className={css.danger!}>
                  {texts.delete}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      {toCopy !== null && (
        <code className={css.code} tabIndex={0} aria-label={words.toCopy}>
          {toCopy}
        </code>
      )}
    </div>
  );
}
