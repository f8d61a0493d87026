// SPDX-License-Identifier: BSD-2-Clause
import { Page } from '../../parts/Page';
import { texts } from '../../texts';

export default function TrafficPage() {
  return <Page title={texts.nav.traffic}>{null}</Page>;
}
