// SPDX-License-Identifier: BSD-2-Clause
// What NetVisor knows services by: each with its logo, what it is, how it is recognised, and how many there are here.

import { IconBook2 } from '@tabler/icons-react';
import { useMemo } from 'react';

import { useViews } from '../../live';
import { linkTo } from '../../navigate';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { ThingCard } from '../../parts/Manage';
import { Shape } from '../../parts/Shape';
import { categories, describeService } from '../../services/catalogue';
import { definitions, type Definition } from '../../services/details';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import css from './Definitions.module.css';
import { ruleText } from './rule';

const words = texts.definitions;

interface Row {
  id: string;
  definition: Definition;
  how: string;
  text: string;
  count: number;
}

const categoryTitle = (id: string) => categories.get(id)?.title ?? id;

const known = definitions.map(definition => {
  const how = ruleText(definition.match);
  return { id: definition.id, definition, how, text: `\n${[definition.name, definition.description, categoryTitle(definition.category), how].join('\n')}\n`.toLowerCase() };
});

// How many services of this network are described by each.
function useRowsHere(): Row[] {
  const views = useViews('service');
  const services = views.allServices();
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const { service } of services) {
      const id = describeService(service).definition?.id;
      if (id) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return known.map(row => ({ ...row, count: counts.get(row.id) ?? 0 }));
  }, [services]);
}

function Category({ id }: { id: string }) {
  const category = categories.get(id);
  return (
    <span className={css.category}>
      {category && <Shape name={category.icon} size={16} />}
      {categoryTitle(id)}
    </span>
  );
}

function Name({ row }: { row: Row }) {
  const { definition } = row;
  return (
    <span className={css.name}>
      <span className={css.logo}>
        <Shape name={definition.logo ? `logo:${definition.logo}` : (definition.icon ?? categories.get(definition.category)?.icon ?? 'server')} size={19} />
      </span>
      <span className="cut">{definition.name}</span>
    </span>
  );
}

const Here = ({ row }: { row: Row }) =>
  row.count ? (
    <a data-row className="link figures" title={words.hereHint(row.definition.name)} {...linkTo(`/services?definition=${encodeURIComponent(row.id)}`)}>
      {words.count(row.count)}
    </a>
  ) : (
    <span className="dim">{words.count(0)}</span>
  );

const columns: Column<Row>[] = [
  { id: 'name', title: words.name, min: 11, grow: 1.3, compare: (a, b) => compareText(a.definition.name, b.definition.name), cell: row => <Name row={row} />, text: row => row.definition.name },
  { id: 'category', title: words.category, min: 9, grow: 0.9, compare: (a, b) => compareText(categoryTitle(a.definition.category), categoryTitle(b.definition.category)), cell: row => <Category id={row.definition.category} />, text: row => categoryTitle(row.definition.category) },
  { id: 'description', title: words.description, min: 14, grow: 3, compare: (a, b) => compareText(a.definition.description, b.definition.description), cell: row => <span title={row.definition.description}>{row.definition.description}</span>, text: row => row.definition.description },
  { id: 'how', title: words.how, min: 11, grow: 1.8, compare: (a, b) => compareText(a.how, b.how), cell: row => <span title={row.how} className={row.definition.match ? undefined : 'dim'}>{row.how}</span>, text: row => row.how },
  { id: 'here', title: words.here, min: 7, grow: 0.5, end: true, descending: true, compare: byNumber(row => row.count), cell: row => <Here row={row} />, text: row => String(row.count) },
];

const fields: Field<Row>[] = [
  wordField('category', words.category, row => row.definition.category, categoryTitle),
  wordField('kind', words.kind, row => (row.definition.is_generic ? 'generic' : 'product'), key => words.kinds[key] ?? key),
  wordField('used', words.used, row => (row.count ? 'here' : 'not'), key => words.uses[key] ?? key),
];

export default function DefinitionsPage({ params }: { params: URLSearchParams }) {
  const rows = useRowsHere();
  return (
    <ListPage
      title={words.title}
      one={words.one}
      placeholder={words.filter}
      rows={rows}
      columns={columns}
      fields={fields}
      order="name"
      params={params}
      text={row => row.text}
      card={row => (
        <ThingCard title={<Name row={row} />} aside={<Here row={row} />}>
          <span className={css.about}>
            <Category id={row.definition.category} />
            <span className="cut" title={row.definition.description}>
              {row.definition.description}
            </span>
          </span>
        </ThingCard>
      )}
      cardRem={6.5}
      empty={<Empty icon={<IconBook2 aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />}
    />
  );
}
