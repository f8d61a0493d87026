// SPDX-License-Identifier: BSD-2-Clause
// How much of a thing is shown at a zoom. Far: a container is one summary. Middle: its nodes are tiles. Near: cards.
// The thresholds come from the letters: what would be under LETTER_MIN pixels on the screen is not written.

export type Level = 'far' | 'middle' | 'near';

export const LETTER_MIN = 9; // pixels
const MIDDLE_ZOOM = 0.28; // a tile is wide enough for a word
const NEAR_ZOOM = 0.75; // a card's service lines can be read

export const levelAt = (zoom: number): Level => (zoom < MIDDLE_ZOOM ? 'far' : zoom < NEAR_ZOOM ? 'middle' : 'near');
