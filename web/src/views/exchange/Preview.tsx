// SPDX-License-Identifier: BSD-2-Clause
// What a file would do: how much of it is new, the first of what it holds, and what is left out.

import type { ImportPreview } from '../../api';
import { useViews } from '../../live';
import { Chip, Mac } from '../../parts/Chips';
import { Grid } from '../../parts/Section';
import { texts } from '../../texts';
import { End } from '../Flows';
import css from './Exchange.module.css';

const words = texts.exchange;
const SHOWN = 12;

export function Preview({ plan }: { plan: ImportPreview }) {
  const views = useViews('host', 'interface');
  const { would } = plan;
  const known = new Map(would.known.map(each => [`${each.mac} ${each.ip}`, each]));
  const rows = plan.sample.slice(0, SHOWN);
  return (
    <div className={css.plan} role="status">
      <p>
        <strong>{words.would(would.hosts, would.new_hosts)}</strong> {would.services > 0 && <strong>{words.wouldPorts(would.services, would.new_services)}</strong>}
      </p>
      <p className="dim">{words.readAs(words.formats[plan.format] ?? plan.format)}</p>
      <Grid
        label={words.first}
        head={[words.address, words.mac, texts.hosts.name, words.known]}
        rows={rows.map((row, i) => {
          const host = known.get(`${row.mac ?? null} ${row.ip ?? null}`);
          return {
            id: `${i}`,
            cells: [
              row.ip ? <span key="ip" className="mono">{row.ip}</span> : null,
              row.mac ? <Mac key="mac" mac={row.mac} /> : null,
              row.name ?? null,
              host ? <End key="host" id={views.host(host.host_id) ? host.host_id : null} title={host.host_name ?? texts.hosts.unnamed} ip="" /> : <Chip key="new" tone="live">{words.isNew}</Chip>,
            ],
          };
        })}
      />
      {plan.rows > rows.length && <p className="dim">{words.moreRows(plan.rows - rows.length)}</p>}
      {plan.columns_unused.length > 0 && <p className="dim">{words.unused(plan.columns_unused.join(', '))}</p>}
      {plan.skipped > 0 && (
        <div>
          <p>{words.skipped(plan.skipped)}</p>
          <ul className={css.problems}>
            {plan.problems.map(({ line, text }) => (
              <li key={`${line} ${text}`}>
                {words.line(line)}: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
