// SPDX-License-Identifier: BSD-2-Clause
// What the parts of the page have in their hands.

import type { RefObject } from 'react';

import type { PanelName } from '../../topology/session/address';
import type { Session } from '../../topology/session/useTopology';
import type { Hit, PictureHandle } from './picture/Picture';

export interface Desk {
  session: Session;
  picture: RefObject<PictureHandle | null>;
  find: RefObject<HTMLInputElement | null>;
  hit: Hit | null; // how the selected thing was chosen
  select(id: string | null, hit?: Hit | null): void;
  show(id: string): boolean; // select it and fly there; false when it is not in the picture
  panel(name: PanelName | null): void;
  timeOpen: boolean;
  toggleTime(): void;
  setMarked(ids: ReadonlySet<string> | null): void;
  help(): void;
  full: boolean;
  setFull(full: boolean): void;
}
