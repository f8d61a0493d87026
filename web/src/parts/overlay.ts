// SPDX-License-Identifier: BSD-2-Clause
// Questions and notes that any view may raise; Overlays.tsx draws them.

export interface Question {
  title: string;
  text: string;
  act: string; // the button that does it
  danger?: boolean;
}

export interface Note {
  id: number;
  text: string;
  tone: 'good' | 'bad';
  action?: { title: string; run: () => void };
}

interface Overlay {
  question: (Question & { answer: (yes: boolean) => void }) | null;
  notes: readonly Note[];
}

const NOTE_MS = 6000;
const NOTE_WITH_ACTION_MS = 12_000;
const NOTES_MAX = 3;

let state: Overlay = { question: null, notes: [] };
let ids = 0;
const listeners = new Set<() => void>();

function set(change: Partial<Overlay>) {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const overlay = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  state: () => state,
};

export function confirm(question: Question): Promise<boolean> {
  state.question?.answer(false);
  return new Promise(done => {
    const answer = (yes: boolean) => {
      set({ question: null });
      done(yes);
    };
    set({ question: { ...question, answer } });
  });
}

export function dismiss(id: number) {
  set({ notes: state.notes.filter(note => note.id !== id) });
}

export function say(text: string, options: { tone?: 'good' | 'bad'; action?: Note['action'] } = {}) {
  const note: Note = { id: ++ids, text, tone: options.tone ?? 'good', ...(options.action ? { action: options.action } : {}) };
  set({ notes: [...state.notes, note].slice(-NOTES_MAX) });
  setTimeout(() => dismiss(note.id), options.action ? NOTE_WITH_ACTION_MS : NOTE_MS);
}
