// SPDX-License-Identifier: BSD-2-Clause
// What was concluded of a host, read when somebody asks why, and again when it has become something else.

import { useEffect, useRef } from 'react';

import { recognition, type Conclusions, type ServiceConclusion } from '../../api';
import { changed, useRemote, type Remote } from '../../remote';
import type { Service } from '../../state/entities';
import type { HostView } from '../../state/selectors';

export function useConclusions(view: HostView): Remote<Conclusions> {
  const key = `conclusions ${view.id}`;
  const remote = useRemote(key, () => recognition.conclusions(view.id));
  const about = JSON.stringify([view.host.device, ...view.services.map(({ id, definition, certainty }) => [id, definition, certainty])]);
  const was = useRef(about);
  useEffect(() => {
    if (was.current === about) return;
    was.current = about;
    changed(key);
  }, [key, about]);
  return remote;
}

// What was concluded of one service: what names it first, then what else is said of its port.
export function conclusionsOf(all: readonly ServiceConclusion[], service: Service): ServiceConclusion[] {
  const port = service.port === null ? null : `${service.port}/${service.proto}`;
  const about = all.filter(each => each.service_id === service.id || each.service_ids?.includes(service.id) || (!each.service_ids && port !== null && each.ports.includes(port)));
  return about.sort((a, b) => Number(b.definition === service.definition) - Number(a.definition === service.definition));
}
