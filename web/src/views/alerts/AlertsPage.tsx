// SPDX-License-Identifier: BSD-2-Clause
import { Page } from '../../parts/Page';
import { texts } from '../../texts';

export default function AlertsPage() {
  return <Page title={texts.nav.alerts}>{null}</Page>;
}
