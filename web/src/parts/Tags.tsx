// SPDX-License-Identifier: BSD-2-Clause
// Tags as they are shown, chosen in a form, and given to several things at once; and the colours that they have.

import { Button, Menu } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';

import { colors, tags as api, type Tag, type Taggable } from '../api';
import { errorText } from '../errors';
import { linkTo } from '../navigate';
import { tagIds, useTags } from '../tags';
import { texts } from '../texts';
import { Several } from './Fields';
import { say } from './overlay';
import css from './Tags.module.css';

const words = texts.things.tags;

export const TagChip = ({ tag }: { tag: Pick<Tag, 'name' | 'color'> & { description?: string | null } }) => (
  <span className={css.tag} data-color={tag.color} title={tag.description ?? undefined}>
    {tag.name}
  </span>
);

// Most rows have none, and then nobody has to look at the tags.
export function TagChips({ of }: { of: unknown }) {
  const ids = tagIds(of);
  return ids.length ? <Known ids={ids} /> : null;
}

function Known({ ids }: { ids: string[] }) {
  const { tags } = useTags();
  const shown = tags.filter(tag => ids.includes(tag.id));
  if (!shown.length) return null;
  return (
    <span className={css.tags} title={shown.map(tag => tag.name).join(', ')}>
      {shown.map(tag => (
        <TagChip key={tag.id} tag={tag} />
      ))}
    </span>
  );
}

export function TagField({ value, change, error }: { value: string[]; change: (ids: string[]) => void; error?: string | undefined }) {
  const { tags } = useTags();
  return <Several label={words.title} options={tags.map(tag => ({ value: tag.id, label: tag.name }))} value={value} change={change} placeholder={tags.length ? words.choose : words.none} error={error} />;
}

// For the chosen rows of a list: give them a tag, or take one away.
export function TagMenu({ entity, ids, tagged }: { entity: Taggable; ids: string[]; tagged: (tag: string) => number }) {
  const { tags } = useTags();
  const run = (work: Promise<unknown>, done: string) =>
    void work.then(
      () => say(done),
      (error: unknown) => say(errorText(error), { tone: 'bad' }),
    );
  const away = tags.filter(tag => tagged(tag.id) > 0);
  return (
    <Menu position="bottom-start" shadow="md" width={220}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconTag size={14} aria-hidden />}>
          {words.one}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={css.menu}>
        <Menu.Label>{words.give}</Menu.Label>
        {tags.map(tag => (
          <Menu.Item key={tag.id} onClick={() => run(api.add(entity, ids, tag.id), words.given(tag.name, ids.length))}>
            <TagChip tag={tag} />
          </Menu.Item>
        ))}
        {tags.length === 0 && (
          <Menu.Item component="a" {...linkTo('/tags')}>
            {words.none}
          </Menu.Item>
        )}
        {away.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>{words.takeAway}</Menu.Label>
            {away.map(tag => (
              <Menu.Item key={tag.id} onClick={() => run(api.takeAway(entity, ids, tag.id), words.taken(tag.name))}>
                <TagChip tag={tag} />
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

export function ColorField({ value, change, label }: { value: string; change: (color: string) => void; label: string }) {
  return (
    <fieldset className={css.colors}>
      <legend>{label}</legend>
      {colors.map(color => (
        <label key={color} className={css.color} data-color={color} title={texts.things.color[color]}>
          <input type="radio" name="color" value={color} checked={value === color} onChange={() => change(color)} aria-label={texts.things.color[color]} />
        </label>
      ))}
    </fieldset>
  );
}

export const ColorDot = ({ color }: { color: string }) => <span className={css.dot} data-color={color} title={texts.things.color[color]} />;
