// SPDX-License-Identifier: BSD-2-Clause
// A view that breaks leaves the rest of the house standing.

import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';

import { texts } from '../texts';
import { Empty } from './Empty';
import { Page } from './Page';

export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Page title={texts.broken.page}>
        <Empty title={texts.broken.title} hint={texts.broken.hint}>
          <Button onClick={() => location.reload()}>{texts.broken.reload}</Button>
        </Empty>
      </Page>
    );
  }
}
