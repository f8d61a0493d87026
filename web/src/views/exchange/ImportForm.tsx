// SPDX-License-Identifier: BSD-2-Clause
// A file or a pasted table: first what it would do, then it is done.

import { Button, FileButton, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';

import { imports, type Import, type ImportAsked, type ImportPreview } from '../../api';
import { errorText } from '../../errors';
import { say } from '../../parts/overlay';
import { Section } from '../../parts/Section';
import { changed } from '../../remote';
import { texts } from '../../texts';
import css from './Exchange.module.css';
import { Preview } from './Preview';

const words = texts.exchange;
const BYTES_MAX = 16 << 20;
const AGAIN_MS = 700;

const wait = (ms: number) => new Promise(done => setTimeout(done, ms));

// Until it is done, one way or the other; the list below shows how far it is.
async function follow(started: Import): Promise<Import> {
  let row = started;
  while (row.state === 'running') {
    await wait(AGAIN_MS);
    row = await imports.get(row.id);
    changed('imports');
  }
  return row;
}

export function ImportForm({ network }: { network: string }) {
  const [file, setFile] = useState<File | null>(null);
  const [pasted, setPasted] = useState('');
  const [format, setFormat] = useState('auto');
  const [at, setAt] = useState('');
  const [vlan, setVlan] = useState<number | null>(null);
  const [plan, setPlan] = useState<ImportPreview | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  const blob = file ?? (pasted.trim() ? new Blob([pasted]) : null);
  const asked: ImportAsked = { network_id: network, format, name: (file?.name ?? words.pasted).slice(0, 100), at: at ? Date.parse(at) / 1000 : null, vlan };
  // What was looked at is not what would be done any more.
  const change = <T,>(set: (value: T) => void) => (value: T) => {
    setPlan(null);
    setProblem('');
    set(value);
  };
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    try {
      await work();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const look = () => {
    if (!blob) return setProblem(words.empty);
    if (blob.size > BYTES_MAX) return setProblem(words.tooLarge);
    void run(async () => setPlan(await imports.preview(blob, asked)));
  };
  const start = () =>
    void run(async () => {
      const started = await imports.start(blob!, asked);
      changed('imports');
      const row = await follow(started);
      if (row.state !== 'done') return setProblem(row.error ?? words.failed);
      say(words.imported(row.hosts));
      setFile(null);
      setPasted('');
      setPlan(null);
    });
  return (
    <Section title={words.importTitle} hint={words.importHint}>
      <div className={css.fields}>
        <div className={css.line}>
          <FileButton onChange={change(setFile)} inputProps={{ 'aria-label': words.choose }}>
            {props => (
              <Button {...props} variant="default" leftSection={<IconFileImport size={16} aria-hidden />}>
                {file ? words.another : words.choose}
              </Button>
            )}
          </FileButton>
          {file && <span className={css.file}>{file.name}</span>}
        </div>
        {!file && <Textarea label={words.paste} description={words.pasteHint} autosize minRows={3} maxRows={8} value={pasted} onChange={event => change(setPasted)(event.currentTarget.value)} classNames={{ input: 'mono' }} spellCheck={false} />}
        <div className={css.options}>
          <Select label={words.format} allowDeselect={false} value={format} onChange={value => change(setFormat)(value ?? 'auto')} data={Object.entries(words.formats).map(([value, label]) => ({ value, label }))} />
          <TextInput label={words.at} description={words.atHint} type="datetime-local" value={at} onChange={event => change(setAt)(event.currentTarget.value)} />
          <NumberInput label={words.vlan} description={words.vlanHint} min={1} max={4094} allowDecimal={false} value={vlan ?? ''} onChange={value => change(setVlan)(typeof value === 'number' ? value : null)} />
        </div>
        <p role="alert" className={css.problem}>
          {problem}
        </p>
        {plan && <Preview plan={plan} />}
        <div className={css.line}>
          {plan ? (
            <Button loading={busy} onClick={start}>
              {words.doIt}
            </Button>
          ) : (
            <Button loading={busy} variant="light" onClick={look}>
              {words.look}
            </Button>
          )}
        </div>
      </div>
    </Section>
  );
}
