// SPDX-License-Identifier: BSD-2-Clause
// API keys: those of sensors for whoever manages them, and one's own. A key is shown once, when it is made.

import { SegmentedControl } from '@mantine/core';

import { useRights } from '../../me';
import { setParams } from '../../navigate';
import { texts } from '../../texts';
import { MyKeys } from './MyKeys';
import { SensorKeys } from './SensorKeys';

const words = texts.people.keys;

export default function Keys({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const show = !rights.manage || params.get('show') === 'mine' ? 'mine' : 'sensors';
  const tools = rights.manage && <SegmentedControl aria-label={words.title} value={show} onChange={value => setParams({ show: value === 'sensors' ? null : value, edit: null, q: null })} data={[{ value: 'sensors', label: words.show.sensors }, { value: 'mine', label: words.show.mine }]} />;
  return show === 'mine' ? <MyKeys params={params} tools={tools} /> : <SensorKeys params={params} tools={tools} />;
}
