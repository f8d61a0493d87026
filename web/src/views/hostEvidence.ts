// SPDX-License-Identifier: BSD-2-Clause
// The evidence for a host, as its page reads it.

import { useEffect, useRef, useState } from 'react';

import { hosts, type Evidence } from '../api';
import { errorText } from '../errors';
import type { HostView } from '../state/selectors';

const EVIDENCE_PAUSE_MS = 1500;
const AGAIN_S = 15; // what it says anew changes nothing else of it; so as long as it is heard, it is read again this often

export interface EvidenceState {
  rows: readonly Evidence[] | null;
  problem: string | null;
  again: () => void;
}

// Read when the page opens, and again a moment after what it explains has changed.
export function useEvidence(view: HostView): EvidenceState {
  const [rows, setRows] = useState<readonly Evidence[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const first = useRef(true);
  const about = [view.title, Math.floor(view.host.last_seen / AGAIN_S), JSON.stringify(view.host.device), ...view.addresses, ...view.macs, ...view.services.map(service => `${service.id} ${service.state}`)].join();
  useEffect(() => {
    let current = true;
    const read = () =>
      hosts.evidence(view.id).then(
        answer => {
          if (!current) return;
          setRows(answer);
          setProblem(null);
        },
        (error: unknown) => current && setProblem(errorText(error)),
      );
    const timer = setTimeout(() => void read(), first.current ? 0 : EVIDENCE_PAUSE_MS);
    first.current = false;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [view.id, about, attempt]);
  return { rows, problem, again: () => setAttempt(count => count + 1) };
}
