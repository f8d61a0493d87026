// SPDX-License-Identifier: BSD-2-Clause
// What went wrong, in a sentence: the collector's own words where it said something. Pure.

import { ApiError } from './api/request';
import { texts } from './texts';

const words = texts.errors;

export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return words.unknown;
  const first = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

// `"cron" must be …` is about the field that it stands beside: its name is not repeated there.
const aboutField = /^(?:"[a-z0-9_.]+"|[a-z0-9_]+(?:\.[a-z0-9_]+)*:)\s*/;

export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return sentence(String(error));
  if (error.status === 0) return words.away;
  if (error.status === 412) return words.conflict;
  if (error.status === 401) return words.signedOut;
  if (error.status === 413) return words.tooLarge;
  if (error.status === 429) return sentence(error.message || words.tooMany);
  const text = error.field ? error.message.replace(aboutField, '') : error.message;
  const said = sentence(text.startsWith('must') ? `${words.it} ${text}` : text);
  const mend = error.status === 404 ? words.gone : error.status === 410 ? words.tooOld : error.status >= 500 ? words.again : '';
  return mend ? `${said} ${mend}` : said;
}
