// SPDX-License-Identifier: BSD-2-Clause
// The API's description of itself, read when the first form or page asks for it and kept.

import type { Document } from '../openapi';
import { useRemote, type Remote } from '../remote';

async function read(): Promise<Document> {
  const answer = await fetch('/api/openapi.json', { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()) as Document;
}

export const useApi = (): Remote<Document> => useRemote('openapi', read);
