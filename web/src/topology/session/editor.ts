// SPDX-License-Identifier: BSD-2-Clause
// Editing a saved topology. What a person does shows at once and is sent one thing after the other; what the collector
// refuses is taken back, in words. Each step can be undone and done again, which is sent like any other step. When somebody
// else has changed it, it is read again and what is still on its way is laid over it.
//
// Without a saved topology there are only options, kept for this person; the first thing placed by hand makes one.

import { ApiError } from '../../api/request';
import type { StepName, Topology, TopologyEntry } from '../../api/topology';
import { applyEdit, inverseOf, joined, sendings, type Edit, type Saved } from './saved';

export interface Backend {
  read(id: string): Promise<Topology>;
  step(id: string, step: StepName, fields: Record<string, unknown>): Promise<TopologyEntry>;
  create(options: Record<string, unknown>): Promise<Topology>;
  now(): number; // seconds
}

export interface EditorEvents {
  changed(): void;
  refused(error: unknown, edit: Edit): void;
  made(saved: Saved): void; // the first manual change has made one
  lost(): void; // it was deleted by somebody else
}

interface Done {
  edit: Edit;
  undo: Edit;
}

interface Waiting {
  edit: Edit;
  done: Done | null; // of the history, that falls with it
}

const HISTORY_MAX = 200;

export class Editor {
  private base: Saved; // as the collector has it, as far as we know
  private view: Saved; // with what is on its way
  private waiting: Waiting[] = [];
  private sending = false;
  private newest = 0; // revision that the feed has told of
  private past: Done[] = [];
  private future: Done[] = [];

  constructor(
    saved: Saved,
    private readonly backend: Backend,
    private readonly events: EditorEvents,
  ) {
    this.base = this.view = saved;
  }

  saved = (): Saved => this.view;
  isKept = (): boolean => this.base.id !== '';
  busy = (): boolean => this.waiting.length > 0;
  canUndo = (): boolean => this.past.length > 0 && !this.view.is_locked;
  canRedo = (): boolean => this.future.length > 0 && !this.view.is_locked;

  do(edit: Edit) {
    const undo = inverseOf(this.view, edit);
    const done = undo && { edit, undo };
    if (done) {
      this.past = [...this.past, done].slice(-HISTORY_MAX);
      this.future = [];
    }
    this.add({ edit, done });
  }

  undo() {
    const done = this.canUndo() ? this.past.pop() : undefined;
    if (!done) return;
    this.future.push(done);
    this.add({ edit: done.undo, done: null });
  }

  redo() {
    const done = this.canRedo() ? this.future.pop() : undefined;
    if (!done) return;
    this.past.push(done);
    this.add({ edit: done.edit, done: null });
  }

  // The feed says that it is at this revision now.
  moved(revision: number) {
    this.newest = Math.max(this.newest, revision);
    if (!this.sending) void this.catchUp();
  }

  private async catchUp() {
    if (!this.isKept() || this.newest <= this.base.revision) return;
    try {
      await this.readAgain();
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.events.lost();
    }
  }

  private add(waiting: Waiting) {
    const last = this.waiting[this.waiting.length - 1];
    // The first of those that wait is on its way, and no longer ours to change.
    const both = last && this.waiting.length > (this.sending ? 1 : 0) ? joined(last.edit, waiting.edit) : null;
    if (both) this.waiting[this.waiting.length - 1] = { edit: both, done: waiting.done ?? last!.done };
    else this.waiting.push(waiting);
    this.show();
    void this.send();
  }

  private show() {
    this.view = this.waiting.reduce((saved, { edit }) => applyEdit(saved, edit, this.backend.now()), this.base);
    this.events.changed();
  }

  private async send() {
    if (this.sending) return;
    this.sending = true;
    while (this.waiting.length) {
      const first = this.waiting[0]!;
      try {
        await this.sendOne(first.edit);
        this.waiting.shift();
      } catch (error) {
        this.waiting.shift();
        this.forget(first);
        if (error instanceof ApiError && error.status === 404) {
          this.waiting = [];
          this.sending = false;
          this.events.lost();
          return;
        }
        // It may have been locked or changed meanwhile: what it is now explains the refusal.
        if (this.isKept()) await this.readAgain().catch(() => {});
        this.events.refused(error, first.edit);
      }
      this.show();
    }
    this.sending = false;
    await this.catchUp();
  }

  private forget({ done }: Waiting) {
    if (!done) return;
    this.past = this.past.filter(each => each !== done);
    this.future = this.future.filter(each => each !== done);
  }

  private async sendOne(edit: Edit) {
    if (!this.isKept()) {
      if (edit.kind === 'options') {
        this.base = applyEdit(this.base, edit, this.backend.now());
        return;
      }
      this.base = await this.backend.create(this.base.options);
      this.show();
      this.events.made(this.view);
    }
    for (const sending of sendings(this.base, edit)) {
      const { id, revision } = this.base;
      const answer = await this.backend.step(id, sending.step, sending.fields);
      const mine = applyEdit(this.base, edit, this.backend.now());
      this.base = { ...answer, nodes: mine.nodes, edges: mine.edges };
      // Between ours and the one before there was somebody else's.
      if (answer.revision > revision + 1) await this.readAgain();
    }
  }

  private async readAgain() {
    const read = await this.backend.read(this.base.id);
    // What was sent while it was read may have been answered first.
    if (read.revision < this.base.revision) return;
    this.base = read;
    this.show();
  }
}
