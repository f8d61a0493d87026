// SPDX-License-Identifier: BSD-2-Clause
// Takes the picture away: as a picture, as a drawing to go on with, as data, on paper.

import { ActionIcon, Button, Menu, Progress, Tooltip } from '@mantine/core';
import { IconBraces, IconDownload, IconFileTypePdf, IconFileTypeSvg, IconMarkdown, IconPhoto, IconPrinter, IconSchema, IconSun, IconTable, IconTableShare, type Icon } from '@tabler/icons-react';
import { useState } from 'react';

import { MenuChoice } from '../../../parts/MenuChoice';
import { texts } from '../../../texts';
import type { Format, Subject } from '../../../topology/export/make';
import css from './ExportMenu.module.css';
import { useExport, type Running } from './useExport';
import { usePrint } from './usePrint';

const words = texts.export;

interface Offer {
  format: Format;
  icon: Icon;
  title: string;
  hint: string;
}

const offers: { title: string; offers: Offer[] }[] = [
  {
    title: words.pictures,
    offers: [
      { format: 'png', icon: IconPhoto, title: words.png, hint: words.pngHint },
      { format: 'svg', icon: IconFileTypeSvg, title: words.svg, hint: words.svgHint },
      { format: 'pdf', icon: IconFileTypePdf, title: words.pdf, hint: words.pdfHint },
    ],
  },
  {
    title: words.drawings,
    offers: [
      { format: 'drawio', icon: IconSchema, title: words.drawio, hint: words.drawioHint },
      { format: 'mermaid', icon: IconMarkdown, title: words.mermaid, hint: words.mermaidHint },
    ],
  },
  {
    title: words.tables,
    offers: [
      { format: 'things', icon: IconTable, title: words.things, hint: words.thingsHint },
      { format: 'edges', icon: IconTableShare, title: words.edges, hint: words.edgesHint },
      { format: 'json', icon: IconBraces, title: words.json, hint: words.jsonHint },
    ],
  },
];

const isDark = () => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark';

// quiet: among other tools of a bar.
export function ExportMenu({ quiet = false, ...subject }: Subject & { quiet?: boolean }) {
  const { running, start } = useExport(subject);
  const [light, setLight] = useState(false);
  usePrint(subject);
  const dark = isDark();
  const nothing = subject.graph.nodes.size + subject.graph.containers.size === 0;
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={300}>
        <Menu.Target>
          <Tooltip label={nothing ? words.nothing : words.menu}>
            <ActionIcon {...(quiet ? { variant: 'subtle', color: 'gray', size: 34 } : { variant: 'default', size: 36 })} aria-label={words.menu} loading={running !== null} disabled={nothing}>
              <IconDownload size={18} stroke={1.7} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown className={css.menu}>
          {offers.map(group => (
            <div key={group.title} role="group" aria-label={group.title}>
              <Menu.Label>{group.title}</Menu.Label>
              {group.offers.map(offer => (
                <Menu.Item key={offer.format} leftSection={<offer.icon size={18} stroke={1.6} aria-hidden />} onClick={() => start(offer.format, dark && !light)}>
                  <Words title={offer.title} hint={offer.hint} />
                </Menu.Item>
              ))}
            </div>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPrinter size={18} stroke={1.6} aria-hidden />} onClick={() => setTimeout(() => print(), 0)}>
            <Words title={words.print} hint={words.printHint} />
          </Menu.Item>
          {dark && (
            <MenuChoice on={light} toggle={() => setLight(!light)} left={<IconSun size={18} stroke={1.6} aria-hidden />} right={light ? '✓' : null}>
              {words.light}
            </MenuChoice>
          )}
        </Menu.Dropdown>
      </Menu>
      {running && <Panel {...running} />}
    </>
  );
}

export default ExportMenu;

const Words = ({ title, hint }: { title: string; hint: string }) => (
  <span className={css.words}>
    <span>{title}</span>
    <span className={css.hint}>{hint}</span>
  </span>
);

function Panel({ format, share, cancel }: Running) {
  const percent = Math.floor(share * 100);
  const label = words.working(words.what[format]);
  return (
    <div className={css.panel} role="group" aria-label={label}>
      <div className={css.line}>
        <span role="status">{label}</span>
        <span className={css.percent}>{words.share(percent)}</span>
      </div>
      <Progress value={percent} size="sm" aria-label={label} transitionDuration={0} />
      <Button size="compact-sm" variant="default" onClick={cancel}>
        {texts.cancel}
      </Button>
    </div>
  );
}
