// SPDX-License-Identifier: BSD-2-Clause
// What NetVisor knows services by, and one's own: each with its logo, what it is, how it is recognised, and how many there are here.

import { IconBook2 } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { definitions as api, type DefinitionRow } from '../../api';
import { useViews } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { iconOf } from '../../own';
import { Chip, type Tone } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { Shape } from '../../parts/Shape';
import { useRemote } from '../../remote';
import { categories, describeService } from '../../services/catalogue';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import css from './Definitions.module.css';
import type { Draft } from './draft';
import { EditDefinition } from './EditDefinition';
import { ConcludingAnew } from './progress';
import { ruleText } from './rule';

const words = texts.definitions;

interface Row {
  id: string; // of its origin too: one's own may have a built-in one's id
  of: DefinitionRow;
  name: string;
  category: string;
  description: string;
  state: 'used' | 'fault' | 'replaced';
  how: string;
  text: string;
  count: number;
}

const categoryTitle = (id: string) => categories.get(id)?.title ?? id;

function rowOf(of: DefinitionRow): Row {
  const how = ruleText(of.definition?.match);
  const [name, category, description] = [of.name ?? of.id, of.category ?? 'Custom', of.description ?? ''];
  const text = `\n${[name, of.id, description, categoryTitle(category), how, of.fault].filter(Boolean).join('\n')}\n`.toLowerCase();
  return { id: `${of.origin}:${of.id}`, of, name, category, description, state: of.fault ? 'fault' : of.replaced ? 'replaced' : 'used', how, text, count: 0 };
}

// How many services of this network are described by each that is used.
function useRowsHere(list: readonly DefinitionRow[] | null): Row[] | null {
  const views = useViews('service');
  const services = views.allServices();
  const rows = useMemo(() => list?.map(rowOf) ?? null, [list]);
  return useMemo(() => {
    if (!rows) return null;
    const counts = new Map<string, number>();
    for (const { service } of services) {
      const id = describeService(service).definition?.id;
      if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return rows.map(row => (row.state === 'used' ? { ...row, count: counts.get(row.of.id) ?? 0 } : row));
  }, [rows, services]);
}

function Category({ id }: { id: string }) {
  const category = categories.get(id);
  return (
    <span className={css.category}>
      {category && <Shape name={category.icon} size={16} />}
      <span className={css.word}>{categoryTitle(id)}</span>
    </span>
  );
}

function Name({ row }: { row: Row }) {
  return (
    <span className={css.name} title={row.name}>
      <span className={css.logo}>
        <Shape name={iconOf(row.of)} size={19} />
      </span>
      <RowLink id={row.id}>{row.name}</RowLink>
    </span>
  );
}

const tones: Record<DefinitionRow['origin'], Tone> = { 'built-in': 'plain', 'directory': 'accent', 'own': 'accent' };

// Where it is from, and whether it is used.
const Origin = ({ row }: { row: Row }) => (
  <span className={css.category}>
    <Chip tone={tones[row.of.origin]} title={words.originHint[row.of.origin]}>{words.origins[row.of.origin] ?? row.of.origin}</Chip>
    {row.state === 'fault' && <Chip tone="bad" title={row.of.fault ?? undefined}>{words.states.fault}</Chip>}
    {row.state === 'replaced' && <Chip title={words.replacedHint}>{words.states.replaced}</Chip>}
  </span>
);

const Here = ({ row }: { row: Row }) =>
  row.count ? (
    <a data-row className="link figures" title={words.hereHint(row.name)} {...linkTo(`/services?definition=${encodeURIComponent(row.of.id)}`)}>
      {words.count(row.count)}
    </a>
  ) : (
    <span className="dim">{words.count(0)}</span>
  );

const columns: Column<Row>[] = [
  { id: 'name', title: words.name, min: 11, grow: 1.3, compare: (a, b) => compareText(a.name, b.name), cell: row => <Name row={row} />, text: row => row.name },
  { id: 'origin', title: words.origin, min: 6, grow: 0.6, compare: (a, b) => compareText(b.of.origin, a.of.origin), cell: row => <Origin row={row} />, text: row => words.origins[row.of.origin] ?? row.of.origin },
  { id: 'category', title: words.category, min: 9, grow: 0.9, compare: (a, b) => compareText(categoryTitle(a.category), categoryTitle(b.category)), cell: row => <Category id={row.category} />, text: row => categoryTitle(row.category) },
  { id: 'description', title: words.description, min: 12, grow: 2.6, compare: (a, b) => compareText(a.description, b.description), cell: row => <span title={row.description}>{row.description}</span>, text: row => row.description },
  { id: 'how', title: words.how, min: 11, grow: 1.8, compare: (a, b) => compareText(a.how, b.how), cell: row => <span title={row.how} className={row.of.definition?.match ? undefined : 'dim'}>{row.how}</span>, text: row => row.how },
  { id: 'here', title: words.here, min: 7, grow: 0.5, end: true, descending: true, compare: byNumber(row => row.count), cell: row => <Here row={row} />, text: row => String(row.count) },
];

const fields: Field<Row>[] = [
  wordField('category', words.category, row => row.category, categoryTitle),
  wordField('origin', words.origin, row => row.of.origin, key => words.origins[key] ?? key),
  wordField('state', words.state, row => row.state, key => words.states[key] ?? key),
  wordField('kind', words.kind, row => (row.of.is_generic ? 'generic' : 'product'), key => words.kinds[key] ?? key),
  wordField('used', words.used, row => (row.count ? 'here' : 'not'), key => words.uses[key] ?? key),
];

export default function DefinitionsPage({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const { value, problem } = useRemote('definitions', api.list);
  const rows = useRowsHere(value?.rows ?? null);
  const [like, setLike] = useState<DefinitionRow | null>(null);
  const edited = rows?.find(row => row.id === edit.id);
  const begin = (from: DefinitionRow | null) => {
    setLike(from);
    edit.open(NEW);
  };
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={rows}
        problem={problem}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={row => row.text}
        above={<ConcludingAnew />}
        add={rights.manage ? { title: words.add, run: () => begin(null) } : undefined}
        card={row => (
          <ThingCard title={<Name row={row} />} aside={<Here row={row} />}>
            <span className={css.about}>
              <span className={css.category}><Category id={row.category} /> <Origin row={row} /></span>
              <span className="cut" title={row.description}>
                {row.description}
              </span>
            </span>
          </ThingCard>
        )}
        cardRem={6.5}
        empty={<Empty icon={<IconBook2 aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />}
      />
      {value && (edit.isNew || edited) && (
        <EditDefinition
          key={edited ? `${edited.id} ${edited.of.revision}` : `${NEW} ${like?.id ?? ''}`}
          row={edited?.of ?? null}
          like={edit.isNew ? ((like?.definition as Draft | undefined) ?? null) : null}
          id={like?.origin === 'built-in' ? like.id : ''}
          all={value.rows}
          copy={begin}
          close={edit.close}
        />
      )}
    </>
  );
}
